import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, type TestContext } from 'vitest';
import { run, toolMissing } from './disk-images/testing/tools.ts';
import { inspectDiskImage } from './disk-images/inspect-disk-image.ts';
import { mediumOf, tellFileKind } from './file-kind.ts';
import { inspectDisc } from './inspect-disc.ts';
import { openFile } from './testing/blob-file.ts';
import { BOOT_IMAGE } from './testing/discs.ts';
import { workFolder, writeTree } from './testing/work-folder.ts';

const WORK = workFolder();
const inWork = (name: string): string => join(WORK, name);

function need(ctx: TestContext, ...programs: string[]): void {
  ctx.skip(toolMissing(...programs), `not installed: one of ${programs.join(', ')}`);
}

const mediumIn = async (name: string) => {
  const source = await openFile(inWork(name));
  return mediumOf(await tellFileKind(source), source);
};

it('floppies as mtools formats them go into the floppy drive, whatever they are called', async (ctx) => {
  need(ctx, 'mformat');
  const formats: [kib: number, ...geometry: number[]][] = [
    [160, 40, 1, 8],
    [180, 40, 1, 9],
    [320, 40, 2, 8],
    [360, 40, 2, 9],
    [720, 80, 2, 9],
    [1200, 80, 2, 15],
    [1440, 80, 2, 18],
    [1680, 80, 2, 21],
    [1722, 82, 2, 21],
    [2880, 80, 2, 36],
  ];
  for (const [kib, tracks, heads, sectors] of formats) {
    for (const name of [`f${kib}.img`, `f${kib}.bin`, `f${kib}.iso`, `f${kib}`]) {
      writeFileSync(inWork(name), Buffer.alloc(kib * 1024));
      run('mformat', ['-i', inWork(name), '-t', `${tracks}`, '-h', `${heads}`, '-s', `${sectors}`, '::']);
      expect(await mediumIn(name), name).toBe('floppy');
    }
    truncateSync(inWork(`f${kib}.img`), kib * 900);
    expect(await tellFileKind(await openFile(inWork(`f${kib}.img`))), `${kib}`).toMatchObject({
      cutFromBytes: kib * 1024,
    });
  }
});

it('a FAT superfloppy of no floppy’s size is a hard disk', async (ctx) => {
  need(ctx, 'mformat');
  writeFileSync(inWork('super.img'), Buffer.alloc(8 * 2 ** 20));
  run('mformat', ['-i', inWork('super.img'), '-t', '16', '-h', '16', '-s', '64', '::']);
  expect(await mediumIn('super.img')).toBe('disk');
  const report = await inspectDiskImage(await openFile(inWork('super.img')));
  expect(report.verdict).not.toBe('not-a-disk');
  expect(report.partitions).toMatchObject([
    { offsetBytes: 0, fileSystem: expect.stringMatching(/fat/iu) as string },
  ]);
});

it('a disk of any format goes to the hard disk under the name of a disc', async (ctx) => {
  need(ctx, 'qemu-img');
  for (const format of ['qcow2', 'vpc', 'vmdk', 'vdi', 'vhdx', 'qed', 'parallels']) {
    const name = `${format}.iso`;
    run('qemu-img', ['create', '-q', '-f', format, inWork(name), '8M']);
    expect(await mediumIn(name), format).toBe('disk');
  }
});

it('a disc that xorriso pads is whole until its last file is cut', async (ctx) => {
  need(ctx, 'xorriso');
  mkdirSync(inWork('tree'));
  writeTree(inWork('tree'), { 'boot/etfsboot.com': BOOT_IMAGE, 'casper/last.squashfs': 'x'.repeat(60_000) });
  const boot = ['-b', 'boot/etfsboot.com', '-no-emul-boot', '-boot-load-size', '4'];
  run('xorriso', ['-as', 'mkisofs', '-quiet', '-J', '-R', '-o', inWork('a.iso'), ...boot, inWork('tree')]);
  const whole = readFileSync(inWork('a.iso'));
  for (const [missing, verdict] of [
    [2048, 'may-run'],
    [4096, 'may-run'],
    [307_200, 'may-run'],
    [307_200 + 4096, 'cannot-run'],
  ] as const) {
    writeFileSync(inWork('short.img'), whole.subarray(0, whole.length - missing));
    const report = await inspectDisc(await openFile(inWork('short.img')));
    const codes = report.reasons.map(({ code }) => code);
    expect([missing, report.verdict]).toEqual([missing, verdict]);
    expect(codes).toContain(verdict === 'may-run' ? 'media/padding-missing' : 'media/truncated');
    expect(await mediumIn('short.img')).toBe('disc');
  }
});
