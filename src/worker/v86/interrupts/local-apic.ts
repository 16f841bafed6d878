import { LAPIC } from './apic-registers.ts';
import { ApicTimer } from './apic-timer.ts';
import { DELIVERY, messageOf, type InterruptMessage } from './interrupt-message.ts';
import { VectorSet } from './vector-set.ts';

/** An integrated APIC with six LVT entries, as QEMU's. */
const VERSION = 0x5_0014;
const MASKED = 0x1_0000;
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
  readonly #events: LocalApicEvents;
  readonly #irr = new VectorSet();
  readonly #isr = new VectorSet();
  readonly #tmr = new VectorSet();
  readonly #registers = new Map<number, number>();
  readonly #timer: ApicTimer;
  #errors = 0;

  constructor(now: () => number, events: LocalApicEvents) {
    this.#events = events;
    this.#timer = new ApicTimer(now, {
      register: (offset) => this.#get(offset),
      waits: (vector) => this.#irr.has(vector),
      isServed: (vector) => this.#isr.has(vector),
      raise: (vector) => this.#accept({ mode: DELIVERY.fixed, vector, level: false }),
    });
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
    this.#timer.reset();
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
        return this.#timer.currentCount;
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
        this.#timer.begin();
        break;
      case LAPIC.divide:
        this.#timer.changeDivider(() => this.#registers.set(register, value & 0xb));
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
    return this.#timer.tick(now);
  }

  /** Ticks of the periodic timer that the guest still has to get. */
  get backlog(): number {
    return this.#timer.backlog;
  }

  getState(): LocalApicState {
    const { ageMs, hasFired } = this.#timer.getState();
    return {
      registers: [...this.#registers],
      irr: [...this.#irr.words],
      isr: [...this.#isr.words],
      tmr: [...this.#tmr.words],
      timerAgeMs: ageMs,
      timerFired: hasFired,
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
    this.#timer.setState({ ageMs: state.timerAgeMs, hasFired: state.timerFired });
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
    if (this.#timer.answered(vector)) {
      this.#accept({ mode: DELIVERY.fixed, vector, level: false });
    }
  }

  #fail(error: number): void {
    this.#errors |= error;
    const entry = this.#get(LAPIC.error);
    // An error that the entry itself makes is not told again.
    if (!(entry & MASKED) && (entry & 0xff) >= FIRST_LEGAL_VECTOR) this.#irr.add(entry & 0xff);
  }

  #writeLvt(register: number, value: number): void {
    // While software disables the APIC every entry stays masked (SDM 3A §10.4.7.2).
    const write = () => this.#registers.set(register, this.#enabled ? value : value | MASKED);
    if (register === LAPIC.timer) this.#timer.changeEntry(write);
    else write();
    if (register === LAPIC.lint0) this.#events.lint0Masked(this.lint0Masked);
  }

  #writeSpurious(value: number): void {
    this.#registers.set(LAPIC.spurious, value);
    if (!(value & ENABLED)) {
      for (const entry of LVT_BITS.keys()) this.#registers.set(entry, this.#get(entry) | MASKED);
      this.#timer.plan();
    }
    this.#events.lint0Masked(this.lint0Masked);
  }
}
