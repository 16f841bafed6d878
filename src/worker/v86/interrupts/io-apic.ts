import { messageOf, type InterruptMessage } from './interrupt-message.ts';

export const IOAPIC_PINS = 24;

/** Byte offsets in the memory window (82093AA §3.1); the last is of later versions, which QEMU's is. */
export const IOAPIC = { select: 0x00, window: 0x10, eoi: 0x40 } as const;
/** Registers behind the window (82093AA §3.2). */
const REGISTER = { id: 0, version: 1, arbitration: 2, redirection: 0x10 } as const;
/** As QEMU's: version 20h, the last entry is 23. */
const VERSION = 0x17_0020;

const ENTRY = { masked: 0x1_0000, level: 0x8000, remoteIrr: 0x4000, writable: 0x1_afff } as const;

/** Bit 13, the polarity, is stored only: what arrives here is whether a device asks, not a voltage. */
export interface IoApicState {
  select: number;
  id: number;
  low: number[];
  high: number[];
  lines: number;
  requests: number;
  /** The pin that the timer is wired to: 2 on every PC, 0 in what was saved by the engine's own model. */
  timerPin: number;
}

const TIMER_IRQ = 0;
const TIMER_PIN = 2;

/**
 * The I/O APIC (Intel 82093AA, with the EOI register of its followers). `deliver` puts a message on the bus and says
 * whether a processor took it. Upstream's (`src/rust/cpu/ioapic.rs`) keeps the remote IRR of an entry that became
 * edge-triggered, sets it where no processor took the message, and compares the register's number with all 32 bits.
 */
export class IoApic {
  readonly #deliver: (message: InterruptMessage) => boolean;
  readonly #low = new Uint32Array(IOAPIC_PINS);
  readonly #high = new Uint32Array(IOAPIC_PINS);
  #select = 0;
  #id = 0;
  #lines = 0;
  #requests = 0;
  #timerPin = TIMER_PIN;

  constructor(deliver: (message: InterruptMessage) => boolean) {
    this.#deliver = deliver;
    this.reset();
  }

  /** All entries masked; what devices hold up stays up. */
  reset(): void {
    this.#low.fill(ENTRY.masked);
    this.#high.fill(0);
    this.#select = 0;
    this.#id = 0;
    this.#lines = 0;
    this.#requests = 0;
    this.#timerPin = TIMER_PIN;
  }

  /** A device asks for an interrupt, or no longer does. The timer's line goes to pin 2, as the MADT says. */
  setLine(irq: number, up: boolean): void {
    const pin = irq === TIMER_IRQ ? this.#timerPin : irq;
    // Pin 2 is the timer's; the cascade of the 8259s has no line of its own.
    if (irq === TIMER_PIN && this.#timerPin === TIMER_PIN) return;
    const bit = 1 << pin;
    const wasUp = (this.#lines & bit) !== 0;
    if (wasUp === up) return;
    this.#lines ^= bit;
    const entry = this.#low[pin];
    if (entry & ENTRY.level) {
      if (up) this.#requests |= bit;
      else this.#requests &= ~bit;
    } else if (up && !(entry & ENTRY.masked)) this.#requests |= bit;
    if (up) this.#service(pin);
  }

  /** The vector that the timer interrupts with, or null where its entry is masked. */
  get timerVector(): number | null {
    const entry = this.#low[this.#timerPin];
    return entry & ENTRY.masked ? null : entry & 0xff;
  }

  /** The processor is done with a level-triggered vector; a line that is still up asks again. */
  endOfInterrupt(vector: number): void {
    for (let pin = 0; pin < IOAPIC_PINS; pin++) {
      const entry = this.#low[pin];
      if ((entry & 0xff) !== vector || !(entry & ENTRY.remoteIrr)) continue;
      this.#low[pin] &= ~ENTRY.remoteIrr;
      this.#service(pin);
    }
  }

  read(offset: number): number {
    if (offset === IOAPIC.select) return this.#select;
    if (offset !== IOAPIC.window) return 0;
    switch (this.#select) {
      case REGISTER.id:
      case REGISTER.arbitration:
        return this.#id;
      case REGISTER.version:
        return VERSION;
      default:
    }
    const pin = this.#selectedPin();
    if (pin === null) return 0;
    return (this.#select & 1 ? this.#high : this.#low)[pin];
  }

  write(offset: number, value: number): void {
    if (offset === IOAPIC.select) this.#select = value & 0xff;
    else if (offset === IOAPIC.eoi) this.endOfInterrupt(value & 0xff);
    else if (offset === IOAPIC.window) this.#writeWindow(value);
  }

  getState(): IoApicState {
    return {
      select: this.#select,
      id: this.#id,
      low: [...this.#low],
      high: [...this.#high],
      lines: this.#lines,
      requests: this.#requests,
      timerPin: this.#timerPin,
    };
  }

  setState(state: IoApicState): void {
    this.#select = state.select;
    this.#id = state.id;
    this.#low.set(state.low);
    this.#high.set(state.high);
    this.#lines = state.lines;
    this.#requests = state.requests;
    this.#timerPin = state.timerPin;
  }

  #selectedPin(): number | null {
    const pin = (this.#select - REGISTER.redirection) >> 1;
    return pin >= 0 && pin < IOAPIC_PINS ? pin : null;
  }

  #writeWindow(value: number): void {
    if (this.#select === REGISTER.id) this.#id = value & 0x0f00_0000;
    const pin = this.#selectedPin();
    if (pin === null) return;
    if (this.#select & 1) {
      this.#high[pin] = value & 0xff00_0000;
    } else this.#writeEntry(pin, value);
    this.#service(pin);
  }

  #writeEntry(pin: number, value: number): void {
    const before = this.#low[pin];
    const bit = 1 << pin;
    let after = (value & ENTRY.writable) | (before & ENTRY.remoteIrr);
    if (!(after & ENTRY.level)) after &= ~ENTRY.remoteIrr;
    this.#low[pin] = after;
    if (!((before ^ after) & ENTRY.level)) return;
    // Of an edge that was, nothing is left; a level is asked for as long as it stands.
    if (after & ENTRY.level && this.#lines & bit) this.#requests |= bit;
    else this.#requests &= ~bit;
  }

  #service(pin: number): void {
    const bit = 1 << pin;
    const entry = this.#low[pin];
    if (!(this.#requests & bit) || entry & (ENTRY.masked | ENTRY.remoteIrr)) return;
    const taken = this.#deliver(messageOf(entry, this.#high[pin]));
    if (!(entry & ENTRY.level)) this.#requests &= ~bit;
    else if (taken) this.#low[pin] |= ENTRY.remoteIrr;
  }
}
