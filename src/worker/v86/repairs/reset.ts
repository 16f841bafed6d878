import type { Cpu } from '../internals.ts';

/** Sizes of the structures in wasm memory: `src/rust/cpu/pic.rs`, `apic.rs` and `ioapic.rs`. */
const PIC_BYTES = 13;
const APIC_BYTES = 46 * 4;
const IOAPIC_BYTES = 52 * 4;

/**
 * A reset that resets. Upstream's (`src/cpu.js`, reboot_internal) starts the processor and the keyboard anew
 * and leaves every other device as the last system had it: an I/O APIC with live vectors, an APIC that ticks,
 * a clock with its interrupts on, a drive in the middle of a command. The next system is then interrupted
 * before it can answer, which is the blue screen "on the second boot" of several reports.
 *
 * Made before the guest's first instruction; the state of the devices at that moment is what a reset restores.
 */
export function applyResetRepair(cpu: Cpu, on: { before: () => void; after: () => void }): void {
  const { devices } = cpu;
  const restores: (() => void)[] = [];
  for (const [address, length] of [
    [cpu.get_pic_addr_master(), PIC_BYTES],
    [cpu.get_pic_addr_slave(), PIC_BYTES],
    [cpu.get_apic_addr(), APIC_BYTES],
    [cpu.get_ioapic_addr(), IOAPIC_BYTES],
  ] as const) {
    const initial = new Uint8Array(cpu.wasm_memory.buffer, address, length).slice();
    // A fresh view each time: memory that grew has a new buffer.
    restores.push(() => new Uint8Array(cpu.wasm_memory.buffer, address, length).set(initial));
  }
  for (const device of [devices.pit, devices.dma, devices.pci]) {
    const initial = copyState(device.get_state());
    restores.push(() => device.set_state(copyState(initial)));
  }

  const reboot = cpu.reboot_internal.bind(cpu);
  cpu.reboot_internal = () => {
    on.before();
    for (const restore of restores) restore();
    reboot();
    on.after();
  };

  let port92 = 0;
  cpu.io.register_read(0x92, cpu, () => port92);
  cpu.io.register_write(0x92, cpu, (value) => {
    // The PIIX's fast reset, on the edge of bit 0. Upstream stores the bit.
    const reset = (value & 1) !== 0 && (port92 & 1) === 0;
    port92 = reset ? 0 : value;
    if (reset) cpu.reboot_internal();
  });
}

/** A copy that no later change of the device reaches: its state is the live arrays. */
function copyState(state: unknown[]): unknown[] {
  return structuredClone(state);
}
