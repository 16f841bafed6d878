import { memoryOperandBytes } from './idle-instructions.ts';

/** Numbers of the segment registers, as a prefix and the engine name them. */
const SEGMENT = { es: 0, ss: 2, ds: 3 } as const;
const SEGMENT_PREFIXES = new Map([
  [0x26, 0],
  [0x2e, 1],
  [0x36, 2],
  [0x3e, 3],
  [0x64, 4],
  [0x65, 5],
]);
const PREFIX = {
  operandSize: 0x66,
  addressSize: 0x67,
  lock: 0xf0,
  repeatNotEqual: 0xf2,
  repeat: 0xf3,
} as const;
const LONGEST_INSTRUCTION = 15;
const EBX = 3;
const ESP = 4;
const EBP = 5;
const ESI = 6;
const EDI = 7;

/** An instruction up to its opcode. */
export interface Prefixes {
  readonly opcode: number;
  /** Bytes before the opcode. */
  readonly length: number;
  readonly operand32: boolean;
  readonly address32: boolean;
  /** The segment that a prefix names, or null. */
  readonly segment: number | null;
  readonly isLocked: boolean;
  /** F2h or F3h, or null. */
  readonly repeat: number | null;
}

/** Reads the prefixes of an instruction (Intel SDM 2A §2.1.1). */
export function readPrefixes(byteAt: (offset: number) => number, is32: boolean): Prefixes {
  let operand32 = is32;
  let address32 = is32;
  let segment: number | null = null;
  let isLocked = false;
  let repeat: number | null = null;
  let length = 0;
  for (; length < LONGEST_INSTRUCTION; length++) {
    const byte = byteAt(length);
    const named = SEGMENT_PREFIXES.get(byte);
    if (named !== undefined) segment = named;
    else if (byte === PREFIX.operandSize) operand32 = !is32;
    else if (byte === PREFIX.addressSize) address32 = !is32;
    else if (byte === PREFIX.lock) isLocked = true;
    else if (byte === PREFIX.repeat || byte === PREFIX.repeatNotEqual) repeat = byte;
    else break;
  }
  return { opcode: byteAt(length), length, operand32, address32, segment, isLocked, repeat };
}

/** Where an operand in memory is. */
export interface MemoryOperand {
  readonly segment: number;
  readonly offset: number;
  /** Bytes of ModR/M, SIB and displacement. */
  readonly length: number;
}

/** The memory operand whose ModR/M byte is at `at`; null where it names a register (Intel SDM 2A tables 2-1 to 2-3). */
export function readMemoryOperand(
  byteAt: (offset: number) => number,
  at: number,
  prefixes: Pick<Prefixes, 'address32' | 'segment'>,
  registers: ArrayLike<number>,
): MemoryOperand | null {
  const modrm = byteAt(at);
  const mod = modrm >> 6;
  if (mod === 3) return null;
  const length = memoryOperandBytes(byteAt, at, prefixes.address32);
  const { base, offset } = prefixes.address32
    ? address32(byteAt, at, registers, length)
    : address16(byteAt, at, registers, length);
  const segment = prefixes.segment ?? (base === ESP || base === EBP ? SEGMENT.ss : SEGMENT.ds);
  return { segment, offset, length };
}

function littleEndian(byteAt: (offset: number) => number, at: number, bytes: number): number {
  let value = 0;
  for (let i = 0; i < bytes; i++) value |= byteAt(at + i) << (8 * i);
  return bytes === 1 ? (value << 24) >> 24 : value;
}

function address16(
  byteAt: (offset: number) => number,
  at: number,
  registers: ArrayLike<number>,
  length: number,
): { base: number | null; offset: number } {
  const modrm = byteAt(at);
  const displacement = littleEndian(byteAt, at + 1, length - 1);
  if (modrm >> 6 === 0 && (modrm & 7) === 6) return { base: null, offset: displacement & 0xffff };
  const pairs = [[EBX, ESI], [EBX, EDI], [EBP, ESI], [EBP, EDI], [ESI], [EDI], [EBP], [EBX]] as const;
  const parts = pairs[modrm & 7];
  const sum = parts.reduce<number>((total, register) => total + registers[register], displacement);
  return { base: parts[0], offset: sum & 0xffff };
}

function address32(
  byteAt: (offset: number) => number,
  at: number,
  registers: ArrayLike<number>,
  length: number,
): { base: number | null; offset: number } {
  const modrm = byteAt(at);
  const mod = modrm >> 6;
  const hasSib = (modrm & 7) === 4;
  const sib = hasSib ? byteAt(at + 1) : 0;
  const named = hasSib ? sib & 7 : modrm & 7;
  const base = named === EBP && mod === 0 ? null : named;
  const index = (sib >> 3) & 7;
  const scaled = hasSib && index !== ESP ? registers[index] << (sib >> 6) : 0;
  const first = hasSib ? 2 : 1;
  const displacement = littleEndian(byteAt, at + first, length - first);
  return { base, offset: ((base === null ? 0 : registers[base]) + scaled + displacement) | 0 };
}
