import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { inspectDisc } from './inspect-disc.ts';
import { isoSource } from './testing/discs.ts';
import { openFile } from './testing/blob-file.ts';

describe('the house disc', () => {
  it('is known by name, and promises nothing about Windows', async () => {
    const path = fileURLToPath(new URL('../../guest/house.iso', import.meta.url));
    const report = await inspectDisc(await openFile(path));
    expect(report).toMatchObject({
      verdict: 'runs',
      label: 'VITRINE_HOUSE',
      bootable: true,
      windows: null,
      system: { id: 'house', name: 'The house disc', architecture: 'x86' },
    });
    expect(report.reasons.map(({ code }) => code)).toEqual(['system/house']);
  });

  it('is more than its label', async () => {
    const report = await inspectDisc(await isoSource({ 'NOTES.TXT': 'x' }, { volumeId: 'VITRINE_HOUSE' }));
    expect(report).toMatchObject({ verdict: 'may-run', system: null });
  });
});
