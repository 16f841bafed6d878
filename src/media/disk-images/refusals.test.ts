import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { MemorySource } from '../../bytes/byte-source.ts';
import type { ErrorCode } from '../../lib/errors.ts';
import { SIGNATURES } from '../file-signatures.ts';
import { VitrineError } from '../../lib/errors.ts';
import { openDiskImage } from './open-disk-image.ts';
import { altered, convert, inFolder } from './testing/qemu-image.ts';
import { readAll } from './testing/read-all.ts';
import { run, toolMissing } from './testing/tools.ts';
import { vhdChecksum } from './vhd-footer.ts';

const CLUSTER = 65536;
/** Three clusters written, apart from each other, in a disk of 1 MiB and some. */
const raw = new Uint8Array(20 * CLUSTER);
for (const cluster of [0, 3, 4, 19]) raw.fill(cluster + 1, cluster * CLUSTER, (cluster + 1) * CLUSTER);

async function codeOf(bytes: Uint8Array): Promise<ErrorCode | 'read'> {
  try {
    const image = await openDiskImage(new MemorySource(bytes, 'Old PC.img'));
    await readAll(image);
    return 'read';
  } catch (error) {
    if (!(error instanceof VitrineError)) throw error;
    expect(error.message).toContain('Old PC.img');
    return error.code;
  }
}

const signVhd = (view: DataView, offset: number, length: number, sumAt: number): void => {
  const part = new DataView(view.buffer, offset, length);
  part.setUint32(sumAt, vhdChecksum(part, sumAt));
};

test('what is no disk image is refused by its kind', async () => {
  const text = (start: string): Uint8Array =>
    Buffer.concat([Buffer.from(start, 'latin1'), Buffer.alloc(4096)]);
  expect(await codeOf(new Uint8Array())).toBe('image/empty');
  expect(await codeOf(gzipSync(raw))).toBe('image/archive');
  expect(await codeOf(text('PK\x03\x04'))).toBe('image/archive');
  expect(await codeOf(text('vhdxfile'))).toBe('image/other-format');
  expect(await codeOf(text('QED\0'))).toBe('image/other-format');
  expect(await codeOf(text('MSWIM\0\0\0'))).toBe('image/other-format');
  expect(await codeOf(text('LUKS\xba\xbe'))).toBe('image/encrypted');
  // What a drop says of a file is what attaching it says: no format of the one table is taken for a raw disk.
  const own = ['QCOW2', 'VHD', 'VMDK', 'VDI'];
  for (const { code, format, at, hex } of SIGNATURES) {
    if (!format || at < 0 || own.includes(format)) continue;
    const file = new Uint8Array(4096);
    file.set(Buffer.from(hex, 'hex'), at);
    const refusal = format === 'LUKS' ? 'image/encrypted' : 'image/other-format';
    expect(await codeOf(file), format).toBe(code === 'media/archive' ? 'image/archive' : refusal);
  }
  const disc = new Uint8Array(40 * 2048);
  disc.set(Buffer.from('\x01CD001\x01', 'latin1'), 0x8000);
  expect(await codeOf(disc)).toBe('image/is-a-disc');
  disc.set([0x55, 0xaa], 510);
  expect(await codeOf(disc)).toBe('read');
});

describe.skipIf(toolMissing('qemu-img'))('qcow2', () => {
  let image: Uint8Array;
  let l1 = 0;
  let l2 = 0;
  beforeAll(() => {
    image = convert(raw, '-O', 'qcow2');
    const view = new DataView(image.buffer);
    l1 = Number(view.getBigUint64(40));
    l2 = Number(view.getBigUint64(l1) & 0x00fffffffffffe00n);
  });

  const header = (change: (view: DataView) => void) => codeOf(altered(image, change));

  test('header flags and fields', async () => {
    expect(await header((view) => view.setUint32(4, 1))).toBe('image/old-version');
    expect(await header((view) => view.setUint32(4, 4))).toBe('image/unknown-feature');
    expect(await header((view) => view.setUint32(76, 1))).toBe('image/dirty');
    expect(await header((view) => view.setUint32(76, 2))).toBe('image/corrupt');
    expect(await header((view) => view.setUint32(76, 4))).toBe('image/several-files');
    expect(await header((view) => view.setUint32(76, 16))).toBe('image/subclusters');
    expect(await header((view) => view.setUint32(76, 32))).toBe('image/unknown-feature');
    expect(await header((view) => view.setUint32(72, 1))).toBe('image/unknown-feature');
    expect(await header((view) => view.setUint32(32, 1))).toBe('image/encrypted');
    expect(await header((view) => view.setUint32(20, 8))).toBe('image/damaged');
    expect(await header((view) => view.setUint32(20, 60))).toBe('image/damaged');
    expect(await header((view) => view.setBigUint64(24, 2n ** 62n))).toBe('image/too-large');
    expect(await header((view) => view.setBigUint64(24, 2n ** 40n))).toBe('image/damaged');
    expect(await header((view) => view.setBigUint64(40, 2n ** 62n))).toBe('image/cut');
    expect(await header((view) => view.setUint32(56, 0xffffffff))).toBe('image/cut');
    expect(await header((view) => view.setUint8(104, 1))).toBe('image/damaged');
  });

  test('tables that point outside, to each other, or to one place', async () => {
    const flags = 2n ** 63n;
    const data0 = new DataView(image.buffer).getBigUint64(l2);
    const set = (at: number, value: bigint) => header((view) => view.setBigUint64(at, value));
    expect(await set(l1, flags | (2n ** 50n))).toBe('image/cut');
    expect(await set(l1, flags | BigInt(l1))).toBe('image/overlap');
    expect(await set(l1, flags | BigInt(CLUSTER + 512))).toBe('image/damaged');
    expect(await set(l2 + 8, flags | BigInt(l2))).toBe('image/overlap');
    expect(await set(l2 + 8, data0)).toBe('image/overlap');
    expect(await set(l2 + 8, flags)).toBe('read');
    expect(await set(l2, flags | (2n ** 55n))).toBe('image/cut');
    expect(await set(l2, data0 | 4n)).toBe('image/damaged');
    // Compressed data in the middle of a cluster that has an owner, and outside.
    expect(await set(l2 + 8, (1n << 62n) | (data0 & 0xfffffffffffen))).toBe('image/overlap');
    expect(await set(l2 + 8, (1n << 62n) | (2n ** 50n))).toBe('image/cut');
  });

  test('one L2 table for two parts of the disk', async () => {
    const small = convert(new Uint8Array(1 << 20).fill(7), '-O', 'qcow2', '-o', 'cluster_size=512');
    const at = Number(new DataView(small.buffer).getBigUint64(40));
    const first = new DataView(small.buffer).getBigUint64(at);
    expect(await codeOf(small)).toBe('read');
    expect(await codeOf(altered(small, (view) => view.setBigUint64(at + 8, first)))).toBe('image/overlap');
  });

  test('compressed data that is damaged', async () => {
    const packed = convert(raw, '-c', '-O', 'qcow2');
    const at = packed.length - CLUSTER;
    const noise = altered(packed, (_, copy) => {
      const start = Buffer.from(copy).indexOf(
        deflateRawSync(raw.subarray(0, CLUSTER)).subarray(0, 8),
        at > 0 ? 0 : 0,
      );
      expect(start).toBeGreaterThan(0);
      copy.fill(0xff, start, start + 32);
    });
    expect(await codeOf(noise)).toBe('image/bad-compression');
  });

  test('images that need other files or a key', async () => {
    const made = (work: (folder: string, path: string) => void): Uint8Array =>
      inFolder((folder) => {
        const path = join(folder, 'image.qcow2');
        work(folder, path);
        return new Uint8Array(readFileSync(path));
      });
    const backed = made((folder, path) => {
      writeFileSync(join(folder, 'base.raw'), raw);
      run('qemu-img', ['create', '-f', 'qcow2', '-F', 'raw', '-b', join(folder, 'base.raw'), path]);
    });
    expect(await codeOf(backed)).toBe('image/backing-file');
    await expect(openDiskImage(new MemorySource(backed))).rejects.toThrow('base.raw');
    const split = made((folder, path) =>
      run('qemu-img', ['create', '-f', 'qcow2', '-o', `data_file=${join(folder, 'data')}`, path, '1M']),
    );
    expect(await codeOf(split)).toBe('image/several-files');
    const subclusters = made((_, path) =>
      run('qemu-img', ['create', '-f', 'qcow2', '-o', 'extended_l2=on,cluster_size=128k', path, '1M']),
    );
    expect(await codeOf(subclusters)).toBe('image/subclusters');
    const locked = made((_, path) => {
      const options = 'encrypt.format=aes,encrypt.key-secret=key';
      run('qemu-img', [
        'create',
        '--object',
        'secret,id=key,data=x',
        '-f',
        'qcow2',
        '-o',
        options,
        path,
        '1M',
      ]);
    });
    expect(await codeOf(locked)).toBe('image/encrypted');
    const lazy = convert(raw, '-O', 'qcow2', '-o', 'lazy_refcounts=on');
    expect(await codeOf(lazy)).toBe('read');
  });
});

describe.skipIf(toolMissing('qemu-img'))('VHD', () => {
  let image: Uint8Array;
  let footer = 0;
  let table = 0;
  beforeAll(() => {
    const large = new Uint8Array(7 << 20);
    for (const block of [0, 1, 3]) large.fill(block + 1, block << 21, (block << 21) + 5000);
    image = convert(large, '-O', 'vpc', '-o', 'force_size=on');
    footer = image.length - 512;
    table = Number(new DataView(image.buffer).getBigUint64(512 + 16));
  });
  const inFooter = (change: (view: DataView) => void) =>
    codeOf(
      altered(image, (view) => {
        change(view);
        signVhd(view, footer, 512, 64);
      }),
    );
  const inHeader = (change: (view: DataView) => void) =>
    codeOf(
      altered(image, (view) => {
        change(view);
        signVhd(view, 512, 1024, 36);
      }),
    );

  test('footer and header', async () => {
    expect(await codeOf(image)).toBe('read');
    expect(await inFooter((view) => view.setUint32(footer + 60, 4))).toBe('image/differencing');
    expect(await inFooter((view) => view.setUint32(footer + 60, 9))).toBe('image/unknown-feature');
    expect(await inFooter((view) => view.setUint32(footer + 12, 0x20000))).toBe('image/unknown-feature');
    expect(await inFooter((view) => view.setUint8(footer + 84, 1))).toBe('image/dirty');
    expect(await inFooter((view) => view.setBigUint64(footer + 48, 2n ** 62n))).toBe('image/too-large');
    expect(await inFooter((view) => view.setBigUint64(footer + 48, 0n))).toBe('image/damaged');
    expect(await inFooter((view) => view.setUint32(footer + 60, 2))).toBe('image/cut');
    expect(await inFooter((view) => view.setBigUint64(footer + 16, 2n ** 60n))).toBe('image/cut');
    // Both the footer and its copy at the start.
    const neither = (copy: DataView): void => [0, footer].forEach((at) => copy.setUint8(at + 30, 1));
    expect(await codeOf(altered(image, neither))).toBe('image/cut');
    expect(await codeOf(image.subarray(0, footer - 1))).toBe('image/cut');
    expect(await codeOf(altered(image, (view) => view.setUint8(512 + 50, 1)))).toBe('image/damaged');
    expect(await inHeader((view) => view.setUint32(512 + 32, 0))).toBe('image/damaged');
    expect(await inHeader((view) => view.setUint32(512 + 28, 1))).toBe('image/damaged');
    expect(await inHeader((view) => view.setBigUint64(512 + 16, 2n ** 60n))).toBe('image/cut');
    expect(await inHeader((view) => view.setBigUint64(512 + 16, BigInt(footer - 2)))).not.toBe('read');
  });

  test('blocks outside, in one place, overlapping, or in the tables', async () => {
    const first = new DataView(image.buffer).getUint32(table);
    const set = (index: number, value: number) =>
      codeOf(altered(image, (view) => view.setUint32(table + index * 4, value)));
    expect(await set(2, first)).toBe('image/overlap');
    expect(await set(2, first + 7)).toBe('image/overlap');
    expect(await set(0, 0)).toBe('image/overlap');
    expect(await set(0, Math.floor(table / 512))).toBe('image/overlap');
    expect(await set(0, 0x7fffffff)).toBe('image/cut');
    expect(await set(2, 0xffffffff)).toBe('read');
  });
});

describe.skipIf(toolMissing('qemu-img'))('VDI and VMDK', () => {
  const large = new Uint8Array(5 << 20);
  for (const block of [0, 1, 3]) large.fill(block + 1, block << 20, (block << 20) + 70000);

  test('VDI', async () => {
    const image = convert(large, '-O', 'vdi');
    const map = new DataView(image.buffer).getUint32(340, true);
    const change = (work: (view: DataView) => void) => codeOf(altered(image, work));
    expect(await change((view) => view.setUint32(map + 8, 0, true))).toBe('image/overlap');
    expect(await change((view) => view.setUint32(map, 0x00ffffff, true))).toBe('image/cut');
    expect(await change((view) => view.setUint32(map, 0xfffffffe, true))).toBe('read');
    expect(await change((view) => view.setUint32(76, 4, true))).toBe('image/differencing');
    expect(await change((view) => view.setUint32(76, 7, true))).toBe('image/unknown-feature');
    expect(await change((view) => view.setUint8(441, 1))).toBe('image/differencing');
    expect(await change((view) => view.setUint32(68, 1, true))).toBe('image/old-version');
    expect(await change((view) => view.setBigUint64(368, 2n ** 62n, true))).toBe('image/too-large');
    expect(await change((view) => view.setBigUint64(368, 2n ** 40n, true))).toBe('image/damaged');
    expect(await change((view) => view.setUint32(376, 3, true))).toBe('image/damaged');
    expect(await change((view) => view.setUint32(380, 512, true))).toBe('image/unknown-feature');
    expect(await change((view) => view.setUint32(340, 100, true))).toBe('image/overlap');
    expect(await change((view) => view.setUint32(344, 0xfffffe00, true))).toBe('image/cut');
    expect(await codeOf(image.subarray(0, image.length - 1))).toBe('image/cut');
  });

  test('VMDK sparse', async () => {
    const image = convert(large, '-O', 'vmdk');
    const view = new DataView(image.buffer);
    const directory = Number(view.getBigUint64(56, true)) * 512;
    const table = view.getUint32(directory, true) * 512;
    const change = (work: (view: DataView, copy: Uint8Array) => void) => codeOf(altered(image, work));
    const text = (from: string, to: string) =>
      change((_, copy) => copy.set(Buffer.from(to), Buffer.from(image).indexOf(from)));
    expect(await change((v) => v.setUint32(table + 4, v.getUint32(table, true), true))).toBe('image/overlap');
    expect(await change((v) => v.setUint32(table + 4, v.getUint32(table, true) + 3, true))).toBe(
      'image/overlap',
    );
    expect(await change((v) => v.setUint32(table, 2, true))).toBe('image/overlap');
    expect(await change((v) => v.setUint32(table, 0x7fffffff, true))).toBe('image/cut');
    expect(await change((v) => v.setUint32(directory, 0x7fffffff, true))).toBe('image/cut');
    expect(await change((v) => v.setUint8(72, 1))).toBe('image/dirty');
    expect(await change((v) => v.setUint32(8, 0x40, true))).toBe('image/unknown-feature');
    expect(await change((v) => v.setUint32(4, 9, true))).toBe('image/unknown-feature');
    expect(await change((v) => v.setUint8(75, 10))).toBe('image/damaged');
    expect(await change((v) => v.setBigUint64(12, 2n ** 62n, true))).toBe('image/too-large');
    expect(await change((v) => v.setBigUint64(20, 0n, true))).toBe('image/damaged');
    expect(await change((v) => v.setUint32(44, 0, true))).toBe('image/damaged');
    expect(await change((v) => v.setBigUint64(56, 2n ** 60n, true))).toBe('image/cut');
    expect(await change((v) => v.setBigUint64(28, 2n ** 60n, true))).toBe('image/cut');
    // The directory's entries lead to the directory itself, to the header, and to both of them in part.
    for (const sector of [directory / 512, 0x7fffff00, 1, directory / 512 - 1])
      expect(await change((v) => v.setUint32(directory, sector, true)), String(sector)).toMatch(
        /^image\/(overlap|cut)$/,
      );
    expect(await change((v) => v.setBigUint64(28, 0n, true))).toBe('image/part-alone');
    expect(await text('parentCID=ffffffff', 'parentCID=12345678')).toBe('image/differencing');
    expect(await text('ddb.virtualHWVersion', 'encryption.keySafe  ')).toBe('image/encrypted');
    expect(await codeOf(image.subarray(0, image.length - 70000))).toBe('image/cut');
  });

  test('VMDK stream-optimized', async () => {
    const image = convert(large, '-O', 'vmdk', '-o', 'subformat=streamOptimized');
    const view = new DataView(image.buffer);
    // qemu-img fills in the header at the start as well as the footer.
    const footer = image.length - 1024;
    const inFooter = view.getUint32(56, true) === 0xffffffff;
    const directory = Number(view.getBigUint64((inFooter ? footer : 0) + 56, true)) * 512;
    const table = view.getUint32(directory, true) * 512;
    expect(await codeOf(image)).toBe('read');
    const twice = altered(image, (v) => v.setUint32(table + 4, v.getUint32(table, true), true));
    expect(await codeOf(twice)).toBe('image/overlap');
    const grain = view.getUint32(table, true) * 512;
    expect(await codeOf(altered(image, (v) => v.setUint8(grain + 20, 0xee)))).toBe('image/bad-compression');
    expect(await codeOf(altered(image, (v) => v.setUint32(grain + 8, 0xffffff, true)))).toBe(
      'image/bad-compression',
    );
    expect(await codeOf(altered(image, (v) => v.setUint16(77, 2, true)))).toBe('image/unknown-feature');
  });

  test('after damage was met, nothing more is read', async () => {
    const image = convert(raw, '-O', 'qcow2');
    const view = new DataView(image.buffer);
    const l1 = Number(view.getBigUint64(40));
    const l2 = Number(view.getBigUint64(l1) & 0x00fffffffffffe00n);
    const bad = altered(image, (v) => v.setBigUint64(l2 + 5 * 8, v.getBigUint64(l2)));
    const disk = await openDiskImage(new MemorySource(bad));
    await expect(disk.read(0, 512)).rejects.toMatchObject({ code: 'image/overlap' });
    await expect(disk.read(4 * CLUSTER, 512)).rejects.toMatchObject({ code: 'image/overlap' });
  });
});
