import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { guestPath } from '../../../lib/testing/guests.ts';
import { bareProgram } from '../testing/bare-program.ts';
import { RealMachine } from '../testing/real-machine.ts';
import { LAPIC } from './apic-registers.ts';

const LOCAL_APIC = 0xfee0_0000;
const IO_APIC = 0xfec0_0000;

let machine: RealMachine;
afterEach(() => machine.dispose());

type Memory = {
  write8(address: number, value: number): void;
  write16(address: number, value: number): void;
  write32(address: number, value: number): void;
};

describe('a write to the local APIC', () => {
  it('interrupts between two instructions, interpreted and compiled: 200,000 turns, registers and counts intact', async () => {
    machine = await RealMachine.build({
      memoryMiB: 16,
      floppy: bareProgram('hot-loop'),
      repairs: { jit: { enabled: true, maxPages: 1 } },
    });
    await machine.emulator.run();
    await machine.until(() => /END\n|torn|exception/.test(machine.serial));
    expect(machine.serial.trim().split('\n')).toEqual([
      'handled 00030d40',
      'difference 00000000',
      'in service 00000000',
      'pairs 00061a80',
      'END',
    ]);
  });
});

describe('a guest', () => {
  it('has from the interrupt controllers what the manuals say, at the next instruction', async () => {
    machine = await RealMachine.build({ memoryMiB: 16, floppy: bareProgram('interrupts') });
    await machine.emulator.run();
    await machine.until(() => /END\n|exception/.test(machine.serial));
    // QEMU's Pentium III says the same, but for where it goes on to the end of its block: seven instructions after a write to the APIC.
    expect(machine.serial.trim().split('\n')).toEqual([
      'apic base fee00900',
      'spurious register 000001ff',
      'timer entry 00010000',
      'lint0 00008700',
      'lint1 00008400',
      'instructions after an IPI 00000000',
      'taken below the task priority 00000000',
      'instructions after it falls 00000000',
      'taken then 00000001',
      'instructions after a string 00000000',
      'instructions after an AND 00000000',
      'taken before a CLI 00000001',
      'instructions after an EOI 00000000',
      'higher of the same class 00000010',
      'lower class 00000010',
      'higher class 00000001',
      'processor priority 00000060',
      'to nobody 00000000',
      'to all others 00000000',
      'to all 00000001',
      'nmi 00000022',
      'while it is disabled 00000000',
      'timer entry then 00010000',
      'timer ends a halt 00000001',
      'io apic 00170020',
      'between sti and cli 00000000',
      'behind sti 00000001',
      // 82371AB data sheet §4.2.6: the lines of timer, keyboard, cascade, clock and coprocessor cannot be levels.
      'levels 0000def8',
      'double fault at 00000000',
      'END',
    ]);
  });
});

describe('the registers in memory', () => {
  it('can be read and written at every width, the select register of the I/O APIC as a byte', async () => {
    machine = await RealMachine.build({ memoryMiB: 16 });
    const { cpu } = machine.internals;
    const memory = cpu as unknown as Memory;
    memory.write8(IO_APIC, 0x01);
    expect(cpu.read32s(IO_APIC + 0x10) >>> 0).toBe(0x17_0020);
    expect(cpu.read8(IO_APIC + 0x12)).toBe(0x17);
    memory.write16(LOCAL_APIC + LAPIC.tpr, 0x30);
    expect(cpu.read16(LOCAL_APIC + LAPIC.tpr)).toBe(0x30);
    memory.write8(LOCAL_APIC + LAPIC.tpr, 0x40);
    expect(cpu.read8(LOCAL_APIC + LAPIC.tpr)).toBe(0x40);
    expect(cpu.read32s(LOCAL_APIC + LAPIC.ppr)).toBe(0x40);
    memory.write32(LOCAL_APIC + LAPIC.spurious, 0x1ff);
    expect(cpu.read32s(LOCAL_APIC + LAPIC.spurious)).toBe(0x1ff);
    expect(cpu.read32s(LOCAL_APIC + 0x1_0000)).toBe(-1);
  });

  it('are gone while the guest has the APIC switched off, and as after a reset when it comes back', async () => {
    machine = await RealMachine.build({ memoryMiB: 16 });
    const { cpu } = machine.internals;
    const memory = cpu as unknown as Memory;
    const call = (name: string) => (cpu.jit_imports[name] as () => void)();
    const writeBase = (low: number, high = 0) => {
      cpu.reg32.set([low, 0x1b, high]);
      call('instr_0F30');
    };
    const hasApic = () => {
      cpu.reg32[0] = 1;
      call('instr_0FA2');
      return (cpu.reg32[2] & (1 << 9)) !== 0;
    };
    memory.write32(LOCAL_APIC + LAPIC.spurious, 0x1ff);
    memory.write32(LOCAL_APIC + LAPIC.tpr, 0x30);
    writeBase(0xfee0_0100);
    expect(hasApic()).toBe(false);
    expect(cpu.read32s(LOCAL_APIC + LAPIC.version)).toBe(-1);
    memory.write32(LOCAL_APIC + LAPIC.tpr, 0x50);
    writeBase(0xfee0_0900);
    expect(hasApic()).toBe(true);
    expect(cpu.read32s(LOCAL_APIC + LAPIC.version)).toBe(0x5_0014);
    expect(cpu.read32s(LOCAL_APIC + LAPIC.tpr)).toBe(0);
    expect(cpu.read32s(LOCAL_APIC + LAPIC.spurious)).toBe(0xff);
    // The x2APIC is not there, and the address has 36 bits: a general protection fault, in real mode by the vector at 34h.
    for (const [low, high] of [
      [0xfee0_0d00, 0],
      [0xfee0_0901, 0],
      [0xfee0_0900, 0x10],
    ]) {
      cpu.instruction_pointer[0] = 0x1234;
      writeBase(low, high);
      expect(cpu.instruction_pointer[0]).not.toBe(0x1234);
    }
    expect(cpu.apic_enabled[0]).toBe(1);
  });

  it('are absent where the machine has the 8259s alone', async () => {
    machine = await RealMachine.build({ memoryMiB: 16, repairs: { apic: false } });
    const { cpu } = machine.internals;
    (cpu as unknown as Memory).write32(LOCAL_APIC + LAPIC.tpr, 0x30);
    expect(cpu.read32s(LOCAL_APIC + LAPIC.tpr)).toBe(-1);
    expect(cpu.read32s(IO_APIC)).toBe(-1);
    expect(cpu.read8(LOCAL_APIC)).toBe(0xff);
    expect(cpu.acpi_enabled[0]).toBe(0);
  });
});

describe('a moment of the time when the engine’s own APICs were in use', () => {
  it('goes on with what they held, whatever the devices do while it comes back', async () => {
    machine = await RealMachine.build({ memoryMiB: 16 });
    const { cpu } = machine.internals;
    const state = machine.repairs!.getState();
    delete state.apic;
    await machine.emulator.restore_state(await machine.emulator.save_state());
    // As `src/rust/cpu/apic.rs` and `ioapic.rs` have them.
    const local = new Uint32Array(cpu.wasm_memory.buffer, cpu.get_apic_addr(), 46);
    local[8] = 0x2_00ef;
    local[13] = 0x20;
    local[16 + 3] = 1 << 1;
    local[24 + 2] = 1 << 5;
    local[40] = 0x1ff;
    const io = new Uint32Array(cpu.wasm_memory.buffer, cpu.get_ioapic_addr(), 52);
    io[0] = 0x31;
    io[11] = 0x8059;
    cpu.device_raise_irq(6);
    machine.repairs!.setState(state);
    expect(cpu.read32s(LOCAL_APIC + LAPIC.timer)).toBe(0x2_00ef);
    expect(cpu.read32s(LOCAL_APIC + LAPIC.tpr)).toBe(0x20);
    expect(cpu.read32s(LOCAL_APIC + LAPIC.irr + 0x30)).toBe(2);
    expect(cpu.read32s(LOCAL_APIC + LAPIC.isr + 0x20)).toBe(0x20);
    expect(cpu.read32s(LOCAL_APIC + LAPIC.ppr)).toBe(0x40);
    expect(cpu.read32s(LOCAL_APIC + LAPIC.spurious)).toBe(0x1ff);
    (cpu as unknown as Memory).write32(IO_APIC, 0x10 + 2 * 11);
    expect(cpu.read32s(IO_APIC + 0x10)).toBe(0x8059);
    // The timer stays on pin 0, where that firmware's tables have it.
    expect(machine.repairs!.getState().apic!.io.timerPin).toBe(0);
  });
});

const openbsd = guestPath('openbsd51-floppy.img');
if (!openbsd) console.warn('openbsd51-floppy.img is not here (VITRINE_GUESTS): its kernel is not tried.');

describe.runIf(openbsd)('OpenBSD 5.1', () => {
  it.each([
    ['the APICs and a disk', true, true],
    ['the 8259s and a disk', false, true],
    ['the APICs alone', true, false],
  ])(
    'asks what to install with %s',
    async (_, apic, disk) => {
      machine = await RealMachine.build({
        memoryMiB: 64,
        floppy: new Uint8Array(readFileSync(openbsd!)),
        ...(disk && { disk: new Uint8Array(64 << 20) }),
        repairs: { apic, jit: { enabled: true, maxPages: 1 } },
      });
      await machine.emulator.run();
      const seen = await machine.untilScreen(/\(S\)hell|panic|timeout|stray/);
      expect(seen).toContain('(I)nstall, (U)pgrade or (S)hell?');
      expect(seen).not.toMatch(/panic|timeout|stray/);
      if (disk) expect(seen).toContain('wd0');
    },
    400_000,
  );
});
