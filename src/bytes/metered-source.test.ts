import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemorySource, type ByteSource } from './byte-source.ts';
import { MeteredSource } from './metered-source.ts';

const LIMITS = { budgetBytes: 1e9, maxReads: 1e9, deadlineMs: 1e9 };
const BYTES = Uint8Array.from({ length: 200_000 }, (_, at) => (at * 7 + (at >> 8)) & 0xff);

/** A medium that counts. */
function countingSource(): ByteSource & { reads: number; bytes: number } {
  const inner = new MemorySource(BYTES);
  return {
    name: 'disc',
    sizeBytes: inner.sizeBytes,
    reads: 0,
    bytes: 0,
    async read(offset, length) {
      this.reads++;
      this.bytes += length;
      return inner.read(offset, length);
    },
  };
}

describe('MeteredSource', () => {
  it('gives the bytes of the medium and never fetches a page twice', async () => {
    const wish = fc.tuple(fc.nat(BYTES.length), fc.nat(70_000));
    await fc.assert(
      fc.asyncProperty(fc.array(wish, { maxLength: 8 }), async (wishes) => {
        const medium = countingSource();
        const metered = new MeteredSource(medium, LIMITS);
        for (const [offset, count] of wishes) {
          const length = Math.min(count, BYTES.length - offset);
          const isSame =
            Buffer.compare(await metered.read(offset, length), BYTES.subarray(offset, offset + length)) === 0;
          expect(isSame).toBe(true);
        }
        expect(metered.bytesRead).toBe(medium.bytes);
        expect(medium.bytes).toBeLessThanOrEqual(BYTES.length);
      }),
      { numRuns: 50 },
    );
  });

  it('fetches pages in a row together', async () => {
    const medium = countingSource();
    await new MeteredSource(medium, LIMITS).read(0, 150_000);
    expect(medium.reads).toBe(1);
  });

  it('stops before the budget is passed, and lets cached bytes be read again', async () => {
    const medium = countingSource();
    const metered = new MeteredSource(medium, { ...LIMITS, budgetBytes: 40_000 });
    await metered.read(0, 10);
    await expect(metered.read(100_000, 10)).rejects.toMatchObject({ code: 'bytes/budget' });
    expect(medium.bytes).toBeLessThanOrEqual(40_000);
    expect(await metered.read(5, 2)).toEqual(BYTES.slice(5, 7));
  });

  it('stops after too many reads and after its time', async () => {
    const few = new MeteredSource(countingSource(), { ...LIMITS, maxReads: 2 });
    await few.read(0, 1);
    await few.read(0, 1);
    await expect(few.read(0, 1)).rejects.toMatchObject({ code: 'bytes/budget' });
    const late = new MeteredSource(countingSource(), { ...LIMITS, deadlineMs: -1 });
    await expect(late.read(0, 1)).rejects.toMatchObject({ code: 'bytes/budget' });
  });
});
