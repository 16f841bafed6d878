import { beforeEach, describe, expect, it } from 'vitest';
import type { InterruptMessage } from './interrupt-message.ts';
import { IOAPIC, IOAPIC_PINS, IoApic } from './io-apic.ts';

const MASKED = 0x1_0000;
const LEVEL = 0x8000;
const REMOTE_IRR = 0x4000;

let sent: InterruptMessage[] = [];
let taken = true;
let apic: IoApic;

beforeEach(() => {
  sent = [];
  taken = true;
  apic = new IoApic((message) => {
    sent.push(message);
    return taken;
  });
});

function write(register: number, value: number): void {
  apic.write(IOAPIC.select, register);
  apic.write(IOAPIC.window, value);
}
function read(register: number): number {
  apic.write(IOAPIC.select, register);
  return apic.read(IOAPIC.window);
}
const entry = (pin: number, value: number) => write(0x10 + 2 * pin, value);
const entryOf = (pin: number) => read(0x10 + 2 * pin);
const vectors = () => sent.map(({ vector }) => vector);

describe('the registers (82093AA §3.2)', () => {
  it('are identity, version and arbitration, each entry masked', () => {
    write(0, 0xff00_0000);
    expect(read(0)).toBe(0x0f00_0000);
    write(1, 0);
    expect(read(1)).toBe(0x17_0020);
    expect(read(2)).toBe(0x0f00_0000);
    for (let pin = 0; pin < IOAPIC_PINS; pin++) expect(entryOf(pin)).toBe(MASKED);
  });

  it('are selected by the low byte alone', () => {
    apic.write(IOAPIC.select, 0xdead_be01 | 0);
    expect(apic.read(IOAPIC.select)).toBe(1);
    expect(apic.read(IOAPIC.window)).toBe(0x17_0020);
  });

  it('keep what can be written of an entry, and read zero where there is none', () => {
    entry(5, 0xffff_ffff | 0);
    expect(entryOf(5)).toBe(0x1_afff);
    write(0x1b, 0xffff_ffff | 0);
    expect(read(0x1b)).toBe(0xff00_0000);
    expect(read(0x40)).toBe(0);
    expect(apic.read(0x20)).toBe(0);
  });
});

describe('a line', () => {
  it('by edge interrupts once for each rise', () => {
    entry(5, 0x55);
    apic.setLine(5, true);
    apic.setLine(5, true);
    apic.setLine(5, false);
    apic.setLine(5, true);
    expect(vectors()).toEqual([0x55, 0x55]);
  });

  it('by edge is lost while it is masked', () => {
    entry(5, MASKED | 0x55);
    apic.setLine(5, true);
    entry(5, 0x55);
    expect(sent).toEqual([]);
  });

  it('by level waits for the end of the interrupt, and asks again while it is up', () => {
    entry(11, LEVEL | 0x55);
    apic.setLine(11, true);
    expect(entryOf(11) & REMOTE_IRR).toBe(REMOTE_IRR);
    apic.setLine(11, false);
    apic.setLine(11, true);
    expect(sent).toHaveLength(1);
    apic.endOfInterrupt(0x55);
    expect(sent).toHaveLength(2);
    apic.setLine(11, false);
    apic.endOfInterrupt(0x55);
    expect(sent).toHaveLength(2);
    expect(entryOf(11) & REMOTE_IRR).toBe(0);
  });

  it('by level that rose while it was masked interrupts as soon as it is not', () => {
    entry(11, MASKED | LEVEL | 0x55);
    apic.setLine(11, true);
    expect(sent).toEqual([]);
    entry(11, LEVEL | 0x55);
    expect(vectors()).toEqual([0x55]);
  });

  it('by level that no processor takes does not wait for an end', () => {
    taken = false;
    entry(11, LEVEL | 0x55);
    apic.setLine(11, true);
    expect(entryOf(11) & REMOTE_IRR).toBe(0);
    taken = true;
    write(0x10 + 2 * 11 + 1, 0);
    expect(entryOf(11) & REMOTE_IRR).toBe(REMOTE_IRR);
  });

  it('of the timer is pin 2, and pin 0 is nobody’s', () => {
    entry(0, 0x50);
    entry(2, 0x52);
    apic.setLine(0, true);
    apic.setLine(2, true);
    expect(vectors()).toEqual([0x52]);
    expect(apic.timerVector).toBe(0x52);
  });
});

describe('an entry', () => {
  it('that becomes edge-triggered forgets that it waits', () => {
    entry(11, LEVEL | 0x55);
    apic.setLine(11, true);
    entry(11, MASKED | 0x55);
    expect(entryOf(11) & REMOTE_IRR).toBe(0);
    entry(11, MASKED | LEVEL | 0x55);
    entry(11, LEVEL | 0x55);
    expect(sent).toHaveLength(2);
  });

  it('gives its fields to the message', () => {
    write(0x10 + 2 * 11 + 1, 0x0300_0000);
    entry(11, LEVEL | 0x900 | 0x55);
    apic.setLine(11, true);
    expect(sent).toEqual([{ vector: 0x55, mode: 1, level: true, logical: true, destination: 3 }]);
  });

  it('hears its end by the register of later versions as well', () => {
    entry(11, LEVEL | 0x55);
    apic.setLine(11, true);
    apic.write(IOAPIC.eoi, 0x55);
    expect(sent).toHaveLength(2);
  });
});

it('goes on from its state', () => {
  entry(11, LEVEL | 0x55);
  apic.setLine(11, true);
  const state = structuredClone(apic.getState());
  apic.reset();
  apic.setState(state);
  apic.endOfInterrupt(0x55);
  expect(sent).toHaveLength(2);
  expect(apic.getState()).toEqual(state);
});
