import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { HOUSE_DISC, RealMachine } from '../testing/real-machine.ts';

let machine: RealMachine;
afterEach(() => machine.dispose());
const build = () => RealMachine.build({ disc: readFileSync(HOUSE_DISC), disk: new Uint8Array(1 << 20) });

describe('a reset', () => {
  it('leaves no device as the last system had it', async () => {
    machine = await build();
    const { cpu } = machine.internals;
    const ioapic = () => new Uint32Array(cpu.wasm_memory.buffer, cpu.get_ioapic_addr(), 52);
    const apic = () => new Uint32Array(cpu.wasm_memory.buffer, cpu.get_apic_addr(), 46);
    const space = () => cpu.devices.pci.device_spaces[8]![0x60 >> 2];
    ioapic()[9] = 0x0000_a0d1;
    apic()[8] = 0x0002_00ef;
    cpu.device_raise_irq(5);
    cpu.io.port_write8(0x4d1, 0x0c);
    cpu.io.port_write32(0xcf8, 0x8000_0860 | 0);
    cpu.io.port_write32(0xcfc, 0x0b0b_0a0a);
    expect(space()).toBe(0x0b0b_0a0a);
    cpu.reboot_internal();
    expect(ioapic()[9]).toBe(0x0001_0000);
    expect(apic()[8]).toBe(0x0001_0000);
    expect(machine.irqLine(5)).toBe(false);
    expect(space()).toBe(0);
    expect(machine.events).toEqual(['reboot']);
  });

  it('comes from the keyboard controller, port CF9, port 92, and a triple fault; each boots again', async () => {
    machine = await build();
    await machine.emulator.run();
    await machine.untilSerial('HOUSE READY');
    for (const [line, event] of [
      ['reboot', 'reboot'],
      ['reboot cf9', 'reboot'],
      ['triplefault', 'triple-fault'],
      ['reboot', 'reboot'],
    ] as const) {
      const told = machine.events.length;
      await machine.command(`${line}\n`, /OK[^]*HOUSE READY/);
      expect(machine.events.slice(told)).toEqual([event]);
    }
    machine.internals.cpu.io.port_write8(0x92, 0x02);
    expect(machine.internals.cpu.io.port_read8(0x92)).toBe(0x02);
    machine.internals.cpu.io.port_write8(0x92, 0x03);
    expect(machine.events.at(-1)).toBe('reboot');
    expect(machine.events).toHaveLength(5);
  });

  it('starts the time stamp counter at zero', async () => {
    machine = await build();
    const read = machine.internals.cpu.wm.exports['read_tsc'] as () => bigint;
    for (let i = 0; i < 3; i++) {
      machine.internals.cpu.reboot_internal();
      // Less than a second of a counter that makes a thousand million ticks in one.
      expect(read()).toBeLessThan(1_000_000_000n);
    }
  });
});
