import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VitrineError } from '../lib/errors.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';

describe('ByteReader', () => {
  it('reads what ByteWriter wrote, in both byte orders', () => {
    const writer = new ByteWriter(40).u8(0xfe).u16(0x1234).u16Be(0x1234).u32(0x89abcdef).u32Be(0x89abcdef);
    const { bytes } = writer.u64(0x1_0000_0001n).ascii('CD', 4).u16Both(7).u32Both(0x01020304);
    const reader = new ByteReader(bytes);
    expect([reader.u8(), reader.u16(), reader.u16Be(), reader.u32(), reader.u32Be()]).toEqual([
      0xfe, 0x1234, 0x1234, 0x89abcdef, 0x89abcdef,
    ]);
    expect(reader.u64()).toBe(0x1_0000_0001n);
    expect(reader.latin1(4)).toBe('CD\0\0');
    expect([reader.u16(), reader.u16Be(), reader.u32(), reader.u32Be()]).toEqual([
      7, 7, 0x01020304, 0x01020304,
    ]);
    expect(bytes.subarray(1, 5)).toEqual(Uint8Array.of(0x34, 0x12, 0x12, 0x34));
  });

  it('refuses sizes above 2^53 - 1', () => {
    const huge = new ByteReader(new ByteWriter(8).u64(1n << 63n).bytes, 'disc.iso');
    expect(() => huge.size()).toThrow(expect.objectContaining({ code: 'bytes/too-large' }));
    expect(new ByteReader(new ByteWriter(8).u64((1n << 53n) - 1n).bytes).size()).toBe(
      Number.MAX_SAFE_INTEGER,
    );
  });

  it('moves nothing when a read is refused', () => {
    const reader = new ByteReader(Uint8Array.of(1, 2, 3)).at(1);
    expect(() => reader.u32()).toThrow(VitrineError);
    expect(reader.position).toBe(1);
    expect(reader.u8()).toBe(2);
  });

  it('never reads outside, whatever is asked', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 16 }), fc.double(), fc.double(), (bytes, offset, count) => {
        const reader = new ByteReader(bytes);
        const isInside =
          Number.isInteger(offset) &&
          Number.isInteger(count) &&
          offset >= 0 &&
          count >= 0 &&
          offset + count <= bytes.length;
        if (isInside) expect(reader.at(offset).bytes(count)).toHaveLength(count);
        else expect(() => reader.at(offset).bytes(count)).toThrow(VitrineError);
      }),
    );
  });

  it('finds ASCII at the cursor, and not beyond the end', () => {
    const reader = new ByteReader(new TextEncoder().encode('xCD001')).at(1);
    expect(reader.startsWith('CD001')).toBe(true);
    expect(reader.startsWith('CD0012')).toBe(false);
    expect(reader.position).toBe(1);
  });
});

describe('ByteWriter', () => {
  it('refuses to write past its end and texts that are too long', () => {
    expect(() => new ByteWriter(3).u32(1)).toThrow(RangeError);
    expect(() => new ByteWriter(3).ascii('four', 3)).toThrow(RangeError);
    expect(() => new ByteWriter(3).at(4)).toThrow(RangeError);
  });

  it('fills a text with what is asked', () => {
    expect(new ByteWriter(4).ascii('A', 4, 0x20).bytes).toEqual(new TextEncoder().encode('A   '));
  });
});
