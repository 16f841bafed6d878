import { PeriodicTicks } from '../repairs/periodic-ticks.ts';
import { DELIVERY, messageOf, type InterruptMessage } from './interrupt-message.ts';
import { VectorSet } from './vector-set.ts';

/** Offsets of the registers, Intel SDM 3A table 10-1. */
export const LAPIC = {
  id: 0x20,
  version: 0x30,
  tpr: 0x80,
  ppr: 0xa0,
  eoi: 0xb0,
  logicalDestination: 0xd0,
  destinationFormat: 0xe0,
  spurious: 0xf0,
  isr: 0x100,
  tmr: 0x180,
  irr: 0x200,
  errorStatus: 0x280,
  icrLow: 0x300,
  icrHigh: 0x310,
  timer: 0x320,
  thermal: 0x330,
  performance: 0x340,
  lint0: 0x350,
  lint1: 0x360,
  error: 0x370,
  initialCount: 0x380,
  currentCount: 0x390,
  divide: 0x3e0,
} as const;

/** An integrated APIC with six LVT entries, as QEMU's. */
const VERSION = 0x5_0014;
const MASKED = 0x1_0000;
const PERIODIC = 0x2_0000;
const ENABLED = 0x100;
const READ_ONLY_ICR = 0x1000;

/** Which bits of each LVT entry can be written (SDM 3A figure 10-8). Delivery status and remote IRR cannot. */
const LVT_BITS = new Map<number, number>([
  [LAPIC.timer, 0x3_00ff],
  [LAPIC.thermal, 0x1_07ff],
  [LAPIC.performance, 0x1_07ff],
  [LAPIC.lint0, 0x1_a7ff],
  [LAPIC.lint1, 0x1_a7ff],
  [LAPIC.error, 0x1_00ff],
]);

/** SDM 3A §10.5.3. */
const ERROR = { sendIllegalVector: 0x20, receivedIllegalVector: 0x40, illegalRegister: 0x80 } as const;
const FIRST_LEGAL_VECTOR = 16;
const SHORTHAND = { none: 0, self: 1, all: 2, others: 3 } as const;

/** Ticks of the timer in a millisecond before its divider: a bus of 1 GHz, which is the TSC's rate as well (`src/rust/cpu/apic.rs`). */
const BUS_TICKS_PER_MS = 1_000_000;

export interface LocalApicState {
  registers: [offset: number, value: number][];
  irr: number[];
  isr: number[];
  tmr: number[];
  /** How long ago the timer was started. */
  timerAgeMs: number;
  timerFired: boolean;
  latchedErrors: number;
}

export interface LocalApicEvents {
  /** The service of a level-triggered interrupt ended: told to the I/O APIC. */
  endOfInterrupt(vector: number): void;
  nonMaskable(): void;
  /** LINT0, by which the 8259s come in, was opened or closed. */
  lint0Masked(masked: boolean): void;
}

/**
 * The local APIC of the one processor (Intel SDM 3A chapter 10, xAPIC), all of it but SMI and INIT. Upstream's
 * (`src/rust/cpu/apic.rs`) compares whole vectors where the priority is a class of sixteen, has no PPR, takes what is
 * sent to other processors, delivers while it is disabled by software, and drops late ticks of its timer.
 * Times are monotonic milliseconds.
 */
export class LocalApic {
  readonly #now: () => number;
  readonly #events: LocalApicEvents;
  readonly #irr = new VectorSet();
  readonly #isr = new VectorSet();
  readonly #tmr = new VectorSet();
  readonly #registers = new Map<number, number>();
  readonly #ticks = new PeriodicTicks();
  #errors = 0;
  #timerStart = 0;
  #timerFired = true;

  constructor(now: () => number, events: LocalApicEvents) {
    this.#now = now;
    this.#events = events;
    this.reset();
  }

  /** As after power-on (SDM 3A §10.4.7.1). */
  reset(): void {
    this.#irr.clear();
    this.#isr.clear();
    this.#tmr.clear();
    this.#registers.clear();
    this.#registers.set(LAPIC.destinationFormat, 0xffff_ffff);
    this.#registers.set(LAPIC.spurious, 0xff);
    for (const entry of LVT_BITS.keys()) this.#registers.set(entry, MASKED);
    this.#errors = 0;
    this.#timerFired = true;
    this.#planTicks();
    this.#events.lint0Masked(this.lint0Masked);
  }

  /**
   * Whether the 8259s' interrupts are held back. A masked LINT0 does it only where software enabled the APIC: before that
   * the processor of a PC hears them (virtual wire mode, MP specification 1.4 §3.6.2.2).
   */
  get lint0Masked(): boolean {
    return this.#enabled && (this.#get(LAPIC.lint0) & MASKED) !== 0;
  }

  /** The vector that the processor should be interrupted with, or -1. */
  get pending(): number {
    if (!this.#enabled) return -1;
    const highest = this.#irr.highest;
    return highest >> 4 > this.#processorPriority >> 4 ? highest : -1;
  }

  /** The processor took `pending`. */
  acknowledge(vector: number): void {
    this.#irr.delete(vector);
    this.#isr.add(vector);
  }

  /** Whether a vector waits to be taken or is being served. */
  isUnderWay(vector: number): boolean {
    return this.#irr.has(vector) || this.#isr.has(vector);
  }

  /** A message on the bus. True when this processor is meant and took it. */
  receive(message: InterruptMessage): boolean {
    if (!this.#isDestination(message)) return false;
    this.#accept(message);
    return true;
  }

  read(offset: number): number {
    const register = offset & ~0xf;
    switch (register) {
      case LAPIC.version:
        return VERSION;
      case LAPIC.ppr:
        return this.#processorPriority;
      case LAPIC.currentCount:
        return this.#currentCount();
      case LAPIC.eoi:
        return 0;
      default:
    }
    for (const [first, set] of [
      [LAPIC.isr, this.#isr],
      [LAPIC.tmr, this.#tmr],
      [LAPIC.irr, this.#irr],
    ] as const) {
      if (register >= first && register < first + 0x80) return set.words[(register - first) >> 4];
    }
    return this.#get(register);
  }

  write(offset: number, value: number): void {
    const register = offset & ~0xf;
    const lvt = LVT_BITS.get(register);
    if (lvt !== undefined) {
      this.#writeLvt(register, value & lvt);
      return;
    }
    switch (register) {
      case LAPIC.id:
      case LAPIC.logicalDestination:
        this.#registers.set(register, value & 0xff00_0000);
        break;
      case LAPIC.icrHigh:
        this.#registers.set(register, value & 0xff00_0000);
        break;
      case LAPIC.destinationFormat:
        this.#registers.set(register, value | 0x0fff_ffff);
        break;
      case LAPIC.tpr:
        this.#registers.set(register, value & 0xff);
        break;
      case LAPIC.spurious:
        this.#writeSpurious(value & 0x1ff);
        break;
      case LAPIC.eoi:
        this.#endInterrupt();
        break;
      case LAPIC.errorStatus:
        this.#registers.set(register, this.#errors);
        this.#errors = 0;
        break;
      case LAPIC.icrLow:
        this.#registers.set(register, value & 0xcdfff & ~READ_ONLY_ICR);
        this.#send(value);
        break;
      case LAPIC.initialCount:
        this.#registers.set(register, value);
        this.#startTimer();
        break;
      case LAPIC.divide:
        this.#writeDivide(value & 0xb);
        break;
      case LAPIC.version:
      case LAPIC.ppr:
      case LAPIC.currentCount:
        break;
      default:
        if (register < LAPIC.isr || register >= LAPIC.errorStatus) this.#fail(ERROR.illegalRegister);
    }
  }

  /** Lets the timer do what is due; gives the milliseconds until it wants to be asked again. */
  tick(now: number): number {
    const count = this.#get(LAPIC.initialCount);
    if (count === 0) return Infinity;
    const vector = this.#get(LAPIC.timer) & 0xff;
    if (this.#ticks.next !== null) {
      if (this.#ticks.advance(now, this.#irr.has(vector))) this.#raiseTimer();
      return this.#ticks.backlog > 0 && !this.#irr.has(vector) && !this.#isr.has(vector)
        ? 0
        : this.#ticks.next - now;
    }
    if (this.#timerFired || this.#isPeriodic) return Infinity;
    const left = this.#timerStart + this.#periodMs - now;
    if (left > 0) return left;
    this.#timerFired = true;
    if (!(this.#get(LAPIC.timer) & MASKED)) this.#raiseTimer();
    return Infinity;
  }

  /** Ticks of the periodic timer that the guest still has to get. */
  get backlog(): number {
    return this.#ticks.backlog;
  }

  getState(): LocalApicState {
    return {
      registers: [...this.#registers],
      irr: [...this.#irr.words],
      isr: [...this.#isr.words],
      tmr: [...this.#tmr.words],
      timerAgeMs: this.#now() - this.#timerStart,
      timerFired: this.#timerFired,
      latchedErrors: this.#errors,
    };
  }

  setState(state: LocalApicState): void {
    this.#registers.clear();
    for (const [offset, value] of state.registers) this.#registers.set(offset, value);
    this.#irr.words.set(state.irr);
    this.#isr.words.set(state.isr);
    this.#tmr.words.set(state.tmr);
    this.#errors = state.latchedErrors;
    this.#timerStart = this.#now() - state.timerAgeMs;
    this.#timerFired = state.timerFired;
    this.#planTicks();
    this.#ticks.restart(this.#now());
    this.#events.lint0Masked(this.lint0Masked);
  }

  get #enabled(): boolean {
    return (this.#get(LAPIC.spurious) & ENABLED) !== 0;
  }

  /** SDM 3A §10.8.3.1: the class in service or the task's, whichever is higher. */
  get #processorPriority(): number {
    const task = this.#get(LAPIC.tpr);
    const served = Math.max(0, this.#isr.highest) & 0xf0;
    return (task & 0xf0) >= served ? task : served;
  }

  get #isPeriodic(): boolean {
    return (this.#get(LAPIC.timer) & PERIODIC) !== 0;
  }

  get #divider(): number {
    // Bits 3, 1 and 0: 2, 4, … 128, and then 1 (SDM 3A figure 10-10).
    const bits = this.#get(LAPIC.divide);
    return 1 << ((((bits & 3) | ((bits & 8) >> 1)) + 1) & 7);
  }

  get #periodMs(): number {
    return (this.#get(LAPIC.initialCount) * this.#divider) / BUS_TICKS_PER_MS;
  }

  #get(register: number): number {
    return (this.#registers.get(register) ?? 0) >>> 0;
  }

  #isDestination({ destination, logical }: InterruptMessage): boolean {
    if (destination === 0xff) return true;
    if (!logical) return destination === this.#get(LAPIC.id) >>> 24;
    const own = this.#get(LAPIC.logicalDestination) >>> 24;
    const isFlat = this.#get(LAPIC.destinationFormat) >>> 28 === 0xf;
    if (isFlat) return (destination & own) !== 0;
    return destination >> 4 === own >> 4 && (destination & own & 0xf) !== 0;
  }

  #accept({ mode, vector, level }: Pick<InterruptMessage, 'mode' | 'vector' | 'level'>): void {
    if (mode === DELIVERY.nmi) this.#events.nonMaskable();
    if (mode !== DELIVERY.fixed && mode !== DELIVERY.lowestPriority) return;
    if (vector < FIRST_LEGAL_VECTOR) {
      this.#fail(ERROR.receivedIllegalVector);
      return;
    }
    this.#irr.add(vector);
    if (level) this.#tmr.add(vector);
    else this.#tmr.delete(vector);
  }

  #send(low: number): void {
    const message = messageOf(low, this.#get(LAPIC.icrHigh));
    const isFixed = message.mode === DELIVERY.fixed || message.mode === DELIVERY.lowestPriority;
    if (isFixed && message.vector < FIRST_LEGAL_VECTOR) {
      this.#fail(ERROR.sendIllegalVector);
      return;
    }
    // The trigger mode of an IPI means something for an INIT only (SDM 3A §10.6.1).
    const edge = { ...message, level: false };
    switch ((low >> 18) & 3) {
      case SHORTHAND.none:
        this.receive(edge);
        break;
      case SHORTHAND.self:
      case SHORTHAND.all:
        this.#accept(edge);
        break;
      default:
    }
  }

  #endInterrupt(): void {
    const vector = this.#isr.highest;
    if (vector < 0) return;
    this.#isr.delete(vector);
    if (this.#tmr.has(vector)) this.#events.endOfInterrupt(vector);
    if (vector === (this.#get(LAPIC.timer) & 0xff) && !this.#irr.has(vector) && this.#ticks.answer()) {
      this.#raiseTimer();
    }
  }

  #fail(error: number): void {
    this.#errors |= error;
    const entry = this.#get(LAPIC.error);
    // An error that the entry itself makes is not told again.
    if (!(entry & MASKED) && (entry & 0xff) >= FIRST_LEGAL_VECTOR) this.#irr.add(entry & 0xff);
  }

  #raiseTimer(): void {
    this.#accept({ mode: DELIVERY.fixed, vector: this.#get(LAPIC.timer) & 0xff, level: false });
  }

  #writeLvt(register: number, value: number): void {
    // A single count that has come to its end stays there when the mode becomes the periodic one; one under way goes on.
    if (register === LAPIC.timer) this.tick(this.#now());
    const wasPeriodic = this.#isPeriodic;
    // While software disables the APIC every entry stays masked (SDM 3A §10.4.7.2).
    this.#registers.set(register, this.#enabled ? value : value | MASKED);
    if (register === LAPIC.timer) {
      this.#planTicks();
      if (!wasPeriodic) this.#ticks.restart(this.#timerStart);
    }
    if (register === LAPIC.lint0) this.#events.lint0Masked(this.lint0Masked);
  }

  #writeSpurious(value: number): void {
    this.#registers.set(LAPIC.spurious, value);
    if (!(value & ENABLED)) {
      for (const entry of LVT_BITS.keys()) this.#registers.set(entry, this.#get(entry) | MASKED);
      this.#planTicks();
    }
    this.#events.lint0Masked(this.lint0Masked);
  }

  #startTimer(): void {
    this.#timerStart = this.#now();
    this.#timerFired = this.#get(LAPIC.initialCount) === 0;
    this.#planTicks();
    this.#ticks.restart(this.#timerStart);
  }

  /** A divider that changes lets the count go on from where it is. */
  #writeDivide(value: number): void {
    const gone = this.#elapsedTicks();
    this.#registers.set(LAPIC.divide, value);
    this.#timerStart = this.#now() - (gone * this.#divider) / BUS_TICKS_PER_MS;
    this.#planTicks();
  }

  #planTicks(): void {
    const counts = this.#isPeriodic && !this.#timerFired && this.#get(LAPIC.initialCount) > 0;
    const wanted = (this.#get(LAPIC.timer) & MASKED) === 0;
    this.#ticks.configure(counts ? this.#periodMs : null, wanted, this.#now());
  }

  #elapsedTicks(): number {
    return Math.floor(((this.#now() - this.#timerStart) * BUS_TICKS_PER_MS) / this.#divider);
  }

  #currentCount(): number {
    const initial = this.#get(LAPIC.initialCount);
    if (initial === 0 || this.#timerFired) return 0;
    const gone = this.#elapsedTicks();
    if (this.#isPeriodic) return initial - (gone % initial);
    return Math.max(0, initial - gone);
  }
}
