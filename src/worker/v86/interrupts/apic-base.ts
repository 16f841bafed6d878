import { callFromEngine, engineExport } from '../engine-calls.ts';
import { ENGINE_SLOTS } from '../engine-slots.ts';
import type { Cpu } from '../internals.ts';

const APIC_BASE = 0x1b;
const EAX = 0;
const ECX = 1;
const EDX = 2;
/** Bits of the register that this processor does not have: those below BSP, 9, and 10 for the x2APIC; and of the upper word the address beyond 36 bits. */
const RESERVED = { low: 0x6ff, high: 0xffff_fff0 } as const;

export interface ApicBaseEvents {
  /** Whether the machine has a local APIC at all. */
  readonly isPresent: boolean;
  generalProtection(): void;
  /** The guest switched the local APIC off, which loses what is in it. */
  switchedOff(): void;
}

/**
 * WRMSR to IA32_APIC_BASE (Intel SDM 3A §10.4.3 and §10.4.4). Upstream (`src/rust/cpu/instructions_0f.rs`, instr_0F30) takes every value, and an
 * APIC that is switched off answers as before. Its place stays where it is: no system for a PC moves it.
 */
export function applyApicBase(cpu: Cpu, on: ApicBaseEvents): void {
  const original = engineExport(cpu, 'vitrine_wrmsr_js') as () => void;
  callFromEngine(cpu, ENGINE_SLOTS.wrmsr, 0, 0, () => {
    const { reg32 } = cpu;
    const isOurs = reg32[ECX] === APIC_BASE && cpu.cpl[0] === 0 && on.isPresent;
    if (isOurs && (reg32[EAX] & RESERVED.low || reg32[EDX] & RESERVED.high)) {
      on.generalProtection();
      return;
    }
    original();
    if (isOurs && cpu.apic_enabled[0] === 0) on.switchedOff();
  });
}
