import { spawnSync } from 'node:child_process';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CompressedDataError } from './compressed-data-error.ts';
import { xxh64 } from './xxh64.ts';
import { decompressZstd } from './zstd.ts';
import { toolMissing } from './testing/tools.ts';

/** Data of a few characters: text-like, runs, noise, and a mixture, from a fixed seed. */
function sample(kind: number, size: number): Uint8Array {
  let seed = kind * 7919 + size + 1;
  const random = (): number => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) >> 8;
  const out = new Uint8Array(size);
  for (let at = 0; at < size; at++) {
    if (kind === 0) out[at] = random();
    else if (kind === 1) out[at] = 'etaoin shrdlu'.charCodeAt(random() % 13);
    else if (kind === 2)
      out[at] = at > 400 && random() % 40 !== 0 ? out[at - 300 - (random() % 90)] : random();
    else out[at] = (at >> 9) % 3 === 0 ? 65 : (at >> 12) % 2 === 0 ? random() % 5 : (at * at) >> 7;
  }
  return out;
}

function compress(bytes: Uint8Array, ...options: string[]): Uint8Array {
  const run = spawnSync('zstd', ['-q', '-c', '--no-progress', ...options], {
    input: bytes,
    maxBuffer: 2 ** 28,
  });
  if (run.status !== 0) throw new Error(String(run.stderr));
  return new Uint8Array(run.stdout);
}

describe.skipIf(toolMissing('zstd'))('against the zstd program', () => {
  const cases = [0, 1, 2, 3].flatMap((kind) =>
    [1, 17, 300, 4096, 65536, 2 << 20].map((size) => ({ kind, size })),
  );
  test.each(cases)('kind $kind, $size bytes', ({ kind, size }) => {
    const bytes = sample(kind, size);
    for (const options of [
      ['-1'],
      ['-3', '--no-check'],
      ['-19'],
      ['--fast=5'],
      ['-9', '--no-content-size'],
    ]) {
      const packed = compress(bytes, ...options);
      const padded = new Uint8Array(packed.length + 700).fill(0xa5);
      padded.set(packed);
      expect(Buffer.compare(decompressZstd(padded, size), bytes), options.join(' ')).toBe(0);
    }
  });

  test('several frames make one output; a frame too short or too long is refused', () => {
    const bytes = sample(1, 5000);
    const packed = compress(bytes);
    const twice = new Uint8Array([...packed, 0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3, ...packed]);
    expect(decompressZstd(twice, 10000)).toEqual(new Uint8Array([...bytes, ...bytes]));
    expect(() => decompressZstd(packed, 5001)).toThrow(CompressedDataError);
    expect(() => decompressZstd(packed, 4999)).toThrow(CompressedDataError);
  });

  test('damage is refused or noticed by the checksum', () => {
    for (const kind of [1, 2, 3]) {
      const bytes = sample(kind, 3000);
      const packed = compress(bytes, '--check', '-12');
      fc.assert(
        fc.property(fc.nat(packed.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
          const bad = new Uint8Array(packed);
          bad[at] ^= mask;
          try {
            // The window size, spare bits of headers and the padding of bit streams leave no trace in the data.
            expect(decompressZstd(bad, bytes.length)).toEqual(bytes);
          } catch (error) {
            if (!(error instanceof CompressedDataError)) throw error;
          }
        }),
        { numRuns: 400 },
      );
      for (let cut = 0; cut < packed.length; cut += 7) {
        expect(() => decompressZstd(packed.subarray(0, cut), bytes.length)).toThrow(CompressedDataError);
      }
    }
  });
});

test('noise after a frame header is refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
      const input = new Uint8Array([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58, ...noise]);
      try {
        expect(decompressZstd(input, 4096)).toHaveLength(4096);
      } catch (error) {
        expect(error).toBeInstanceOf(CompressedDataError);
      }
    }),
    { numRuns: 2000 },
  );
});

test('xxh64 gives the published sums', () => {
  expect(xxh64(new Uint8Array())).toBe(0xef46db3751d8e999n);
  expect(xxh64(new TextEncoder().encode('abc'))).toBe(0x44bc2cf5ad770999n);
});
