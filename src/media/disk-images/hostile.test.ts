import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ByteSource } from '../../bytes/byte-source.ts';
import { MemorySource } from '../../bytes/byte-source.ts';
import { VitrineError } from '../../lib/errors.ts';
import { openDiskImage } from './open-disk-image.ts';
import { convert } from './testing/qemu-image.ts';
import { readAll } from './testing/read-all.ts';
import { makeRandom } from './testing/sample-disk.ts';
import { toolMissing } from './testing/tools.ts';

const DISK_BYTES = 3 << 20;
/** A hang shows as a test that does not end; on a busy machine a run of honest work may take a while. */
const TIMEOUT_MS = 240_000;
/** No honest reader of a few kilobytes asks for more at once. */
const MOST_AT_ONCE = 8 << 20;

const random = makeRandom(5);
const raw = new Uint8Array(DISK_BYTES);
for (let at = 0; at < DISK_BYTES; at += 90_000) raw.fill(1 + random(255), at, at + random(60_000));

const FORMATS: [string, string[]][] = [
  ['qcow2', ['-O', 'qcow2']],
  ['qcow2, small clusters', ['-O', 'qcow2', '-o', 'cluster_size=512']],
  ['qcow2, zlib', ['-c', '-O', 'qcow2']],
  ['qcow2, zstd', ['-c', '-O', 'qcow2', '-o', 'compression_type=zstd']],
  ['vhd', ['-O', 'vpc', '-o', 'force_size=on']],
  ['vhd, fixed', ['-O', 'vpc', '-o', 'subformat=fixed,force_size=on']],
  ['vdi', ['-O', 'vdi']],
  ['vmdk', ['-O', 'vmdk']],
  ['vmdk, stream', ['-O', 'vmdk', '-o', 'subformat=streamOptimized']],
];

/** Reads what an attached disk would be asked for; gives the refusal, or null when all could be read. */
async function explore(bytes: Uint8Array, offsets: number[]): Promise<VitrineError | null> {
  const memory = new MemorySource(bytes);
  const source: ByteSource = {
    name: 'image',
    sizeBytes: bytes.length,
    read(offset, length) {
      expect(length).toBeLessThanOrEqual(MOST_AT_ONCE);
      return memory.read(offset, length);
    },
  };
  try {
    const image = await openDiskImage(source);
    for (const offset of offsets) {
      const at = Math.floor((offset / DISK_BYTES) * (image.sizeBytes - 4096));
      if (image.sizeBytes >= 4096) expect(await image.read(at, 4096)).toHaveLength(4096);
    }
    let ranges = 0;
    for await (const range of image.allocatedRanges()) {
      expect(range.offset + range.length).toBeLessThanOrEqual(image.sizeBytes);
      if (++ranges > 5000) break;
    }
    return null;
  } catch (error) {
    if (error instanceof VitrineError && error.code.startsWith('image/')) return error;
    throw error;
  }
}

describe.skipIf(toolMissing('qemu-img')).each(FORMATS)('%s', (_, args) => {
  let good: Uint8Array;
  beforeAll(() => {
    good = convert(raw, ...args);
  });

  const offsets = fc.array(fc.nat(DISK_BYTES), { minLength: 3, maxLength: 12 });

  test(
    'any change of its tables ends in a refusal or in a disk that can be read',
    { timeout: TIMEOUT_MS },
    async () => {
      const tables = Math.min(good.length, 700 * 512);
      const place = fc.oneof(
        fc.nat(511),
        fc.nat(tables - 9),
        fc.nat(1023).map((at) => good.length - 1024 + at),
      );
      const value = fc.oneof(
        fc.constantFrom(0n, 1n, 2n ** 62n, 2n ** 63n, 2n ** 64n - 1n, 2n ** 32n - 1n, 65536n, 512n),
        fc.bigInt(0n, 2n ** 64n - 1n),
        // Sectors and clusters that are there: tables that lead to themselves and to one another.
        fc.nat(Math.floor(good.length / 512)).map(BigInt),
        fc.nat(Math.floor(good.length / 65536)).map((cluster) => BigInt(cluster * 65536)),
      );
      const change = fc.record({ at: place, value, bytes: fc.constantFrom(1, 4, 8), little: fc.boolean() });
      await fc.assert(
        fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), offsets, async (changes, at) => {
          const bad = good.slice();
          const view = new DataView(bad.buffer);
          for (const change of changes) {
            const start = Math.min(change.at, bad.length - 8);
            if (change.bytes === 1) view.setUint8(start, Number(change.value & 255n));
            else if (change.bytes === 4)
              view.setUint32(start, Number(change.value & 0xffffffffn), change.little);
            else view.setBigUint64(start, change.value, change.little);
          }
          await explore(bad, at);
        }),
        { numRuns: 150 },
      );
    },
  );

  test('cut anywhere, it is refused, or what it gives is right', { timeout: TIMEOUT_MS }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), offsets, async (length, at) => {
        const cut = good.subarray(0, length);
        if ((await explore(cut, at)) !== null) return;
        try {
          const image = await openDiskImage(new MemorySource(cut));
          const bytes = await readAll(image);
          // What is left of a fixed VHD without its footer is a raw disk, shorter than it was.
          if (image.format === 'raw') expect(args.join(' ')).toContain('fixed');
          else expect(bytes).toHaveLength(DISK_BYTES);
          const given = image.format === 'raw' ? Math.min(length, DISK_BYTES) : DISK_BYTES;
          expect(Buffer.compare(bytes.subarray(0, given), raw.subarray(0, given))).toBe(0);
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^image\//) });
        }
      }),
      { numRuns: 60 },
    );
  });
});
