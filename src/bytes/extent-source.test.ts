import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemorySource } from './byte-source.ts';
import { ExtentSource } from './extent-source.ts';

const DISC = Uint8Array.from({ length: 64 }, (_, at) => at + 1);

describe('ExtentSource', () => {
  it('equals its extents put one after the other, at every offset and length', async () => {
    const extent = fc.record({
      offsetBytes: fc.option(fc.integer({ min: 0, max: 40 })),
      lengthBytes: fc.integer({ min: 0, max: 24 }),
    });
    const wish = fc.tuple(fc.nat(80), fc.nat(80));
    await fc.assert(
      fc.asyncProperty(fc.array(extent, { maxLength: 6 }), wish, async (extents, [from, count]) => {
        const whole = extents.flatMap(({ offsetBytes, lengthBytes }) =>
          offsetBytes === null
            ? Array<number>(lengthBytes).fill(0)
            : [...DISC.subarray(offsetBytes, offsetBytes + lengthBytes)],
        );
        const file = new ExtentSource(new MemorySource(DISC), extents, 'file');
        expect(file.sizeBytes).toBe(whole.length);
        const offset = Math.min(from, whole.length);
        const length = Math.min(count, whole.length - offset);
        expect([...(await file.read(offset, length))]).toEqual(whole.slice(offset, offset + length));
        await expect(file.read(offset, whole.length - offset + 1)).rejects.toMatchObject({
          code: 'bytes/out-of-range',
        });
      }),
    );
  });

  it('is not made where an extent lies outside its parent', () => {
    const make = () =>
      new ExtentSource(new MemorySource(DISC), [{ offsetBytes: 60, lengthBytes: 5 }], 'file');
    expect(make).toThrow(expect.objectContaining({ code: 'bytes/out-of-range' }));
  });
});
