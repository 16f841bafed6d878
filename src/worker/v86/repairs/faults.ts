import { callFromEngine, engineExport } from '../engine-calls.ts';
import { ENGINE_SLOTS } from '../engine-slots.ts';
import type { Cpu } from '../internals.ts';
import { lengthOfIdleInstruction } from './idle-instructions.ts';

/** The processor shuts down, and a PC resets: thrown out of the engine. */
export class TripleFault extends Error {
  constructor() {
    super('triple fault');
  }
}

/** Vectors of exceptions, Intel SDM 3A table 6-1. */
const VECTOR = { invalidOpcode: 6, doubleFault: 8, generalProtection: 13, pageFault: 14, last: 31 } as const;
const NON_MASKABLE = 2;
/** Those that make a double fault when they come while one of them is delivered: SDM 3A table 6-4. */
const CONTRIBUTORY = new Set([0, 10, 11, 12, 13]);
/** Error code of a fault that an entry of the interrupt table is the cause of. */
const IN_IDT = 2;

type Deliver = (vector: number, software: number, hasCode: number, code: number) => void;

/**
 * Faults while a fault is delivered (Intel SDM 3A §6.15, interrupt 8). Upstream (`src/rust/cpu/cpu.rs`, call_interrupt_vector) panics
 * where a gate or a stack segment is wrong, and delivers a page fault within a page fault until the stack is at its end.
 * Here such a fault becomes a general protection or double fault for the guest; one within a double fault is a `TripleFault`.
 */
export class Faults {
  readonly #cpu: Cpu;
  readonly #original: Deliver;
  readonly #stackPointer: WebAssembly.Global;
  /** What is being delivered, or null. */
  #current: number | null = null;

  constructor(cpu: Cpu) {
    this.#cpu = cpu;
    this.#original = engineExport(cpu, 'vitrine_deliver_js') as Deliver;
    this.#stackPointer = engineExport(cpu, 'vitrine_stack_js') as WebAssembly.Global;
    callFromEngine(cpu, ENGINE_SLOTS.deliver, 4, 0, (vector, software, hasCode, code) =>
      this.#deliver(vector, software, hasCode, code),
    );
  }

  /** Interrupts the processor, which is between two instructions. */
  nonMaskable(): void {
    const cpu = this.#cpu;
    cpu.previous_ip[0] = cpu.instruction_pointer[0];
    cpu.in_hlt[0] = 0;
    this.#deliver(NON_MASKABLE, 0, 0, 0);
  }

  /**
   * Gives the guest a fault for what the engine could not do, once none of its frames is left: an invalid opcode where there is no
   * memory to execute (a PC reads ones there), or else a general protection fault, which is what nearly all that upstream has
   * not implemented would be. False for an error that is neither.
   */
  answer(error: unknown): boolean {
    const isFetch = error instanceof WebAssembly.RuntimeError && /out of bounds/i.test(error.message);
    if (!isFetch && !isPanic(error)) return false;
    this.#current = null;
    const cpu = this.#cpu;
    if (isFetch) cpu.previous_ip[0] = cpu.instruction_pointer[0];
    cpu.instruction_pointer[0] = cpu.previous_ip[0];
    if (isFetch) this.#deliver(VECTOR.invalidOpcode, 0, 0, 0);
    else this.#deliver(VECTOR.generalProtection, 0, 1, 0);
    return true;
  }

  /** Where the engine's own stack ends; what throws out of it leaves it where it was. */
  get stackPointer(): number {
    return this.#stackPointer.value as number;
  }

  set stackPointer(value: number) {
    this.#stackPointer.value = value;
  }

  #deliver(vector: number, software: number, hasCode: number, code: number): void {
    if (vector === VECTOR.invalidOpcode && !software && this.#skipIdleInstruction()) return;
    const before = this.#current;
    const cpu = this.#cpu;
    // A fault out of compiled code leaves the place of the last interpreted instruction here.
    if (before === null && !software) cpu.previous_ip[0] = cpu.instruction_pointer[0];
    if (before !== null && !software && vector <= VECTOR.last && vector !== NON_MASKABLE) {
      if (before === VECTOR.doubleFault) throw new TripleFault();
      if (makesDoubleFault(before, vector)) {
        vector = VECTOR.doubleFault;
        hasCode = 1;
        code = 0;
      }
    }
    // Only an exception counts as one that was being delivered; of a software interrupt or a device's the fault is a first one.
    this.#current = !software && vector <= VECTOR.last ? vector : VECTOR.last + 1;
    const stackPointer = this.stackPointer;
    try {
      if (this.#isPastTable(vector)) this.#fault(VECTOR.generalProtection, vector * 8 + IN_IDT);
      else this.#original(vector, software, hasCode, code);
    } catch (error) {
      if (!isPanic(error)) throw error;
      // "Unimplemented: #GP handler", and "#TS handler" for the stack segment that a TSS names.
      this.stackPointer = stackPointer;
      this.#fault(VECTOR.generalProtection, vector * 8 + IN_IDT);
    } finally {
      this.#current = before;
    }
  }

  #fault(vector: number, code: number): void {
    const cpu = this.#cpu;
    cpu.instruction_pointer[0] = cpu.previous_ip[0];
    this.#deliver(vector, 0, 1, code);
  }

  #isPastTable(vector: number): boolean {
    const { protected_mode, idtr_size } = this.#cpu;
    return protected_mode[0] !== 0 && vector * 8 + 7 > idtr_size[0];
  }

  /** CLFLUSH, INVD and PREFETCHW, which upstream does not know: nothing is to be done for them here. */
  #skipIdleInstruction(): boolean {
    const cpu = this.#cpu;
    const start = cpu.instruction_pointer[0];
    const length = lengthOfIdleInstruction(
      (at) => cpu.read8(cpu.translate_address_system_read((start + at) | 0)),
      {
        is32: cpu.is_32[0] !== 0,
        supervisor: cpu.cpl[0] === 0,
      },
    );
    if (length === 0) return false;
    cpu.instruction_pointer[0] = (start + length) | 0;
    return true;
  }
}

function makesDoubleFault(first: number, second: number): boolean {
  if (first === VECTOR.pageFault) return second === VECTOR.pageFault || CONTRIBUTORY.has(second);
  return CONTRIBUTORY.has(first) && CONTRIBUTORY.has(second);
}

/** Rust's panic, as the engine is compiled: the instruction `unreachable`. */
export function isPanic(error: unknown): boolean {
  return error instanceof WebAssembly.RuntimeError && /unreachable/i.test(error.message);
}
