import { describe, expect, test } from 'vitest';
import type { ByteSource } from '../../bytes/byte-source.ts';
import { LARGEST_DISK_BYTES } from '../../lib/disk-limit.ts';
import { inspectDiskImage } from './inspect-disk-image.ts';
import { inFolder } from './testing/qemu-image.ts';
import { openFileSource } from './testing/file-source.ts';
import { run, toolMissing } from './testing/tools.ts';

/** A raw disk that is empty but for its first sector: code and one active partition up to `endBytes`. */
function rawDisk(sizeBytes: number, endBytes: number): ByteSource {
  const first = new Uint8Array(512);
  const view = new DataView(first.buffer);
  first.fill(0x90, 0, 440);
  first[446] = 0x80;
  first[450] = 7;
  view.setUint32(454, 2048, true);
  view.setUint32(458, endBytes / 512 - 2048, true);
  view.setUint16(510, 0x55aa);
  return {
    name: 'large.img',
    sizeBytes,
    async read(offset, length) {
      const out = new Uint8Array(length);
      if (offset < 512) out.set(first.subarray(offset, Math.min(512, offset + length)));
      return out;
    },
  };
}

const reasonOf = async (source: ByteSource) => {
  const { verdict, reasons } = await inspectDiskImage(source);
  return { verdict, reason: reasons.find(({ code }) => code === 'disk/too-large')?.message ?? null };
};

describe('a disk that is larger than the drive of the machine can have', () => {
  test('is told by its verdict, to the sector, with the way to shrink it', async () => {
    const fits = await reasonOf(rawDisk(LARGEST_DISK_BYTES, 2 ** 30));
    expect(fits).toEqual({ verdict: 'may-run', reason: null });
    const sectorMore = await reasonOf(rawDisk(LARGEST_DISK_BYTES + 512, LARGEST_DISK_BYTES + 512));
    expect(sectorMore.verdict).toBe('cannot-run');
    expect(sectorMore.reason).toContain('127 GB (136,365,212,160 bytes)');
    expect(sectorMore.reason).toContain('no more than 127 GB (136,365,211,648 bytes)');
    expect(sectorMore.reason).toContain('Shrink Volume');
    const muchMore = await reasonOf(rawDisk(500 * 2 ** 30, 60 * 2 ** 30));
    expect(muchMore.reason).toContain('Its partitions end before that, at 60 GB');
    for (const { reason } of [sectorMore, muchMore]) {
      expect(reason).toContain('qemu-img resize --shrink');
      expect(reason).not.toMatch(/damaged|cut off/u);
    }
  });

  test.skipIf(toolMissing('qemu-img'))('whatever its format', async () => {
    for (const [format, size] of [
      ['qcow2', '200G'],
      ['vpc', '250G'],
      ['vdi', '128G'],
      ['vmdk', '500G'],
      ['qcow2', '100T'],
    ]) {
      await inFolder(async (folder) => {
        const path = `${folder}/large`;
        run('qemu-img', ['create', '-f', format, path, size]);
        const source = await openFileSource(path);
        const { reasons } = await inspectDiskImage(source);
        await source.close();
        expect(reasons[0].message, format).toContain('127 GB');
        expect(reasons[0].message, format).not.toMatch(/damaged|cut off/u);
      });
    }
  });
});
