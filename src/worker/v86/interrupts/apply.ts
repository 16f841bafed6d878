import type { Cpu } from '../internals.ts';
import { BlockEnd } from '../repairs/leave-block.ts';
import type { Faults } from '../repairs/faults.ts';
import { PitTicks } from '../repairs/pit-ticks.ts';
import { applyApicBase } from './apic-base.ts';
import type { MachineTime } from '../time/machine-time.ts';
import { Apic, withoutApic } from './apic.ts';
import type { ApicState } from './apic-state.ts';

const TIMER_IRQ_BIT = 1;
/** Offsets in `src/rust/cpu/pic.rs`, Pic0: the mask has a one for what may come. */
const PIC = { mask: 0, isr: 2, irr: 3, bytes: 13 } as const;

export interface Interrupts {
  /** Null on a machine that has the 8259s alone. */
  readonly apic: Apic | null;
  readonly pit: PitTicks;
  /** As after a hardware reset. */
  reset(): void;
  getState(): ApicState | null;
  /** After upstream's state; without one of ours what the engine's own APIC held is taken over. */
  setState(state: ApicState | null | undefined): void;
}

/**
 * Wires APICs, timers and lines of a machine: `apic` says whether it has the APICs. Before the first instruction, and before
 * anything else wraps `device_raise_irq`.
 */
export function applyInterrupts(
  cpu: Cpu,
  faults: Faults,
  { apic: hasApic, time }: { apic: boolean; time: MachineTime },
): Interrupts {
  let nonMaskable = false;
  const blockEnd = new BlockEnd(cpu);
  time.follow(cpu, () => blockEnd.request());
  let apic: Apic | null = null;
  if (hasApic) {
    cpu.acpi_enabled[0] = 1;
    cpu.apic_enabled[0] = 1;
    apic = new Apic(cpu, {
      now: time.now,
      timerSet: time.timerSet,
      endBlock: () => blockEnd.request(),
      nonMaskable: () => {
        nonMaskable = true;
        blockEnd.request();
      },
    });
    apic.reset();
  } else withoutApic(cpu);
  applyApicBase(cpu, {
    isPresent: hasApic,
    generalProtection: () => faults.generalProtection(),
    switchedOff: () => apic?.switchedOff(),
  });
  const pit = new PitTicks(cpu, () => apic?.timerAnswered() ?? picTimerAnswered(cpu));

  const setState = cpu.set_state.bind(cpu);
  cpu.set_state = (state) => {
    apic?.beginRestore();
    setState(state);
  };
  const upstream = cpu.run_hardware_timers.bind(cpu);
  // Called between two instructions, and right before the engine takes an interrupt.
  cpu.run_hardware_timers = (_, now) => {
    const isLate = time.isLate;
    const wait = time.askTimers(() =>
      Math.min(apic?.tick(now) ?? Infinity, upstream(cpu.devices.acpi !== undefined, now)),
    );
    if (nonMaskable) {
      nonMaskable = false;
      faults.nonMaskable();
    }
    blockEnd.hurry(isLate || pit.backlog > 0 || (apic?.local.backlog ?? 0) > 0);
    blockEnd.reached();
    return wait;
  };

  return {
    apic,
    pit,
    reset: () => {
      nonMaskable = false;
      blockEnd.reached();
      if (!apic) return;
      cpu.apic_enabled[0] = 1;
      apic.reset();
    },
    getState: () => apic?.getState() ?? null,
    setState: (state) => {
      if (apic) apic.setState(state ?? apic.legacyState(time.now()));
      else withoutApic(cpu);
      blockEnd.reached();
    },
  };
}

/** Whether the guest is done with the last tick that came by the 8259, or null where it is masked there. */
function picTimerAnswered(cpu: Cpu): boolean | null {
  const pic = new Uint8Array(cpu.wasm_memory.buffer, cpu.get_pic_addr_master(), PIC.bytes);
  if (!(pic[PIC.mask] & TIMER_IRQ_BIT)) return null;
  return ((pic[PIC.irr] | pic[PIC.isr]) & TIMER_IRQ_BIT) === 0;
}
