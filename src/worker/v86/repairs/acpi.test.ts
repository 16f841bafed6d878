import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RealMachine } from '../testing/real-machine.ts';

const SCI = 9;
const PM1_STATUS = 0xb000;
const PM1_ENABLE = 0xb002;
const PM1_CONTROL = 0xb004;
const PM_TIMER = 0xb008;
const SMI_COMMAND = 0xb2;

let machine: RealMachine;
let now = 1000;
const build = (repairs: object | null = {}) => RealMachine.build({ repairs, monotonic: () => now });
const io = () => machine.internals.cpu.io;
const acpi = () => machine.internals.cpu.devices.acpi!;
const enableAcpi = () => io().port_write8(SMI_COMMAND, 0xf1);

beforeEach(async () => {
  now = 1000;
  machine = await build();
});
afterEach(() => machine.dispose());

describe('the power management registers', () => {
  it('hand over to the system through SMI_CMD, and take back', () => {
    expect(io().port_read16(PM1_CONTROL) & 1).toBe(0);
    enableAcpi();
    expect(io().port_read16(PM1_CONTROL) & 1).toBe(1);
    io().port_write8(SMI_COMMAND, 0xf0);
    expect(io().port_read16(PM1_CONTROL) & 1).toBe(0);
    expect(io().port_read8(SMI_COMMAND)).toBe(0xf0);
  });

  it('clear PM1 status by ones, at every width', () => {
    acpi().pm1_status = 0x0521;
    io().port_write16(PM1_STATUS, 0);
    expect(io().port_read16(PM1_STATUS)).toBe(0x0521);
    io().port_write8(PM1_STATUS, 0x01);
    expect(io().port_read16(PM1_STATUS)).toBe(0x0520);
    io().port_write8(PM1_STATUS + 1, 0x01);
    expect(io().port_read8(PM1_STATUS + 1)).toBe(0x04);
    io().port_write32(PM1_STATUS, 0x0100_0420);
    expect(io().port_read32(PM1_STATUS)).toBe(0x0100_0000);
    expect(io().port_read8(PM1_ENABLE + 1)).toBe(0x01);
  });

  it('clear GPE status by ones and store GPE enable', () => {
    acpi().gpe[0] = 0x06;
    io().port_write8(0xafe0, 0x02);
    expect(io().port_read8(0xafe0)).toBe(0x04);
    io().port_write8(0xafe0, 0xff);
    io().port_write8(0xafe0, 0xff);
    expect(io().port_read16(0xafe0)).toBe(0);
    io().port_write16(0xafe2, 0x8006);
    expect(io().port_read32(0xafe0)).toBe(0x8006_0000 | 0);
    expect(io().port_read8(0xafe3)).toBe(0x80);
  });

  it('say that nothing was plugged or pulled, that one processor is there, and swallow writes', () => {
    for (const [port, length, expected] of [
      [0xae00, 0x10, []],
      [0xaf00, 0x20, [1]],
    ] as const) {
      for (let i = 0; i < length; i++) {
        io().port_write8(port + i, 0xff);
        expect(io().port_read8(port + i)).toBe(expected[i] ?? 0);
      }
      for (let i = 0; i < length; i += 4) {
        io().port_write32(port + i, -1);
        expect(io().port_read32(port + i)).toBe(expected[i] ?? 0);
        expect(io().port_read16(port + i)).toBe(expected[i] ?? 0);
      }
    }
  });

  it('have the rest of the block answer: stored, or zero where it has nothing to say', () => {
    io().port_write32(0xb028, 0x1234_5678);
    expect(io().port_read32(0xb028)).toBe(0x1234_5678);
    expect(io().port_read8(0xb014)).toBe(0);
    expect(io().port_read8(0xb015)).toBe(0);
    io().port_write32(0xb010, 0x0000_0010);
    expect(io().port_read32(0xb010)).toBe(0x10);
  });
});

describe('the SCI', () => {
  it('follows status and enable after each write', () => {
    enableAcpi();
    acpi().pm1_status = 0x0001;
    io().port_write16(PM1_ENABLE, 0x0001);
    expect(machine.irqLine(SCI)).toBe(true);
    io().port_write16(PM1_STATUS, 0x0001);
    expect(machine.irqLine(SCI)).toBe(false);
    acpi().gpe[1] = 0x80;
    io().port_write8(0xafe3, 0x80);
    expect(machine.irqLine(SCI)).toBe(true);
    io().port_write8(0xafe3, 0);
    expect(machine.irqLine(SCI)).toBe(false);
  });

  it('stays down while the firmware has the registers', () => {
    acpi().pm1_status = 0x0001;
    io().port_write16(PM1_ENABLE, 0x0001);
    expect(machine.irqLine(SCI)).toBe(false);
    enableAcpi();
    expect(machine.irqLine(SCI)).toBe(true);
    io().port_write8(SMI_COMMAND, 0xf0);
    expect(machine.irqLine(SCI)).toBe(false);
  });

  it('has no event when hot-plug status is cleared, which upstream sets instead', async () => {
    enableAcpi();
    io().port_write8(0xafe2, 0x06);
    io().port_write8(0xafe0, 0x06);
    expect(machine.irqLine(SCI)).toBe(false);
    const upstream = await build(null);
    upstream.internals.cpu.io.port_write8(0xafe0, 0x06);
    expect(upstream.internals.cpu.io.port_read8(0xafe0)).toBe(0x06);
    await upstream.dispose();
  });
});

describe('the PM timer', () => {
  it('counts 3579545 in a second, in 24 bits, and reads at every width', () => {
    const start = io().port_read32(PM_TIMER);
    now += 1000;
    expect((io().port_read32(PM_TIMER) - start) & 0xff_ffff).toBeCloseTo(3_579_545, -2);
    now += 60_000;
    const whole = io().port_read32(PM_TIMER);
    expect(whole).toBeLessThan(0x100_0000);
    expect(io().port_read16(PM_TIMER)).toBeGreaterThanOrEqual(whole & 0xffff);
    expect(io().port_read8(PM_TIMER + 2)).toBe(whole >> 16);
    expect(io().port_read8(PM_TIMER + 3)).toBe(0);
  });

  it('goes on between two steps of the browser’s clock for a guest that polls it, and never back', () => {
    machine.time.enter(false);
    io().port_read32(PM_TIMER);
    // From here on a step of the browser is a millisecond.
    now++;
    const first = io().port_read32(PM_TIMER);
    let last = first;
    for (let i = 0; i < 10_000; i++) {
      const value = io().port_read32(PM_TIMER);
      expect((value - last) & 0xff_ffff).toBeLessThan(100);
      last = value;
    }
    expect(last - first).toBeGreaterThan(3000);
    expect(last - first).toBeLessThan(3700 + 3580);
    machine.time.leave();
  });

  it('sets its status at each change of the top bit, enabled or not, and interrupts when enabled', () => {
    enableAcpi();
    acpi().timer(now);
    now += 2345;
    acpi().timer(now);
    expect(io().port_read16(PM1_STATUS)).toBe(0x0001);
    expect(machine.irqLine(SCI)).toBe(false);
    io().port_write16(PM1_STATUS, 1);
    io().port_write16(PM1_ENABLE, 1);
    const wait = acpi().timer(now);
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(100);
    now += 2345;
    acpi().timer(now);
    expect(machine.irqLine(SCI)).toBe(true);
  });

  it('goes on from where it was in a restored state', async () => {
    now += 123_456;
    const seen = io().port_read32(PM_TIMER);
    const saved = machine.repairs!.getState();
    await machine.dispose();
    now = 50;
    machine = await build();
    machine.repairs!.setState(structuredClone(saved));
    expect((io().port_read32(PM_TIMER) - seen) & 0xff_ffff).toBeLessThan(100);
  });
});

describe('power', () => {
  const sleep = (type: number) => io().port_write16(PM1_CONTROL, (type << 10) | 0x2001);

  it('goes off at SLP_EN with the type of S5, by word and by byte', () => {
    enableAcpi();
    io().port_write16(PM1_CONTROL, 0x0001);
    expect(machine.events).toEqual([]);
    sleep(0);
    expect(machine.events).toEqual(['power-off']);
    io().port_write8(PM1_CONTROL + 1, 0x20);
    expect(machine.events).toEqual(['power-off', 'power-off']);
    expect(io().port_read16(PM1_CONTROL)).toBe(0x0001);
  });

  it('wakes at once from a sleep that the firmware does not offer', () => {
    enableAcpi();
    sleep(1);
    expect(machine.events).toEqual([]);
    expect(io().port_read16(PM1_STATUS)).toBe(0x8000);
    expect(io().port_read16(PM1_CONTROL)).toBe(0x0401);
  });

  it('has a button that a guest hears when it listens', () => {
    expect(machine.repairs!.pressPowerButton()).toBe(false);
    enableAcpi();
    expect(machine.repairs!.pressPowerButton()).toBe(false);
    io().port_write16(PM1_ENABLE, 0x0100);
    expect(machine.repairs!.pressPowerButton()).toBe(true);
    expect(machine.irqLine(SCI)).toBe(true);
    io().port_write16(PM1_STATUS, 0x0100);
    expect(machine.irqLine(SCI)).toBe(false);
  });

  it('is as after power-on when the machine was reset', () => {
    enableAcpi();
    io().port_write16(PM1_ENABLE, 0x0100);
    machine.repairs!.pressPowerButton();
    machine.internals.cpu.reboot_internal();
    expect(machine.irqLine(SCI)).toBe(false);
    expect(io().port_read32(PM1_STATUS)).toBe(0);
    expect(io().port_read16(PM1_CONTROL)).toBe(0);
  });
});
