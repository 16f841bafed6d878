import { engineExport } from '../engine-calls.ts';
import type { Cpu } from '../internals.ts';
import { codeBytes } from './code-bytes.ts';
import { readMemoryOperand, readPrefixes } from './operand.ts';

const BOUND = 0x62;
/** What the engine's functions for compiled code give where a page is not there. */
const FAULT = 1;

type Read = (address: number, place: number) => number;

export interface BoundEvents {
  outOfRange(): void;
  invalidOpcode(): void;
  generalProtection(): void;
}

/**
 * BOUND (Intel SDM 2A): an index that is not within two bounds in memory is a #BR. Upstream (`src/rust/cpu/instructions.rs`, instr_62_mem)
 * does nothing. The patched interpreter (`bound-and-int1`) takes it for an INT n, with its ModR/M byte as n.
 */
export class Bound {
  readonly #cpu: Cpu;
  readonly #on: BoundEvents;
  readonly #read16: Read;
  readonly #read32: Read;
  readonly #deliverFault: () => void;

  constructor(cpu: Cpu, on: BoundEvents) {
    this.#cpu = cpu;
    this.#on = on;
    this.#read16 = engineExport(cpu, 'safe_read16_slow_jit') as Read;
    this.#read32 = engineExport(cpu, 'safe_read32s_slow_jit') as Read;
    this.#deliverFault = engineExport(cpu, 'exit_jit') as () => void;
    cpu.jit_imports['instr_62_mem'] = () => this.run();
    cpu.jit_imports['instr_62_reg'] = () => on.invalidOpcode();
  }

  /** Whether a software interrupt of this number is a BOUND that the processor has just read. */
  isAtHand(vector: number): boolean {
    const end = this.#cpu.instruction_pointer[0];
    // Of INT n the byte is the number as well; of INT3, INT1 and INTO it is not.
    const byteBefore = (distance: number) => codeBytes(this.#cpu, (end - distance) | 0)(0);
    return byteBefore(1) === vector && byteBefore(2) === BOUND;
  }

  /** Does the instruction at `previous_ip`. */
  run(): void {
    const cpu = this.#cpu;
    const start = cpu.previous_ip[0];
    const byteAt = codeBytes(cpu, start);
    const prefixes = readPrefixes(byteAt, cpu.is_32[0] !== 0);
    const modrm = prefixes.length + 1;
    const operand = readMemoryOperand(byteAt, modrm, prefixes, cpu.reg32);
    if (!operand || prefixes.isLocked) {
      this.#on.invalidOpcode();
      return;
    }
    if (cpu.protected_mode[0] && cpu.segment_is_null[operand.segment]) {
      this.#on.generalProtection();
      return;
    }
    const bytes = prefixes.operand32 ? 4 : 2;
    cpu.instruction_pointer[0] = start;
    const base = cpu.segment_offsets[operand.segment];
    const offsets = [0, bytes].map((more) =>
      prefixes.address32 ? (operand.offset + more) | 0 : (operand.offset + more) & 0xffff,
    );
    const bounds: number[] = [];
    for (const offset of offsets) {
      const bound = this.#readSigned((base + offset) | 0, bytes);
      if (bound === null) {
        this.#deliverFault();
        return;
      }
      bounds.push(bound);
    }
    const register = cpu.reg32[(byteAt(modrm) >> 3) & 7];
    const index = bytes === 4 ? register : (register << 16) >> 16;
    if (index < bounds[0] || index > bounds[1]) this.#on.outOfRange();
    else cpu.instruction_pointer[0] = (start + modrm + operand.length) | 0;
  }

  /** Null where there is a page fault, which is to be delivered. */
  #readSigned(address: number, bytes: 2 | 4): number | null {
    const cpu = this.#cpu;
    const found = (bytes === 4 ? this.#read32 : this.#read16)(address, cpu.instruction_pointer[0] & 0xfff);
    if (found === FAULT) return null;
    const memory = new DataView(cpu.wasm_memory.buffer);
    const place = (found ^ address) >>> 0;
    return bytes === 4 ? memory.getInt32(place, true) : memory.getInt16(place, true);
  }
}
