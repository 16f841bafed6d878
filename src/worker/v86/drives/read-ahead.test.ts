import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { ReadAhead } from './read-ahead.ts';

const KIB = 1024;

function source(sizeBytes: number) {
  const bytes = Uint8Array.from({ length: sizeBytes }, (_, i) => (i * 31 + (i >> 8)) & 0xff);
  const reads: { offset: number; length: number }[] = [];
  const read = (offset: number, length: number) => {
    reads.push({ offset, length });
    if (offset + length > sizeBytes) throw new Error('read past the end');
    return bytes.slice(offset, offset + length);
  };
  return { bytes, reads, read };
}

describe('ReadAhead', () => {
  it('gives the same bytes as the source for any reads', () => {
    const size = 600 * KIB;
    const { bytes, read } = source(size);
    const anyRead = fc.tuple(fc.nat(size + 5000), fc.integer({ min: 1, max: 200 * KIB }));
    fc.assert(
      fc.property(fc.array(anyRead, { maxLength: 30 }), (reads) => {
        const cache = new ReadAhead(read, size, 256 * KIB);
        for (const [offset, length] of reads) {
          expect(Buffer.compare(cache.read(offset, length), bytes.subarray(offset, offset + length))).toBe(0);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('doubles its window while the guest reads on, and starts small after a jump', () => {
    const { read, reads } = source(4096 * KIB);
    const cache = new ReadAhead(read, 4096 * KIB);
    for (let offset = 0; offset < 1024 * KIB; offset += 2 * KIB) cache.read(offset, 2 * KIB);
    expect(reads.map((r) => r.length / KIB)).toEqual([64, 128, 256, 512, 1024]);
    cache.read(3000 * KIB, 2 * KIB);
    expect(reads.at(-1)?.length).toBe(64 * KIB);
  });

  it('never holds more than its ceiling plus the read that fills it', () => {
    const { read, reads } = source(2048 * KIB);
    const cache = new ReadAhead(read, 2048 * KIB, 128 * KIB);
    for (const block of [0, 8, 16, 0]) cache.read(block * 64 * KIB, 2 * KIB);
    expect(reads.length).toBe(4); // the first window was dropped, so block 0 is read again
  });

  it('passes a failure on and does not remember it', () => {
    let broken = true;
    const cache = new ReadAhead((_, length) => {
      if (broken) throw new Error('drive removed');
      return new Uint8Array(length);
    }, 1024 * KIB);
    expect(() => cache.read(0, 2048)).toThrow('drive removed');
    broken = false;
    expect(cache.read(0, 2048).byteLength).toBe(2048);
  });
});
