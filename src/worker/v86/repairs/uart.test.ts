import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RealMachine } from '../testing/real-machine.ts';

const COM1 = 0x3f8;
const IRQ = 4;
let machine: RealMachine;
const io = () => machine.internals.cpu.io;
const control = (value: number) => io().port_write8(COM1 + 4, value);
const status = () => io().port_read8(COM1 + 6);

beforeEach(async () => {
  machine = await RealMachine.build();
});
afterEach(() => machine.dispose());

describe('COM1 (16550D data sheet, §8.5 and §8.7)', () => {
  it('has somebody at the other end of the line', () => {
    expect(status()).toBe(0xb0);
    control(0x0b);
    expect(status()).toBe(0xb0);
  });

  it.each([
    [0x10, 0x00],
    [0x11, 0x20],
    [0x12, 0x10],
    [0x14, 0x40],
    [0x18, 0x80],
    [0x1a, 0x90],
    [0x1f, 0xf0],
    [0xff, 0xf0],
  ])('leads its outputs to its inputs in loopback mode: %i', (value, lines) => {
    control(value);
    expect(status() & 0xf0).toBe(lines);
    expect(io().port_read8(COM1 + 4)).toBe(value & 0x1f);
    control(0);
    expect(status() & 0xf0).toBe(0xb0);
  });

  it('says once which lines changed, of the ring only that it ended, and interrupts who wants it', () => {
    control(0x10);
    expect(status()).toBe(0x0b);
    expect(status()).toBe(0x00);
    control(0x14);
    expect(status()).toBe(0x40);
    io().port_write8(COM1 + 1, 0x08);
    expect(machine.irqLine(IRQ)).toBe(false);
    control(0x10);
    expect(machine.irqLine(IRQ)).toBe(true);
    expect(io().port_read8(COM1 + 2) & 0x0f).toBe(0x00);
    expect(status()).toBe(0x04);
    expect(machine.irqLine(IRQ)).toBe(false);
  });

  it('loops its bytes as before, and has its lines in a moment of before they were there', () => {
    control(0x10);
    io().port_write8(COM1, 0x41);
    expect(io().port_read8(COM1)).toBe(0x41);
    expect(machine.serial).toBe('');
    const { uart0 } = machine.internals.cpu.devices;
    const old = uart0.get_state();
    old[7] = 0xe3;
    old[8] = 0;
    uart0.set_state(old);
    expect(io().port_read8(COM1 + 4)).toBe(0x03);
    expect(status()).toBe(0xb0);
  });
});
