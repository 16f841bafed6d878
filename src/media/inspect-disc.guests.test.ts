import { describe, expect, it } from 'vitest';
import { guestPath } from '../lib/testing/guests.ts';
import { inspectDisc } from './inspect-disc.ts';
import { openFile } from './testing/blob-file.ts';

/** The real discs that the machine is tested with. */
describe('inspectDisc on real discs', () => {
  const inspectGuest = async (name: string, skip: (note: string) => never) => {
    const path = guestPath(name) ?? skip(`${name} is not on this computer`);
    return inspectDisc(await openFile(path));
  };

  it('knows a disc laid out like Microsoft’s Windows 7 x86 SP1', async (ctx) => {
    const report = await inspectGuest('win7-x86-udf.iso', ctx.skip);
    expect(report).toMatchObject({
      verdict: 'runs',
      label: 'GSP1RMCPRFRER_EN_DVD',
      bootable: true,
      fileSystems: ['iso9660', 'udf'],
      windows: {
        name: 'Windows 7',
        release: 'SP1',
        build: '6.1.7601.17514',
        servicePack: 1,
        architecture: 'x86',
        languages: ['en-US'],
        answerEdition: 'Professional',
      },
    });
    expect(report.windows?.editions.map(({ editionId }) => editionId)).toEqual([
      'Starter',
      'HomeBasic',
      'HomePremium',
      'Professional',
      'Ultimate',
    ]);
    expect(report.reasons.map(({ code }) => code)).toEqual(['windows/made-for', 'windows/setup-not-shown']);
    expect(report.bytesRead).toBeLessThan(4_000_000);
  });

  for (const name of ['linux-live.iso', 'linux-disktest.iso']) {
    it(`knows ${name} as a Linux that may run`, async (ctx) => {
      const report = await inspectGuest(name, ctx.skip);
      expect(report).toMatchObject({ verdict: 'may-run', bootable: true, windows: null });
      expect(report.system?.id).toBe('linux');
      expect(report.fileSystems).toEqual(['iso9660', 'joliet', 'rock-ridge']);
    });
  }

  it('knows memtest86+ as a memory test', async (ctx) => {
    const report = await inspectGuest('memtest.iso', ctx.skip);
    expect(report.system?.id).toBe('memory-test');
    expect(report.verdict).toBe('may-run');
  });
});
