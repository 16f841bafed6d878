import fc from 'fast-check';
import { xxhash64 } from 'hash-wasm';
import { describe, expect, it } from 'vitest';
import { PAGE_BYTES, PageCodec } from './page-codec.ts';

const codec = PageCodec.standalone();

/** Bytes as memory has them: runs, repeats and noise. */
const memoryLike = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.tuple(fc.nat(255), fc.nat(3000)).map(([value, count]) => new Uint8Array(count).fill(value)),
      fc
        .tuple(fc.uint8Array({ minLength: 1, maxLength: 20 }), fc.nat(400))
        .map(([part, times]) =>
          Uint8Array.from({ length: part.length * times }, (_, i) => part[i % part.length]),
        ),
    ),
    { maxLength: 30 },
  )
  .map((parts) => new Uint8Array(parts.flatMap((part) => [...part])));

describe('PageCodec', () => {
  it('hashes as XXH64 does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        expect(codec.hash(bytes).toString(16).padStart(16, '0')).toBe(await xxhash64(bytes));
      }),
    );
  });

  it('unpacks what it packed, and packs only to make smaller', () => {
    fc.assert(
      fc.property(memoryLike, (bytes) => {
        const packed = codec.pack(bytes);
        if (!packed) return;
        expect(packed.length).toBeLessThan(Math.max(bytes.length, 1));
        expect(codec.unpack(packed, bytes.length)).toEqual(bytes);
      }),
    );
    expect(codec.pack(new Uint8Array(1 << 20))!.length).toBeLessThan(5000);
  });

  it('refuses a block of another length', () => {
    const packed = codec.pack(new Uint8Array(10_000).fill(7))!;
    expect(codec.unpack(packed, 9_999)).toBeNull();
    expect(codec.unpack(packed, 10_001)).toBeNull();
    expect(codec.unpack(packed.subarray(0, -1), 10_000)).toBeNull();
    expect(codec.unpack(new Uint8Array(0), 0)).toBeNull();
  });

  it('touches nothing outside for any block whatever', () => {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const own = new PageCodec(memory, 4);
    const size = memory.buffer.byteLength;
    own.forget();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(5000), (block, length) => {
        const unpacked = own.unpack(block, length);
        if (unpacked) expect(unpacked.length).toBe(length);
        expect(memory.buffer.byteLength).toBe(size);
        expect([...own.marks]).toEqual(Array.from({ length: 8 }, () => 0xffff_ffff));
        expect(new Uint8Array(memory.buffer, 0, 65_536).every((byte) => byte === 0)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('lists the pages that changed since the last scan, and no others', () => {
    const pages = 40;
    const memory = new WebAssembly.Memory({ initial: 3 });
    const own = new PageCodec(memory, pages);
    expect(own.scan(0, 0, pages).changed).toHaveLength(0);
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(pages - 1)), fc.integer({ min: 1, max: 50 }), (touched, most) => {
        const bytes = new Uint8Array(memory.buffer);
        for (const page of touched) bytes[page * PAGE_BYTES + ((page * 97) % PAGE_BYTES)] += 1;
        const found: number[] = [];
        for (let at = 0; at < pages;) {
          const { looked, changed } = own.scan(at * PAGE_BYTES, at, pages - at, most);
          for (const page of changed) found.push(at + page);
          at += looked;
        }
        expect(found).toEqual(touched.toSorted((a, b) => a - b));
      }),
    );
    new Uint8Array(memory.buffer, 0, PAGE_BYTES).fill(0);
    own.scan(0, 0, pages);
    expect(own.isZero(0)).toBe(true);
  });
});
