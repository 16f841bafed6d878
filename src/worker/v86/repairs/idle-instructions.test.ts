import { describe, expect, it } from 'vitest';
import { lengthOfIdleInstruction } from './idle-instructions.ts';
import { lengthOfPlainStore } from './leave-block.ts';

const bytes = (hex: string) => {
  const values = Buffer.from(hex.replaceAll(' ', ''), 'hex');
  return (at: number) => values[at] ?? 0xcc;
};

describe('an instruction that has nothing to do', () => {
  it.each([
    [3, '0f ae 38'], // clflush [eax]
    [7, '0f ae 3d 00 00 00 80'], // clflush [80000000h]
    [4, '0f ae 7e 10'], // clflush [esi+10h]
    [8, '0f ae bc 8b 00 01 00 00'], // clflush [ebx+ecx*4+100h]
    [4, '0f ae 3c 24'], // clflush [esp]
    [5, '26 67 0f ae 3f'], // clflush es:[bx], 16-bit address
    [2, '0f 08'], // invd
    [3, '0f 0d 08'], // prefetchw [eax]
    [3, '0f 0d 00'], // prefetch [eax]
  ])('has the length %i: %s', (length, hex) => {
    expect(lengthOfIdleInstruction(bytes(hex), { is32: true, supervisor: true })).toBe(length);
  });

  it.each(['0f 0b', 'f0 0f ae 38', '0f ae f8', '0f ae 30', '0f 0d c8', '90'])('is not %s', (hex) => {
    expect(lengthOfIdleInstruction(bytes(hex), { is32: true, supervisor: true })).toBe(0);
  });

  it('is no INVD of a user’s program, and addresses with 16 bits in old code', () => {
    expect(lengthOfIdleInstruction(bytes('0f 08'), { is32: true, supervisor: false })).toBe(0);
    expect(lengthOfIdleInstruction(bytes('0f ae 3e 34 12'), { is32: false, supervisor: true })).toBe(5);
  });
});

describe('a store that compiled code can be left after', () => {
  it.each([
    [6, '89 05 80 00 e0 fe'], // mov [fee00080], eax
    [5, 'a3 80 00 e0 fe'],
    [10, 'c7 05 80 00 e0 fe 00 00 00 00'],
    [3, '89 43 80'],
    [7, '64 89 0d 24 00 00 00'], // mov fs:[24h], ecx
  ])('is %i bytes long: %s', (length, hex) => {
    expect(lengthOfPlainStore(bytes(hex), true)).toBe(length);
  });

  it.each(['87 05 80 00 e0 fe', '66 89 05 80 00 e0 fe', 'ab', '83 25 80 00 e0 fe 00'])('is not %s', (hex) => {
    expect(lengthOfPlainStore(bytes(hex), true)).toBe(0);
  });
});
