import { callFromEngine, engineExport } from '../engine-calls.ts';
import { ENGINE_SLOTS, ENGINE_VARIABLES } from '../engine-slots.ts';
import type { Cpu } from '../internals.ts';
import { Bound } from './bound.ts';
import { codeBytes } from './code-bytes.ts';
import { lengthOfIdleInstruction } from './idle-instructions.ts';

/** The processor shuts down, and a PC resets: thrown out of the engine. */
export class TripleFault extends Error {
  constructor() {
    super('triple fault');
  }
}

/** Vectors of exceptions, Intel SDM 3A table 6-1. */
const VECTOR = {
  debug: 1,
  breakpoint: 3,
  boundRange: 5,
  invalidOpcode: 6,
  doubleFault: 8,
  generalProtection: 13,
  pageFault: 14,
  last: 31,
} as const;
const NON_MASKABLE = 2;
/** Those that make a double fault when they come while one of them is delivered: SDM 3A table 6-4. */
const CONTRIBUTORY = new Set([0, 10, 11, 12, 13]);
/** Faults, whose instruction is begun again: the flags that they save have the resume flag (SDM 3B §17.3.1.1). */
const RESTARTED = new Set([0, 5, 6, 7, 10, 11, 12, 13, 14, 16, 17, 19]);
const RESUME = 0x1_0000;
/** Error code of a fault that an entry of the interrupt table is the cause of. */
const IN_IDT = 2;

const INT1 = 0xf1;
const VIRTUAL_8086 = 0x2_0000;
/** CR4.VME. */
const VME = 1;
/** DR6 (SDM 3B §17.2.3): a single step. */
const DEBUG_STATUS = { register: 6, singleStep: 0x4000 } as const;

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
  #delivered = 0;
  /** Where the processor went on after the last one. */
  #entry = 0;
  readonly #bound: Bound;

  constructor(cpu: Cpu) {
    this.#cpu = cpu;
    this.#original = engineExport(cpu, 'vitrine_deliver_js') as Deliver;
    this.#stackPointer = engineExport(cpu, 'vitrine_stack_js') as WebAssembly.Global;
    this.#bound = new Bound(cpu, {
      outOfRange: () => this.#deliver(VECTOR.boundRange, 0, 0, 0),
      invalidOpcode: () => this.invalidOpcode(),
      generalProtection: () => this.generalProtection(),
    });
    callFromEngine(cpu, ENGINE_SLOTS.deliver, 4, 0, (vector, software, hasCode, code) =>
      this.#deliver(vector, software, hasCode, code),
    );
  }

  /** How many exceptions and interrupts the processor has begun. */
  get delivered(): number {
    return this.#delivered;
  }

  /** The trap behind an instruction that began with the trap flag set. */
  debugTrap(): void {
    const cpu = this.#cpu;
    cpu.dreg[DEBUG_STATUS.register] |= DEBUG_STATUS.singleStep;
    cpu.in_hlt[0] = 0;
    this.#deliver(VECTOR.debug, 0, 0, 0);
  }

  /** The fault of the instruction at `previous_ip`. */
  generalProtection(): void {
    this.#cpu.instruction_pointer[0] = this.#cpu.previous_ip[0];
    this.#deliver(VECTOR.generalProtection, 0, 1, 0);
  }

  invalidOpcode(): void {
    this.#cpu.instruction_pointer[0] = this.#cpu.previous_ip[0];
    this.#deliver(VECTOR.invalidOpcode, 0, 0, 0);
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
    const isOutside = error instanceof WebAssembly.RuntimeError && /out of bounds/i.test(error.message);
    if ((!isOutside && !isPanic(error)) || this.#isWritingCode) return false;
    this.#current = null;
    const cpu = this.#cpu;
    // The instruction has had its page fault, and the panic is that the engine went on with it all the same.
    if (isPanic(error) && cpu.instruction_pointer[0] === this.#entry) return true;
    if (isOutside) cpu.previous_ip[0] = cpu.instruction_pointer[0];
    cpu.instruction_pointer[0] = cpu.previous_ip[0];
    if (isOutside) this.#deliver(VECTOR.invalidOpcode, 0, 0, 0);
    else this.#deliver(VECTOR.generalProtection, 0, 1, 0);
    return true;
  }

  /** Whether the engine failed while it wrote code for the guest, which leaves its books torn and locked. */
  get #isWritingCode(): boolean {
    return new Uint8Array(this.#cpu.wasm_memory.buffer, ENGINE_VARIABLES.compilerLock, 1)[0] !== 0;
  }

  /** Where the engine's own stack ends; what throws out of it leaves it where it was. */
  get stackPointer(): number {
    return this.#stackPointer.value as number;
  }

  set stackPointer(value: number) {
    this.#stackPointer.value = value;
  }

  #deliver(vector: number, software: number, hasCode: number, code: number): void {
    if (software && this.#bound.isAtHand(vector)) {
      this.#bound.run();
      return;
    }
    if (software && vector === VECTOR.breakpoint && this.#byteBefore() === INT1) {
      vector = VECTOR.debug;
      software = 0;
    }
    if (vector === VECTOR.invalidOpcode && !software && this.#skipIdleInstruction()) return;
    this.#delivered++;
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
      else {
        if (!software && RESTARTED.has(vector)) cpu.flags[0] |= RESUME;
        this.#withoutVme(() => this.#original(vector, software, hasCode, code));
      }
    } catch (error) {
      if (!isPanic(error)) throw error;
      // "Unimplemented: #GP handler", and "#TS handler" for the stack segment that a TSS names.
      this.stackPointer = stackPointer;
      this.#fault(VECTOR.generalProtection, vector * 8 + IN_IDT);
    } finally {
      cpu.flags[0] &= ~RESUME;
      this.#entry = cpu.instruction_pointer[0];
      this.#current = before;
    }
  }

  /**
   * Upstream panics where a program of virtual-8086 mode is interrupted and CR4.VME is set, which CPUID does not announce: every
   * interrupt goes to the monitor, as on a processor without these extensions.
   */
  #withoutVme(deliver: () => void): void {
    const { cr, flags } = this.#cpu;
    const extensions = flags[0] & VIRTUAL_8086 ? cr[4] & VME : 0;
    cr[4] &= ~extensions;
    try {
      deliver();
    } finally {
      cr[4] |= extensions;
    }
  }

  #fault(vector: number, code: number): void {
    const cpu = this.#cpu;
    cpu.instruction_pointer[0] = cpu.previous_ip[0];
    this.#deliver(vector, 0, 1, code);
  }

  #byteBefore(): number {
    return codeBytes(this.#cpu, (this.#cpu.instruction_pointer[0] - 1) | 0)(0);
  }

  #isPastTable(vector: number): boolean {
    const { protected_mode, idtr_size } = this.#cpu;
    return protected_mode[0] !== 0 && vector * 8 + 7 > idtr_size[0];
  }

  /** CLFLUSH, INVD and PREFETCHW, which upstream does not know: nothing is to be done for them here. */
  #skipIdleInstruction(): boolean {
    const cpu = this.#cpu;
    const start = cpu.instruction_pointer[0];
    const length = lengthOfIdleInstruction(codeBytes(cpu, start), {
      is32: cpu.is_32[0] !== 0,
      supervisor: cpu.cpl[0] === 0,
    });
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
