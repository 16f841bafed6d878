import { callFromEngine, engineExport } from '../engine-calls.ts';
import { ENGINE_SLOTS, LOCAL_APIC_STRUCT } from '../engine-slots.ts';
import type { Cpu } from '../internals.ts';
import { codeBytes } from './code-bytes.ts';
import type { Faults } from './faults.ts';
import { readPrefixes, type Prefixes } from './operand.ts';

const TRAP_FLAG = 0x100;
const ZERO_FLAG = 0x40;
const ECX = 1;
const SS = 2;
const REPEAT_NOT_EQUAL = 0xf2;
const OPCODE = { popSs: 0x17, movToSegment: 0x8e, hlt: 0xf4, sti: 0xfb } as const;
/** INS, OUTS, MOVS, CMPS, STOS, LODS, SCAS. */
const STRINGS = new Set([0x6c, 0x6d, 0x6e, 0x6f, 0xa4, 0xa5, 0xa6, 0xa7, 0xaa, 0xab, 0xac, 0xad, 0xae, 0xaf]);
const COMPARING_STRINGS = new Set([0xa6, 0xa7, 0xae, 0xaf]);
/** What the engine's function for compiled code gives where the page is not there. */
const FAULT = 1;

interface EngineFunctions {
  run(opcode: number): void;
  /** Where the page is in the engine's memory, XORed with the address; its fault, if there is one, still has to be delivered. */
  findCodePage(address: number): number;
  deliverFault(): void;
  /** STI; 0 where it is not allowed. */
  setInterrupts(): number;
  flags(): number;
}

/**
 * One instruction after the other while the trap flag is set, each with its debug exception (Intel SDM 3B §17.3.1.4), which
 * upstream does not have: it takes the flag away (`src/rust/cpu/cpu.rs`, update_eflags). The patched engine (`trap-flag`) begins no
 * block while the flag is set, compiled or not, and comes here.
 */
export class SingleStep {
  readonly #cpu: Cpu;
  readonly #faults: Faults;
  readonly #engine: EngineFunctions;

  constructor(cpu: Cpu, faults: Faults) {
    this.#cpu = cpu;
    this.#faults = faults;
    const find = (name: string) => engineExport(cpu, name) as never;
    this.#engine = {
      run: find('vitrine_run_js'),
      findCodePage: find('get_phys_eip_slow_jit'),
      deliverFault: find('exit_jit'),
      setInterrupts: find('instr_FB_without_fault'),
      flags: find('get_eflags'),
    };
    callFromEngine(cpu, ENGINE_SLOTS.step, 0, 0, () => this.#step());
  }

  #step(): void {
    const cpu = this.#cpu;
    const wasSet = (cpu.flags[0] & TRAP_FLAG) !== 0;
    const before = this.#faults.delivered;
    cpu.instruction_counter[0]++;
    const start = cpu.instruction_pointer[0];
    cpu.previous_ip[0] = start;
    const page = this.#engine.findCodePage(start);
    if (page === FAULT) {
      this.#engine.deliverFault();
      return;
    }
    const physical = (((page ^ start) & ~0xfff) >>> 0) - cpu.mem8.byteOffset + (start & 0xfff);
    if (physical >= cpu.memory_size[0]) {
      this.#faults.invalidOpcode();
      return;
    }
    const byteAt = codeBytes(cpu, start);
    const prefixes = readPrefixes(byteAt, cpu.is_32[0] !== 0);
    this.#holdInterruptsBack(true);
    try {
      this.#run(byteAt(0), prefixes, start);
    } finally {
      this.#holdInterruptsBack(false);
    }
    // What faulted has not been done, and an interrupt of software takes the flag away before its trap.
    const isDone = this.#faults.delivered === before;
    if (isDone && holdsTrapsBack(prefixes, byteAt)) return;
    if (isDone && wasSet) this.#faults.debugTrap();
    cpu.handle_irqs();
  }

  #run(opcode: number, prefixes: Prefixes, start: number): void {
    const cpu = this.#cpu;
    if (prefixes.repeat !== null && STRINGS.has(prefixes.opcode)) {
      this.#runOneRepetition(opcode, prefixes, start);
      return;
    }
    cpu.instruction_pointer[0]++;
    // Its trap ends a halt at once (SDM 2A, HLT).
    if (opcode === OPCODE.hlt && cpu.flags[0] & TRAP_FLAG && cpu.cpl[0] === 0) return;
    // The engine runs the instruction behind an STI together with it.
    if (opcode === OPCODE.sti) {
      if (!this.#engine.setInterrupts()) this.#faults.generalProtection();
    } else this.#engine.run(opcode | (cpu.is_32[0] << 8));
  }

  /** A repeated instruction traps after each repetition; the engine would do many at once. */
  #runOneRepetition(opcode: number, prefixes: Prefixes, start: number): void {
    const cpu = this.#cpu;
    const mask = prefixes.address32 ? -1 : 0xffff;
    const before = cpu.reg32[ECX];
    const count = (before & mask) >>> 0;
    const write = (value: number) => {
      cpu.reg32[ECX] = (before & ~mask) | (value & mask);
    };
    if (count > 1) write(1);
    const delivered = this.#faults.delivered;
    cpu.instruction_pointer[0]++;
    try {
      this.#engine.run(opcode | (cpu.is_32[0] << 8));
    } catch (error) {
      write(count);
      throw error;
    }
    if (count <= 1) return;
    if (this.#faults.delivered !== delivered) {
      write(count);
      return;
    }
    write(count - 1);
    const isEqual = (this.#engine.flags() & ZERO_FLAG) !== 0;
    const goesOn =
      !COMPARING_STRINGS.has(prefixes.opcode) || isEqual === (prefixes.repeat !== REPEAT_NOT_EQUAL);
    if (goesOn) cpu.instruction_pointer[0] = start;
  }

  #holdInterruptsBack(held: boolean): void {
    const { address, heldBack } = LOCAL_APIC_STRUCT;
    new Uint32Array(this.#cpu.wasm_memory.buffer, address + heldBack, 1)[0] = held ? 1 : 0;
  }
}

/** After a new stack segment nothing comes before the stack pointer is loaded as well (SDM 3A §6.8.3). */
function holdsTrapsBack({ opcode, length }: Prefixes, byteAt: (offset: number) => number): boolean {
  if (opcode === OPCODE.popSs) return true;
  return opcode === OPCODE.movToSegment && ((byteAt(length + 1) >> 3) & 7) === SS;
}
