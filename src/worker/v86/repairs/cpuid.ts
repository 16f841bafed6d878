import { callFromEngine, engineExport } from '../engine-calls.ts';
import { ENGINE_SLOTS } from '../engine-slots.ts';
import type { Cpu } from '../internals.ts';

const EAX = 0;
const ECX = 1;
const EDX = 2;
const EBX = 3;

const APIC_FEATURE = 1 << 9;
const LEAF = {
  features: 1,
  hypervisor: 0x4000_0000,
  extended: 0x8000_0000,
  brandFirst: 0x8000_0002,
  brandLast: 0x8000_0004,
};
/** 48 bytes with a zero at the end (Intel SDM 2A, CPUID). */
const BRAND = 'Vitrine Virtual Processor';
const BRAND_BYTES = 48;

/**
 * The processor's name, which the System page of Windows shows, the APIC's feature bit, and the highest leaf of the hypervisor's range. Upstream
 * (`src/rust/cpu/instructions_0f.rs`, instr_0FA2) has an empty name and a highest leaf of 0, below the one that says so.
 */
export function applyCpuidRepair(cpu: Cpu): void {
  const original = engineExport(cpu, 'vitrine_cpuid_js') as () => void;
  const name = new DataView(new ArrayBuffer(BRAND_BYTES));
  for (let i = 0; i < BRAND.length; i++) name.setUint8(i, BRAND.charCodeAt(i));
  callFromEngine(cpu, ENGINE_SLOTS.cpuid, 0, 0, () => {
    const { reg32 } = cpu;
    const leaf = reg32[EAX] >>> 0;
    original();
    // As long as its MSR has it switched off, there is no APIC.
    if (leaf === LEAF.features && cpu.apic_enabled[0] === 0) reg32[EDX] &= ~APIC_FEATURE;
    if (leaf === LEAF.hypervisor) reg32[EAX] = LEAF.hypervisor;
    if (leaf < LEAF.brandFirst || leaf > LEAF.brandLast) return;
    const part = (leaf - LEAF.brandFirst) * 16;
    for (const [i, register] of [EAX, EBX, ECX, EDX].entries()) {
      reg32[register] = name.getInt32(part + 4 * i, true);
    }
  });
}
