import { callFromEngine } from '../engine-calls.ts';
import { ENGINE_SLOTS, ENGINE_VARIABLES, LOCAL_APIC_STRUCT, UPSTREAM_LIMITS } from '../engine-slots.ts';
import type { Cpu } from '../internals.ts';
import { memoryOperandBytes } from './idle-instructions.ts';

/** What `safe_write32_slow_jit` gives where compiled code must be left with its registers. */
const LEAVE = 1;
/** Words of the engine's memory from `attention` on. */
const WORD = { attention: 0, interpreterLimit: 1, sliceLimit: 2, count: 3 } as const;
/** A slice's instructions while the guest has ticks to get. */
const SHORT_SLICE = 10_000;
const SEGMENT_PREFIXES = new Set([0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65]);
const MOV = { toMemory: 0x89, toOffset: 0xa3, immediate: 0xc7 } as const;

/**
 * Ends the slice under way soon, at a place between two instructions where an interrupt can be taken: the interpreter behind the
 * instruction at hand, compiled code behind the instruction that wrote, if that is a plain MOV, or else at its own limit.
 */
export class BlockEnd {
  readonly #cpu: Cpu;
  #view = new Uint32Array(0);
  #inHurry = false;

  constructor(cpu: Cpu) {
    this.#cpu = cpu;
    callFromEngine(cpu, ENGINE_SLOTS.afterWrite, 2, 1, (entry, place) => this.#afterWrite(entry, place));
    this.reached();
  }

  request(): void {
    const words = this.#words();
    words[WORD.attention] = 1;
    words[WORD.interpreterLimit] = 0;
    words[WORD.sliceLimit] = 0;
    // The interpreter looks at it after each instruction, and clears it when it begins.
    new Uint8Array(words.buffer, ENGINE_VARIABLES.blockBoundary, 1)[0] = 1;
  }

  /** The slice has ended, or another state of the machine begins. */
  reached(): void {
    const words = this.#words();
    words[WORD.attention] = 0;
    words[WORD.interpreterLimit] = UPSTREAM_LIMITS.interpreter;
    words[WORD.sliceLimit] = this.#inHurry ? SHORT_SLICE : UPSTREAM_LIMITS.slice;
  }

  /** Whether the next slices are to be short, so that what is late comes as soon as it can. */
  hurry(inHurry: boolean): void {
    this.#inHurry = inHurry;
  }

  /** Anew where the engine's memory grew. */
  #words(): Uint32Array {
    const { buffer } = this.#cpu.wasm_memory;
    if (this.#view.buffer !== buffer) {
      const { address, attention } = LOCAL_APIC_STRUCT;
      this.#view = new Uint32Array(buffer, address + attention, WORD.count);
    }
    return this.#view;
  }

  /** `place`: the writing instruction's offset in its page, and above it the number of its module. */
  #afterWrite(entry: number, place: number): number {
    if (entry & LEAVE) return entry;
    const cpu = this.#cpu;
    const start = (cpu.instruction_pointer[0] & ~0xfff) | (place & 0xfff);
    const physical = cpu.translate_address_system_read(start);
    const length = lengthOfPlainStore((at) => cpu.mem8[physical + at], cpu.is_32[0] !== 0);
    if (length === 0) return entry;
    cpu.instruction_pointer[0] = start + length;
    return LEAVE;
  }
}

/** The length of a MOV of 32 bits to memory in 32-bit code, after which nothing of the instruction is left to do; 0 for any other. */
export function lengthOfPlainStore(byteAt: (offset: number) => number, is32: boolean): number {
  if (!is32) return 0;
  let at = 0;
  while (SEGMENT_PREFIXES.has(byteAt(at)) && at < 4) at++;
  switch (byteAt(at)) {
    case MOV.toOffset:
      return at + 5;
    case MOV.toMemory:
      return at + 1 + memoryOperandBytes(byteAt, at + 1, true);
    case MOV.immediate:
      return at + 1 + memoryOperandBytes(byteAt, at + 1, true) + 4;
    default:
      return 0;
  }
}
