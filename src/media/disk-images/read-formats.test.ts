import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, truncateSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readAll } from './testing/read-all.ts';
import { openDiskImage } from './open-disk-image.ts';
import { openFileSource } from './testing/file-source.ts';
import { writeSampleDisk } from './testing/sample-disk.ts';
import { run, toolMissing } from './testing/tools.ts';

/** Not a multiple of any cluster, so that the last one is always a part of one. */
const DISK_BYTES = 9 * 1024 * 1024 + 37 * 512;

interface Case {
  name: string;
  format: string;
  variant: RegExp;
  args: string[];
  /** A byte to set afterwards, for what qemu-img cannot be told to write. */
  patch?: [offset: number, value: number];
}

const qcow2 = (name: string, ...args: string[]): Case => ({
  name,
  format: 'qcow2',
  variant: /version/,
  args,
});

const CASES: Case[] = [
  { name: 'raw', format: 'raw', variant: /raw/, args: ['-O', 'raw'] },
  ...[9, 10, 12, 16, 18, 21].map((bits) =>
    qcow2(`qcow2 with clusters of 2^${bits}`, '-O', 'qcow2', '-o', `cluster_size=${2 ** bits}`),
  ),
  qcow2('qcow2 version 2', '-O', 'qcow2', '-o', 'compat=0.10'),
  qcow2('qcow2 version 2, compressed', '-c', '-O', 'qcow2', '-o', 'compat=0.10'),
  qcow2('qcow2 with metadata made beforehand', '-O', 'qcow2', '-o', 'preallocation=metadata'),
  ...['zlib', 'zstd'].flatMap((type) =>
    [12, 16, 21].map((bits) =>
      qcow2(
        `qcow2 ${type} 2^${bits}`,
        '-c',
        '-O',
        'qcow2',
        '-o',
        `compression_type=${type},cluster_size=${2 ** bits}`,
      ),
    ),
  ),
  { name: 'vhd dynamic', format: 'vhd', variant: /dynamic/, args: ['-O', 'vpc', '-o', 'force_size=on'] },
  {
    name: 'vhd fixed',
    format: 'vhd',
    variant: /fixed/,
    args: ['-O', 'vpc', '-o', 'subformat=fixed,force_size=on'],
  },
  { name: 'vdi dynamic', format: 'vdi', variant: /dynamic/, args: ['-O', 'vdi'] },
  {
    name: 'vdi static',
    format: 'vdi',
    variant: /static/,
    args: ['-S', '0', '-O', 'vdi'],
    patch: [76, 2],
  },
  { name: 'vmdk sparse', format: 'vmdk', variant: /sparse/, args: ['-O', 'vmdk'] },
  {
    name: 'vmdk with zero grains',
    format: 'vmdk',
    variant: /sparse/,
    args: ['-O', 'vmdk', '-S', '0', '-o', 'zeroed_grain=on'],
  },
  {
    name: 'vmdk stream-optimized',
    format: 'vmdk',
    variant: /stream/,
    args: ['-O', 'vmdk', '-o', 'subformat=streamOptimized'],
  },
];

function patchFile(path: string, offset: number, value: number): void {
  const file = openSync(path, 'r+');
  writeSync(file, new Uint8Array([value]), 0, 1, offset);
  closeSync(file);
}

describe.skipIf(toolMissing('qemu-img'))('images made by qemu-img', () => {
  let folder = '';
  let raw: Buffer;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'images-'));
    writeSampleDisk(join(folder, 'raw.img'), DISK_BYTES);
    raw = readFileSync(join(folder, 'raw.img'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(CASES)('$name reads as the raw disk does', async ({ name, format, variant, args, patch }) => {
    const path = join(folder, name.replaceAll(/\W+/g, '-'));
    run('qemu-img', ['convert', '-f', 'raw', ...args, join(folder, 'raw.img'), path]);
    if (patch !== undefined) patchFile(path, ...patch);
    const source = await openFileSource(path);
    const image = await openDiskImage(source);
    expect(image.format).toBe(format);
    expect(image.variant).toMatch(variant);
    expect(image.sizeBytes).toBe(DISK_BYTES);
    expect(Buffer.compare(await readAll(image), raw)).toBe(0);

    await fc.assert(
      fc.asyncProperty(
        fc.nat(DISK_BYTES),
        fc.oneof(fc.nat(5000), fc.nat(3 << 20)),
        async (offset, wanted) => {
          const length = Math.min(wanted, DISK_BYTES - offset);
          const bytes = await image.read(offset, length);
          expect(Buffer.compare(bytes, raw.subarray(offset, offset + length))).toBe(0);
        },
      ),
      { numRuns: 60 },
    );

    let end = 0;
    for await (const range of image.allocatedRanges()) {
      expect(range.offset).toBeGreaterThanOrEqual(end);
      expect(range.length).toBeGreaterThan(0);
      expect(raw.subarray(end, range.offset).every((byte) => byte === 0)).toBe(true);
      end = range.offset + range.length;
    }
    expect(end).toBeLessThanOrEqual(DISK_BYTES);
    expect(raw.subarray(end).every((byte) => byte === 0)).toBe(true);
    await source.close();
  });

  test('an image that was written to by a guest, with discarded and zeroed parts, reads as qemu-img reads it', async () => {
    for (const format of ['qcow2', 'vdi', 'vpc', 'vmdk']) {
      const path = join(folder, `io.${format}`);
      run('qemu-img', ['create', '-f', format, path, '64M']);
      const commands = [
        'write -P 0x11 0 3M',
        'write -P 0x22 1000k 700k',
        'write -P 0x33 60M 512',
        'write -z 2M 300k',
      ];
      if (format === 'qcow2') commands.push('discard 0 1M', 'write -c -P 0x44 30M 64k');
      run('qemu-io', ['-f', format, ...commands.flatMap((command) => ['-c', command]), path]);
      run('qemu-img', ['convert', '-f', format, '-O', 'raw', path, `${path}.raw`]);
      const source = await openFileSource(path);
      const image = await openDiskImage(source);
      const expected = readFileSync(`${path}.raw`);
      expect(Buffer.compare(await readAll(image), expected.subarray(0, image.sizeBytes)), format).toBe(0);
      await source.close();
    }
  });

  test('an internal snapshot leaves the current disk as it is', async () => {
    const path = join(folder, 'snapshot.qcow2');
    run('qemu-img', ['create', '-f', 'qcow2', path, '8M']);
    run('qemu-io', ['-f', 'qcow2', '-c', 'write -P 1 0 4M', path]);
    run('qemu-img', ['snapshot', '-c', 'before', path]);
    run('qemu-io', ['-f', 'qcow2', '-c', 'write -P 2 1M 1M', path]);
    const source = await openFileSource(path);
    const image = await openDiskImage(source);
    const bytes = await readAll(image);
    expect([bytes[0], bytes[1 << 20], bytes[(2 << 20) - 1], bytes[2 << 20], bytes[4 << 20]]).toEqual([
      1, 2, 2, 1, 0,
    ]);
    await source.close();
  });

  test('a flat vmdk is read through its descriptor, when the other file is given', async () => {
    const path = join(folder, 'flat.vmdk');
    const args = ['convert', '-f', 'raw', '-O', 'vmdk', '-o', 'subformat=monolithicFlat'];
    run('qemu-img', [...args, join(folder, 'raw.img'), path]);
    const source = await openFileSource(path);
    await expect(openDiskImage(source)).rejects.toMatchObject({
      code: 'image/second-file',
      params: { second: 'flat-flat.vmdk' },
    });
    const asked: string[] = [];
    const openSibling = (name: string) => {
      asked.push(name);
      return openFileSource(join(folder, name));
    };
    const image = await openDiskImage(source, { openSibling });
    expect(asked).toEqual(['flat-flat.vmdk']);
    expect(Buffer.compare(await readAll(image), raw)).toBe(0);
    await source.close();
  });

  test('a disk of 20 GB opens without reading its tables', async () => {
    for (const format of ['qcow2', 'vpc', 'vdi', 'vmdk']) {
      const path = join(folder, `large.${format}`);
      run('qemu-img', ['create', '-f', format, path, '20G']);
      const source = await openFileSource(path);
      let bytesRead = 0;
      const counted = {
        name: source.name,
        sizeBytes: source.sizeBytes,
        read: (offset: number, length: number) => {
          bytesRead += length;
          return source.read(offset, length);
        },
      };
      const image = await openDiskImage(counted);
      expect(image.sizeBytes).toBeGreaterThanOrEqual(20 * 2 ** 30);
      expect(bytesRead).toBeLessThan(32 * 1024);
      const last = await image.read(image.sizeBytes - 4096, 4096);
      expect(last.every((byte) => byte === 0)).toBe(true);
      await source.close();
    }
  });

  test('a raw file that ends inside a sector is filled up with zeros', async () => {
    const path = join(folder, 'odd.img');
    writeSampleDisk(path, 100 * 512);
    truncateSync(path, 99 * 512 + 100);
    const source = await openFileSource(path);
    const image = await openDiskImage(source);
    expect(image.sizeBytes).toBe(100 * 512);
    const bytes = await image.read(99 * 512 - 10, 522);
    expect(Buffer.compare(bytes.subarray(0, 110), readFileSync(path).subarray(99 * 512 - 10))).toBe(0);
    expect(bytes.subarray(110).every((byte) => byte === 0)).toBe(true);
    await source.close();
  });
});
