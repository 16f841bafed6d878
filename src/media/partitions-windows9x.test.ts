import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MemorySource } from '../bytes/byte-source.ts';
import { hardwareForDisk } from '../machine/plan-disk.ts';
import { inspectDiskImage } from './disk-images/inspect-disk-image.ts';
import { makeProgram } from './disk-images/testing/make-disks.ts';
import { inFolder } from './disk-images/testing/qemu-image.ts';
import { run, toolMissing } from './disk-images/testing/tools.ts';

const MIB = 1 << 20;
const X86 = 0x14c;
const DOS = { 'IO.SYS': 'x', 'MSDOS.SYS': '[Paths]\r\nWinDir=C:\\WINDOWS\r\n', 'COMMAND.COM': 'x' };

type Files = Record<string, string | Uint8Array>;

/** A disk with code, and one active FAT partition that mtools made and filled. */
function fatDisk(sizeMiB: number, type: number, files: Files, ...format: string[]): Uint8Array {
  return inFolder((folder) => {
    const path = join(folder, 'disk');
    writeFileSync(path, '');
    truncateSync(path, sizeMiB * MIB);
    const volume = `${path}@@${MIB}`;
    const sectors = (sizeMiB - 1) * 2048;
    run('mformat', [
      '-i',
      volume,
      '-T',
      String(sectors),
      '-h',
      '64',
      '-s',
      '32',
      '-H',
      '2048',
      ...format,
      '::',
    ]);
    const made = new Set<string>();
    for (const [name, contents] of Object.entries(files)) {
      const parts = name.split('/');
      for (let depth = 1; depth < parts.length; depth++) {
        const directory = parts.slice(0, depth).join('/');
        if (!made.has(directory)) run('mmd', ['-i', volume, `::/${directory}`]);
        made.add(directory);
      }
      mkdirSync(join(folder, 'files'), { recursive: true });
      writeFileSync(join(folder, 'files', 'one'), contents);
      run('mcopy', ['-i', volume, join(folder, 'files', 'one'), `::/${name}`]);
    }
    const bytes = new Uint8Array(readFileSync(path));
    const view = new DataView(bytes.buffer);
    bytes.set([0x33, 0xc0, 0x8e, 0xd0]);
    bytes[446] = 0x80;
    bytes[450] = type;
    view.setUint32(454, 2048, true);
    view.setUint32(458, sectors, true);
    view.setUint16(510, 0x55aa);
    return bytes;
  });
}

async function judge(bytes: Uint8Array) {
  const report = await inspectDiskImage(new MemorySource(bytes, 'old.img'));
  const { verdict, windows } = report;
  const { memoryMiB } = hardwareForDisk(report);
  return {
    verdict,
    windows: windows?.name ?? null,
    memoryMiB,
    codes: report.reasons.map(({ code }) => code),
  };
}

/** Some names before the ones that are looked for, so that directories need several clusters. */
const others = (folder: string): Files =>
  Object.fromEntries(Array.from({ length: 70 }, (_, at) => [`${folder}/FILE${at}.DLL`, 'x']));

const windows9x = (folder: string, version?: [number, number, number, number]): Files => ({
  ...others(`${folder}/SYSTEM`),
  [`${folder}/WIN.COM`]: 'x',
  [`${folder}/SYSTEM/VMM32.VXD`]: 'x',
  ...(version && { [`${folder}/SYSTEM/KERNEL32.DLL`]: makeProgram(X86, version) }),
});

describe.skipIf(toolMissing('mformat', 'mmd', 'mcopy'))('a system on FAT', () => {
  const KINDS: [fat: string, sizeMiB: number, type: number, ...format: string[]][] = [
    ['FAT12', 6, 1],
    ['FAT16', 20, 6],
    ['FAT32', 40, 0x0c, '-F', '-c', '1'],
  ];

  test.each(KINDS)('%s: Windows 95, 98 and Me get 128 MiB', async (_, ...kind) => {
    const unknown = await judge(
      fatDisk(kind[0], kind[1], { ...DOS, ...windows9x('WINDOWS') }, ...kind.slice(2).map(String)),
    );
    expect(unknown).toEqual({
      verdict: 'runs',
      windows: 'Windows 95, 98 / Me',
      memoryMiB: 128,
      codes: ['windows/little-memory'],
    });
    const me = { ...DOS, ...windows9x('WINDOWS', [4, 90, 3000, 0]) };
    expect(await judge(fatDisk(kind[0], kind[1], me, ...kind.slice(2).map(String)))).toMatchObject({
      windows: 'Windows Me',
      memoryMiB: 128,
    });
  });

  test('the folder is the one that MSDOS.SYS names', async () => {
    const files = { ...DOS, 'MSDOS.SYS': '[Paths]\r\nWinDir=C:\\SYS\\NEW\r\nWinBootDir=C:\\SYS\\NEW\r\n' };
    const disk = fatDisk(20, 6, { ...files, ...windows9x('SYS/NEW', [4, 0, 950, 0]) });
    expect(await judge(disk)).toMatchObject({ windows: 'Windows 95', memoryMiB: 128 });
    const usual = fatDisk(20, 6, { ...DOS, ...windows9x('WIN98', [4, 10, 2222, 0]) });
    expect(await judge(usual)).toMatchObject({ windows: 'Windows 98', memoryMiB: 128 });
  });

  test.each([
    ['Windows XP', 'WINDOWS', [5, 1, 2600, 5512]],
    ['Windows 2000', 'WINNT', [5, 0, 2195, 1]],
    ['Windows NT 4.0', 'WINNT', [4, 0, 1381, 1]],
  ] as const)('%s is found', async (name, folder, version) => {
    // Windows NT has empty files of DOS's names.
    const files = { 'IO.SYS': '', 'MSDOS.SYS': '', NTLDR: 'x', ...others(`${folder}/SYSTEM32`) };
    const kernel = { [`${folder}/SYSTEM32/NTOSKRNL.EXE`]: makeProgram(X86, [...version]) };
    const disk = fatDisk(40, 0x0c, { ...files, ...kernel }, '-F', '-c', '1');
    expect(await judge(disk)).toEqual({ verdict: 'runs', windows: name, memoryMiB: 512, codes: [] });
  });

  test('DOS, with Windows 3 or without, gets 64 MiB; a stick with nothing on it gets what is usual', async () => {
    const dos = { ...DOS, 'MSDOS.SYS': 'x', 'WINDOWS/WIN.COM': 'x', 'WINDOWS/SYSTEM/KRNL386.EXE': 'x' };
    expect(await judge(fatDisk(20, 6, dos))).toEqual({
      verdict: 'may-run',
      windows: null,
      memoryMiB: 64,
      codes: ['system/dos'],
    });
    const empty = await judge(fatDisk(20, 6, { 'MY.TXT': 'x' }));
    expect(empty).toMatchObject({ windows: null, memoryMiB: 1024, codes: ['system/unknown'] });
  });

  test('any damage still gives a report', { timeout: 240_000 }, async () => {
    for (const [, sizeMiB, type, ...format] of KINDS) {
      const disk = fatDisk(sizeMiB, type, { ...DOS, ...windows9x('WINDOWS', [4, 10, 1998, 0]) }, ...format);
      const place = fc.oneof(
        fc.nat(511).map((at) => MIB + at),
        fc.nat(disk.length - MIB - 1).map((at) => MIB + at),
        fc.nat(200_000).map((at) => MIB + at),
      );
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(place, fc.nat(255), fc.nat(64)), { minLength: 1, maxLength: 6 }),
          async (changes) => {
            const bad = disk.slice();
            for (const [at, value, length] of changes) bad.fill(value, at, at + length);
            const report = await inspectDiskImage(new MemorySource(bad));
            expect(report.format).toBe('raw');
          },
        ),
        { numRuns: 30 },
      );
    }
  });

  test('a chain of clusters that is a ring ends', async () => {
    const disk = fatDisk(20, 6, { ...DOS, ...windows9x('WINDOWS', [4, 10, 1998, 0]) });
    const view = new DataView(disk.buffer);
    const fat = MIB + view.getUint16(MIB + 14, true) * 512;
    // Every cluster leads to itself.
    for (let cluster = 2; cluster < 10_000; cluster++) view.setUint16(fat + cluster * 2, cluster, true);
    const { reasons } = await inspectDiskImage(new MemorySource(disk));
    expect(reasons.map(({ code }) => code)).toContain('system/dos');
  });
});
