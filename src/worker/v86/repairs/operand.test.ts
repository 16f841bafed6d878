import { describe, expect, it } from 'vitest';
import { readMemoryOperand, readPrefixes } from './operand.ts';

const bytes = (hex: string) => {
  const values = Buffer.from(hex.replaceAll(' ', ''), 'hex');
  return (at: number) => values[at] ?? 0xcc;
};
const registers = [0x1000, 0x20, 0x3000, 0x400, 0x5000, 0x600, 0x70, 0x8];

describe('a memory operand', () => {
  it.each([
    ['62 05 78 56 34 12', true, 3, 0x12345678, 5],
    ['62 45 f0', true, 2, 0x5f0, 2],
    ['62 04 24', true, 2, 0x5000, 2],
    ['62 44 8b 10', true, 3, 0x400 + 0x80 + 0x10, 3],
    ['62 04 4d 00 01 00 00', true, 3, 0x40 + 0x100, 6],
    ['62 84 25 00 01 00 00', true, 2, 0x700, 6],
    ['64 62 03', true, 4, 0x400, 1],
    ['62 06 34 12', false, 3, 0x1234, 3],
    ['62 42 ff', false, 2, 0x66f, 2],
    ['62 00', false, 3, 0x470, 1],
    ['62 46 02', false, 2, 0x602, 2],
    ['26 67 62 47 05', false, 0, 0xd, 2],
  ])('of %s is found', (hex, is32, segment, offset, length) => {
    const byteAt = bytes(hex);
    const prefixes = readPrefixes(byteAt, is32);
    expect(prefixes.opcode).toBe(0x62);
    expect(readMemoryOperand(byteAt, prefixes.length + 1, prefixes, registers)).toEqual({
      segment,
      offset,
      length,
    });
  });

  it('is none where a register is named', () => {
    const prefixes = readPrefixes(bytes('66 f0 62 c1'), true);
    expect(prefixes).toMatchObject({ operand32: false, address32: true, isLocked: true, length: 2 });
    expect(readMemoryOperand(bytes('66 f0 62 c1'), 3, prefixes, registers)).toBeNull();
  });

  it('stops at the longest instruction', () => {
    expect(readPrefixes(() => 0x66, true).length).toBe(15);
  });
});
