import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RealMachine } from '../testing/real-machine.ts';

let machine: RealMachine;
beforeEach(async () => {
  machine = await RealMachine.build();
});
afterEach(() => machine.dispose());

describe('a restored state', () => {
  it('has the last result, the floating point status and MXCSR that were saved', async () => {
    const { cpu } = machine.internals;
    const view32 = (address: number) => new Int32Array(cpu.wasm_memory.buffer, address, 1);
    cpu.last_result[0] = 0x1111;
    cpu.fpu_status_word[0] = 0x2222;
    cpu.mxcsr[0] = 0x3333;
    const state = await machine.emulator.save_state();
    for (const round of [1, 2]) {
      cpu.last_result[0] = round;
      cpu.fpu_status_word[0] = round;
      cpu.mxcsr[0] = round;
      await machine.emulator.restore_state(state);
      // Where wasm has them (`src/rust/cpu/global_pointers.rs`), not only in upstream's objects.
      expect(view32(112)[0]).toBe(0x1111);
      expect(view32(1040)[0] & 0xffff).toBe(0x2222);
      expect(view32(824)[0]).toBe(0x3333);
    }
  });

  it('has the time stamp counter that was saved, however old the page is', async () => {
    const { cpu } = machine.internals;
    const read = cpu.wm.exports['read_tsc'] as () => bigint;
    cpu.set_tsc(0, 0x100);
    const state = await machine.emulator.save_state();
    cpu.set_tsc(0, 0x900);
    for (let i = 0; i < 2; i++) {
      await machine.emulator.restore_state(state);
      const distance = read() - 0x100_0000_0000n;
      expect(distance).toBeGreaterThanOrEqual(0n);
      expect(distance).toBeLessThan(5_000_000_000n);
    }
  });

  it('fits a machine without a hard disk, which upstream cannot restore', async () => {
    const upstream = await RealMachine.build({ repairs: null });
    const state = await upstream.emulator.save_state();
    await machine.emulator.restore_state(state);
    await expect(async () => upstream.emulator.restore_state(state)).rejects.toThrow('original_bar');
    await upstream.dispose();
  });
});

describe('the PCI bus', () => {
  it('makes no cycle while bit 31 of CF8 is clear (PCI 2.1 §3.7.4.1)', () => {
    const { io } = machine.internals.cpu;
    const read = (address: number) => {
      io.port_write32(0xcf8, address | 0);
      return io.port_read32(0xcfc) >>> 0;
    };
    expect(read(0x8000_0000)).toBe(0x1237_8086);
    expect(read(0x0000_0000)).toBe(0xffff_ffff);
    const command = read(0x8000_0004);
    for (const write of [
      () => io.port_write32(0xcfc, 0x0107),
      () => io.port_write16(0xcfc, 0x0107),
      () => io.port_write8(0xcfd, 0x01),
    ]) {
      read(0x0000_0004);
      write();
      expect(read(0x8000_0004)).toBe(command);
    }
  });

  it('loses writes to a function that is not there', () => {
    const { io } = machine.internals.cpu;
    io.port_write32(0xcf8, 0x8000_0b40 | 0);
    io.port_write8(0xcfc, 0x12);
    io.port_write16(0xcfe, 0x3456);
    io.port_write32(0xcfc, 0x789a);
    io.port_write32(0xcf8, 0x8000_0b40 | 0);
    expect(io.port_read32(0xcfc)).toBe(-1);
  });
});
