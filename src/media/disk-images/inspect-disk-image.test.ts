import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MemorySource } from '../../bytes/byte-source.ts';
import { VitrineError } from '../../lib/errors.ts';
import { hardwareForDisk } from '../../machine/plan-disk.ts';
import type { DiskReport } from '../disk-report.ts';
import { inspectDiskImage } from './inspect-disk-image.ts';
import { makeFileSystem, makeProgram, makePartitionedDisk, makeWindowsVolume } from './testing/make-disks.ts';
import { convert, inFolder } from './testing/qemu-image.ts';
import { run, toolMissing } from './testing/tools.ts';

const MIB = 1 << 20;
const inspect = (bytes: Uint8Array): Promise<DiskReport> =>
  inspectDiskImage(new MemorySource(bytes, 'My PC.vhd'));
const codes = (report: DiskReport): string[] => report.reasons.map(({ code }) => code);

/** Code like that of Windows' own boot sector: it needs an active partition. */
function withBootCode(disk: Uint8Array, text = 'Missing operating system'): Uint8Array {
  const copy = disk.slice();
  copy.set([0x33, 0xc0, 0x8e, 0xd0]);
  copy.set(new TextEncoder().encode(text), 100);
  copy.set([0x55, 0xaa], 510);
  return copy;
}

describe.skipIf(toolMissing('sfdisk', 'mkfs.fat', 'mkfs.ext4', 'mkntfs', 'wimlib-imagex'))('disks', () => {
  const windowsDisk = (
    machine: number,
    version: [number, number, number, number],
    files: Record<string, string | Uint8Array> = {},
    active = '*',
  ): Uint8Array =>
    inFolder((folder) => {
      const volume = makeWindowsVolume(folder, makeProgram(machine, version), files);
      const script = `label: dos\nstart=2048, size=49152, type=7${active === '*' ? ', bootable' : ''}\n`;
      return withBootCode(makePartitionedDisk(folder, 26 * MIB, script, [{ offset: MIB, bytes: volume }]));
    });

  test('Windows 7 on an active NTFS partition, in every format', async () => {
    const raw = windowsDisk(0x14c, [6, 1, 7601, 17514]);
    const formats: [string, string[]][] = [
      ['raw', ['-O', 'raw']],
      ['qcow2', ['-c', '-O', 'qcow2']],
      ['vhd', ['-O', 'vpc', '-o', 'force_size=on']],
      ['vdi', ['-O', 'vdi']],
      ['vmdk', ['-O', 'vmdk', '-o', 'subformat=streamOptimized']],
    ];
    for (const [format, args] of formats) {
      const report = await inspect(convert(raw, ...args));
      expect(report).toMatchObject({
        verdict: 'runs',
        format,
        virtualSizeBytes: 26 * MIB,
        partitionTable: 'mbr',
        partitions: [
          {
            offsetBytes: MIB,
            lengthBytes: 24 * MIB,
            type: '07',
            active: true,
            logical: false,
            fileSystem: 'ntfs',
            label: 'System',
          },
        ],
        bootable: true,
        windows: {
          name: 'Windows 7',
          version: '6.1.7601.17514',
          architecture: 'x86',
          hal: null,
          partition: 0,
          hibernated: false,
        },
        profile: { bootOrder: 'disk-first', acpi: true, memoryMiB: 1024 },
      });
      expect(codes(report)).toEqual(['windows/one-processor']);
      expect(report.bytesRead).toBeLessThan(4 * MIB);
    }
  });

  test('other Windows: 64-bit, too new, older, asleep, not active', async () => {
    const sixtyFour = await inspect(windowsDisk(0x8664, [6, 1, 7601, 17514]));
    expect(sixtyFour.verdict).toBe('cannot-run');
    expect(codes(sixtyFour)).toEqual(['arch/x64']);
    const ten = await inspect(windowsDisk(0x14c, [10, 0, 19041, 1]));
    expect([ten.verdict, ten.windows?.name, ...codes(ten)]).toEqual([
      'cannot-run',
      'Windows 10',
      'windows/too-new',
    ]);
    const xp = await inspect(windowsDisk(0x14c, [5, 1, 2600, 5512]));
    expect([xp.verdict, xp.windows?.name, xp.profile]).toEqual([
      'runs',
      'Windows XP',
      { bootOrder: 'disk-first' },
    ]);
    const asleep = await inspect(
      windowsDisk(0x14c, [6, 1, 7601, 17514], { 'hiberfil.sys': 'hibr, and so on' }),
    );
    expect([asleep.verdict, codes(asleep)[0]]).toEqual(['may-run', 'windows/hibernated']);
    const inactive = await inspect(windowsDisk(0x14c, [6, 1, 7601, 17514], {}, ''));
    expect(inactive).toMatchObject({ bootable: false, verdict: 'may-run' });
    expect(codes(inactive)).toContain('boot/no-active');
  });

  test('the hardware that Windows was installed on', async () => {
    const inSystem = (version: [number, number, number, number], names: Record<string, string>) =>
      Object.fromEntries(
        Object.entries(names).map(([name, made]) => [
          `Windows/System32/${name}`,
          makeProgram(0x14c, version, made),
        ]),
      );
    const build = async (version: [number, number, number, number], names: Record<string, string>) =>
      hardwareForDisk(await inspect(windowsDisk(0x14c, version, inSystem(version, names))));
    expect(await build([5, 1, 2600, 5512], { 'hal.dll': 'halaacpi.dll' })).toMatchObject({
      acpi: true,
      apic: true,
    });
    // As `prepare/` makes it: installed with QEMU's APIC, and started here without.
    expect(
      await build([6, 1, 7601, 17514], { 'hal.dll': 'halmacpi.dll', 'halacpi.dll': 'halacpi.dll' }),
    ).toMatchObject({ acpi: true, apic: false });
  });

  test('primary and logical drives with their file systems', async () => {
    const report = await inFolder(async (folder) => {
      const contents = [
        { offset: 1 * MIB, bytes: makeFileSystem(folder, 2 * MIB, 'mkfs.fat', '-F', '12', '-n', 'SMALL') },
        { offset: 4 * MIB, bytes: makeFileSystem(folder, 10 * MIB, 'mkfs.fat', '-F', '16', '-n', 'MIDDLE') },
        { offset: 17 * MIB, bytes: makeFileSystem(folder, 8 * MIB, 'mkfs.ext4', '-q', '-F', '-L', 'linux') },
        { offset: 27 * MIB, bytes: makeFileSystem(folder, 8 * MIB, 'mkswap', '-q') },
        { offset: 37 * MIB, bytes: makeFileSystem(folder, 8 * MIB, 'mkfs.ext2', '-q', '-F') },
      ];
      const script = [
        'label: dos',
        'start=2048, size=4096, type=1',
        'start=8192, size=20480, type=6',
        'start=32768, size=65536, type=f',
        'start=34816, size=16384, type=83',
        'start=55296, size=16384, type=82',
        'start=75776, size=16384, type=83',
      ].join('\n');
      return inspect(makePartitionedDisk(folder, 50 * MIB, script, contents));
    });
    expect(
      report.partitions.map(({ offsetBytes, type, logical, fileSystem, label }) => [
        offsetBytes / MIB,
        type,
        logical,
        fileSystem,
        label,
      ]),
    ).toEqual([
      [1, '01', false, 'fat12', 'SMALL'],
      [4, '06', false, 'fat16', 'MIDDLE'],
      [17, '83', true, 'ext4', 'linux'],
      [27, '82', true, 'swap', ''],
      [37, '83', true, 'ext2', ''],
    ]);
    expect(report).toMatchObject({ bootable: false, windows: null, partitionTable: 'mbr' });
    expect(codes(report)).toEqual(['boot/none']);
  });

  test('GPT, its copy at the end, and what starts from it', async () => {
    const disk = inFolder((folder) =>
      makePartitionedDisk(
        folder,
        50 * MIB,
        'label: gpt\nstart=2048, size=65536, type=L\nsize=20480, type=U\n',
        [
          {
            offset: MIB,
            bytes: makeFileSystem(folder, 32 * MIB, 'mkfs.fat', '-F', '32', '-n', 'DATA', '-s', '1'),
          },
        ],
      ),
    );
    const report = await inspect(disk);
    expect(report).toMatchObject({
      partitionTable: 'gpt',
      bootable: false,
      verdict: 'cannot-run',
      partitions: [
        {
          type: '0fc63daf-8483-4772-8e79-3d69d8477de4',
          offsetBytes: MIB,
          fileSystem: 'fat32',
          label: 'DATA',
        },
        { type: 'c12a7328-f81f-11d2-ba4b-00a0c93ec93b', fileSystem: null },
      ],
    });
    expect(codes(report)).toEqual(['boot/needs-efi']);

    const grub = await inspect(withBootCode(disk, 'GRUB Geom Hard Disk Read Error'));
    expect(grub).toMatchObject({ bootable: true, verdict: 'may-run' });
    const damaged = disk.slice();
    damaged[512 + 40] ^= 1;
    const repaired = await inspect(damaged);
    expect(repaired.partitions).toHaveLength(2);
    expect(codes(repaired)).toContain('disk/partitions-damaged');
  });

  test('a file system without a table, a blank disk, a cut one', async () => {
    const fat = inFolder((folder) => makeFileSystem(folder, 16 * MIB, 'mkfs.fat', '-F', '16', '-n', 'STICK'));
    expect(await inspect(fat)).toMatchObject({
      partitionTable: 'none',
      bootable: false,
      partitions: [{ label: 'STICK', type: '' }],
    });
    expect(codes(await inspect(withBootCode(new Uint8Array(8 * MIB))))).toEqual(['boot/no-active']);
    const blank = await inspect(new Uint8Array(8 * MIB));
    expect(blank).toMatchObject({ verdict: 'may-run', bootable: false, partitions: [] });
    expect(codes(blank)).toEqual(['disk/blank']);
    expect(blank.profile).toEqual({ bootOrder: 'disc-first' });
    const cut = await inspect(windowsDisk(0x14c, [6, 1, 7601, 17514]).subarray(0, 20 * MIB + 7));
    expect(codes(cut)).toEqual(expect.arrayContaining(['disk/odd-size', 'disk/truncated']));
  });

  test('loops and overlaps among partitions are problems, not hangs', async () => {
    const disk = inFolder((folder) =>
      makePartitionedDisk(
        folder,
        20 * MIB,
        'label: dos\nstart=2048, size=20480, type=f\nstart=4096, size=2048, type=83\nstart=8192, size=2048, type=83\n',
      ),
    );
    const view = new DataView(disk.buffer);
    expect(view.getUint8(2048 * 512 + 446 + 16 + 4)).toBe(5);
    const looping = disk.slice();
    // The next record of the first extended record is the first itself.
    new DataView(looping.buffer).setUint32(2048 * 512 + 446 + 16 + 8, 0, true);
    expect(codes(await inspect(looping))).toContain('disk/partitions-damaged');
    const overlapping = disk.slice();
    new DataView(overlapping.buffer).setUint32(2048 * 512 + 446 + 8, 1, true);
    new DataView(overlapping.buffer).setUint32(2048 * 512 + 446 + 12, 9000, true);
    expect(codes(await inspect(overlapping))).toContain('disk/partitions-overlap');
  });

  test(
    'any damage to tables, boot sectors and file records still gives a report',
    { timeout: 240_000 },
    async () => {
      const disk = windowsDisk(0x14c, [6, 1, 7601, 17514]);
      const mft = new DataView(disk.buffer).getUint32(MIB + 48, true) * 4096 + MIB;
      const place = fc.oneof(
        fc.nat(511),
        fc.nat(511).map((at) => MIB + at),
        fc.nat(8191).map((at) => mft + at),
        fc.nat(disk.length - 8),
      );
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(place, fc.nat(255)), { minLength: 1, maxLength: 6 }),
          fc.option(fc.nat(disk.length)),
          async (changes, cut) => {
            const bad = disk.slice(0, cut ?? disk.length);
            for (const [at, value] of changes) bad[at] = value;
            const report = await inspect(bad);
            expect(report.bytesRead).toBeLessThanOrEqual(24 * MIB);
          },
        ),
        { numRuns: 150 },
      );
    },
  );
});

test('what cannot be opened is a report with the code of the refusal', async () => {
  const report = await inspect(new TextEncoder().encode('vhdxfile'.padEnd(600, ' ')));
  expect(report).toMatchObject({ verdict: 'not-a-disk', format: null, partitions: [], profile: {} });
  expect(report.reasons).toEqual([
    { code: 'image/other-format', message: expect.stringContaining('My PC.vhd is in the format VHDX') },
  ]);
  expect(codes(await inspect(new Uint8Array()))).toEqual(['image/empty']);
});

test('a medium that fails is no report', async () => {
  const failing = {
    name: 'gone',
    sizeBytes: 10_000,
    read: () => Promise.reject(new VitrineError('bytes/unreadable', { name: 'gone' })),
  };
  await expect(inspectDiskImage(failing)).rejects.toMatchObject({ code: 'bytes/unreadable' });
});

test.skipIf(toolMissing('sgdisk'))('sgdisk and our reader agree', async () => {
  const bytes = inFolder((folder) => {
    const path = join(folder, 'disk');
    writeFileSync(path, new Uint8Array(20 * MIB));
    run('sgdisk', ['-n', '1:2048:+4M', '-t', '1:0700', '-A', '1:set:2', '-n', '2:0:0', '-t', '2:8300', path]);
    return new Uint8Array(readFileSync(path));
  });
  expect(
    (await inspect(bytes)).partitions.map(({ type, active, lengthBytes }) => [type, active, lengthBytes]),
  ).toEqual([
    ['ebd0a0a2-b9e5-4433-87c0-68b6b72699c7', true, 4 * MIB],
    ['0fc63daf-8483-4772-8e79-3d69d8477de4', false, expect.any(Number)],
  ]);
});
