import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RealMachine } from '../testing/real-machine.ts';

const TICKS_PER_MS = 1193.1816666;
const IRQ = 0;
let machine: RealMachine;
let now = 1000;
const io = () => machine.internals.cpu.io;
const pit = () => machine.internals.cpu.devices.pit;
/** A little more than so many ticks: rounding must not take one away. */
const pass = (ticks: number) => (now += (ticks + 0.01) / TICKS_PER_MS);
const control = (value: number) => io().port_write8(0x43, value);
const read = (counter: number) => io().port_read8(0x40 + counter);
function load(counter: number, mode: number, count: number): void {
  control((counter << 6) | 0x30 | (mode << 1));
  io().port_write8(0x40 + counter, count & 0xff);
  io().port_write8(0x40 + counter, (count >> 8) & 0xff);
}
function latched(counter: number): number {
  control(counter << 6);
  return read(counter) | (read(counter) << 8);
}

beforeEach(async () => {
  now = 1000;
  machine = await RealMachine.build({ monotonic: () => now });
});
afterEach(() => machine.dispose());

describe('the timer (8254 data sheet)', () => {
  it('latches the count as it is, once, until it is read', () => {
    load(2, 2, 5000);
    expect(latched(2)).toBe(5000);
    pass(10);
    expect(latched(2)).toBe(4990);
    control(0x80);
    pass(100);
    control(0x80);
    expect(read(2) | (read(2) << 8)).toBe(4990);
    expect(latched(2)).toBe(4890);
  });

  it('gives one byte of a count that is read by one', () => {
    control(0x94);
    io().port_write8(0x42, 0x80);
    control(0x80);
    expect([read(2), read(2)]).toEqual([0x80, 0x80]);
    pass(3);
    expect(read(2)).toBe(0x7d);
    control(0xa4);
    io().port_write8(0x42, 0x12);
    control(0x80);
    expect(read(2)).toBe(0x12);
    pass(1);
    expect(read(2)).toBe(0x11);
  });

  it('counts 65536 for a count of zero, also in a moment', () => {
    load(2, 2, 0);
    expect(latched(2)).toBe(0);
    pass(1);
    expect(latched(2)).toBe(0xffff);
    pass(0xffff);
    expect(latched(2)).toBe(0);
    pass(1);
    const moment = structuredClone(pit().get_state());
    expect(moment[6]).toBeInstanceOf(Uint16Array);
    load(2, 2, 100);
    pit().set_state(moment);
    expect(latched(2)).toBe(0xffff);
    pass(0x1_0000);
    expect(latched(2)).toBe(0xffff);
  });

  it('tells mode, output and count by the read-back command', () => {
    control(0xb6);
    control(0xe8);
    expect(read(2)).toBe(0xf6);
    load(2, 3, 0x1000);
    control(0xe8);
    expect(read(2)).toBe(0xb6);
    pass(0x900);
    control(0xe8);
    expect(read(2)).toBe(0x36);
    // Both: the status comes first.
    control(0xc8);
    pass(5);
    expect([read(2), read(2), read(2)]).toEqual([0x36, 0x00, 0x07]);
    load(1, 2, 0x1234);
    load(2, 0, 0x5678);
    control(0xde);
    expect([read(1), read(1)]).toEqual([0x34, 0x12]);
    expect([read(2), read(2)]).toEqual([0x78, 0x56]);
    control(0xec);
    expect([read(1), read(2)]).toEqual([0xb4, 0x30]);
  });

  it.each([
    [0, 1],
    [1, 0],
    [2, 3],
    [3, 3],
    [4, 1],
    [5, 0],
  ])('interrupts in mode %i %i times in three periods', (mode, times) => {
    load(0, mode, 1000);
    let interrupts = 0;
    for (let i = 0; i < 35; i++) {
      pass(100);
      pit().timer(now, false);
      if (machine.irqLine(IRQ)) interrupts++;
      machine.forgetIrq(IRQ);
    }
    expect(interrupts).toBe(times);
  });

  it('starts a one-shot when the gate opens', () => {
    io().port_write8(0x61, 0);
    load(2, 1, 1000);
    expect(io().port_read8(0x61) & 0x20).toBe(0x20);
    io().port_write8(0x61, 1);
    expect(io().port_read8(0x61) & 0x20).toBe(0);
    pass(1000);
    expect(io().port_read8(0x61) & 0x20).toBe(0x20);
  });
});

describe('port 61h', () => {
  it('keeps the gate and the speaker, also in a moment, and shows refresh and output', () => {
    io().port_write8(0x61, 0xff);
    load(2, 0, 1000);
    expect(io().port_read8(0x61) & 0xef).toBe(0x03);
    expect((io().port_read8(0x61) ^ io().port_read8(0x61)) & 0x10).toBe(0x10);
    pass(1001);
    expect(io().port_read8(0x61) & 0x2f).toBe(0x23);
    const moment = machine.repairs!.getState();
    io().port_write8(0x61, 0);
    expect(io().port_read8(0x61) & 0x0f).toBe(0);
    machine.repairs!.setState(moment);
    expect(io().port_read8(0x61) & 0x0f).toBe(3);
    machine.internals.cpu.reboot_internal();
    expect(io().port_read8(0x61) & 0x0f).toBe(0);
  });
});
