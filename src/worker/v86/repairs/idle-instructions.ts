/** Prefixes that change nothing but the segment or the operand's size. */
const PREFIXES = new Set([0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x66, 0xf2, 0xf3]);
const ADDRESS_SIZE = 0x67;
const LONGEST_INSTRUCTION = 15;

/**
 * The length of the instruction at hand if it is one that has nothing to do on a machine without caches: CLFLUSH (0F AE /7), INVD
 * (0F 08, supervisor only), PREFETCH and PREFETCHW (0F 0D with a memory operand); 0 for any other. Intel SDM 2A, 2B.
 */
export function lengthOfIdleInstruction(
  byteAt: (offset: number) => number,
  mode: { is32: boolean; supervisor: boolean },
): number {
  let at = 0;
  let address32 = mode.is32;
  for (; ; at++) {
    const byte = byteAt(at);
    if (byte === ADDRESS_SIZE) address32 = !mode.is32;
    else if (!PREFIXES.has(byte)) break;
    if (at >= LONGEST_INSTRUCTION) return 0;
  }
  if (byteAt(at) !== 0x0f) return 0;
  const opcode = byteAt(at + 1);
  if (opcode === 0x08) return mode.supervisor ? at + 2 : 0;
  if (opcode !== 0xae && opcode !== 0x0d) return 0;
  const modrm = byteAt(at + 2);
  if (modrm >> 6 === 3 || (opcode === 0xae && ((modrm >> 3) & 7) !== 7)) return 0;
  return at + 2 + memoryOperandBytes(byteAt, at + 2, address32);
}

/** Bytes of ModR/M, SIB and displacement; Intel SDM 2A §2.1.5. */
export function memoryOperandBytes(
  byteAt: (offset: number) => number,
  at: number,
  address32: boolean,
): number {
  const modrm = byteAt(at);
  const mod = modrm >> 6;
  const rm = modrm & 7;
  if (mod === 3) return 1;
  if (!address32) return 1 + (mod === 0 ? (rm === 6 ? 2 : 0) : mod);
  const sib = rm === 4 ? 1 : 0;
  const base = sib ? byteAt(at + 1) & 7 : rm;
  const displacement = mod === 1 ? 1 : mod === 2 || base === 5 ? 4 : 0;
  return 1 + sib + displacement;
}
