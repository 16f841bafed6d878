import { deflateRawSync, deflateSync, constants } from 'node:zlib';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { CompressedDataError } from './compressed-data-error.ts';
import { inflateRaw, inflateZlib } from './inflate.ts';

/** Bytes with repeats near and far, which a deflater finds matches in. */
const someBytes = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.tuple(fc.nat(255), fc.nat(5000)).map(([value, count]) => new Uint8Array(count).fill(value)),
    ),
    { minLength: 1, maxLength: 20 },
  )
  .map((parts) => new Uint8Array(Buffer.concat([...parts, ...parts.slice(0, 3)])));

test('inflates what zlib deflates, at every level and strategy', () => {
  fc.assert(
    fc.property(
      someBytes,
      fc.integer({ min: 0, max: 9 }),
      fc.constantFrom(
        constants.Z_DEFAULT_STRATEGY,
        constants.Z_HUFFMAN_ONLY,
        constants.Z_FIXED,
        constants.Z_RLE,
      ),
      (bytes, level, strategy) => {
        const raw = Buffer.concat([deflateRawSync(bytes, { level, strategy }), Buffer.from('padding')]);
        expect(Buffer.compare(inflateRaw(raw, bytes.length), bytes)).toBe(0);
        const zlib = deflateSync(bytes, { level, strategy });
        expect(Buffer.compare(inflateZlib(zlib, bytes.length), bytes)).toBe(0);
      },
    ),
    { numRuns: 150 },
  );
});

test('stops when the output is full and complains when it cannot be filled', () => {
  const raw = deflateRawSync(Buffer.alloc(100_000, 'abcdefg'));
  expect(inflateRaw(raw, 10)).toEqual(new Uint8Array(Buffer.from('abcdefgabc')));
  expect(() => inflateRaw(raw, 100_001)).toThrow(CompressedDataError);
});

test('a damaged zlib stream is refused, or its damage is where it does not matter', () => {
  const bytes = Buffer.from(Array.from({ length: 4000 }, (_, i) => (i * i) % 251));
  const good = deflateSync(bytes);
  let refused = 0;
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
      const bad = new Uint8Array(good);
      bad[at] ^= mask;
      try {
        expect(Buffer.compare(inflateZlib(bad, bytes.length), bytes)).toBe(0);
      } catch (error) {
        if (!(error instanceof CompressedDataError)) throw error;
        refused++;
      }
    }),
    { numRuns: 300 },
  );
  expect(refused).toBeGreaterThan(250);
});

test('noise is refused or gives the length that was asked for', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
      try {
        expect(inflateRaw(noise, 5000)).toHaveLength(5000);
      } catch (error) {
        expect(error).toBeInstanceOf(CompressedDataError);
      }
    }),
  );
});
