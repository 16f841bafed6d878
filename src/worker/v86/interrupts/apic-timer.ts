import { PeriodicTicks } from '../repairs/periodic-ticks.ts';
import { LAPIC } from './apic-registers.ts';

const MASKED = 0x1_0000;
const PERIODIC = 0x2_0000;
/** Ticks in a millisecond before the divider: a bus of 1 GHz, which is the TSC's rate as well (`src/rust/cpu/apic.rs`). */
const BUS_TICKS_PER_MS = 1_000_000;

export interface ApicTimerHost {
  /** A register's value: the timer's entry, its initial count and its divider. */
  register(offset: number): number;
  /** Whether an interrupt of this vector waits, or is being served. */
  waits(vector: number): boolean;
  isServed(vector: number): boolean;
  /** Requests the interrupt of the timer's entry. */
  raise(vector: number): void;
}

/** The timer of the local APIC (SDM 3A §10.5.4), once or again and again. Times are monotonic milliseconds. */
export class ApicTimer {
  readonly #now: () => number;
  readonly #host: ApicTimerHost;
  readonly #ticks = new PeriodicTicks();
  #start = 0;
  /** A single count came to its end, or none was begun. */
  #hasFired = true;

  constructor(now: () => number, host: ApicTimerHost) {
    this.#now = now;
    this.#host = host;
  }

  reset(): void {
    this.#hasFired = true;
    this.plan();
  }

  /** Does what is due; gives the milliseconds until it wants to be asked again. */
  tick(now: number): number {
    if (this.#initialCount === 0) return Infinity;
    const vector = this.#vector;
    if (this.#ticks.next !== null) {
      if (this.#ticks.advance(now, this.#host.waits(vector))) this.#host.raise(vector);
      return this.#ticks.backlog > 0 && !this.#host.waits(vector) && !this.#host.isServed(vector)
        ? 0
        : this.#ticks.next - now;
    }
    if (this.#hasFired || this.#isPeriodic) return Infinity;
    const left = this.#start + this.#periodMs - now;
    if (left > 0) return left;
    this.#hasFired = true;
    if (!(this.#host.register(LAPIC.timer) & MASKED)) this.#host.raise(vector);
    return Infinity;
  }

  /** Ticks of the periodic timer that the guest still has to get. */
  get backlog(): number {
    return this.#ticks.backlog;
  }

  get currentCount(): number {
    const initial = this.#initialCount;
    if (initial === 0 || this.#hasFired) return 0;
    const gone = this.#elapsedTicks();
    if (this.#isPeriodic) return initial - (gone % initial);
    return Math.max(0, initial - gone);
  }

  /** The initial count was written. */
  begin(): void {
    this.#start = this.#now();
    this.#hasFired = this.#initialCount === 0;
    this.plan();
    this.#ticks.restart(this.#start);
  }

  /** Lets `write` change the entry. A single count that has come to its end stays there when the mode becomes the periodic one; one under way goes on. */
  changeEntry(write: () => void): void {
    this.tick(this.#now());
    const wasPeriodic = this.#isPeriodic;
    write();
    this.plan();
    if (!wasPeriodic) this.#ticks.restart(this.#start);
  }

  /** Lets `write` change the divider: the count goes on from where it is. */
  changeDivider(write: () => void): void {
    const gone = this.#elapsedTicks();
    write();
    this.#start = this.#now() - (gone * this.#divider) / BUS_TICKS_PER_MS;
    this.plan();
  }

  /** The vector's service ended: true where a late tick is to come now. */
  answered(vector: number): boolean {
    return vector === this.#vector && !this.#host.waits(vector) && this.#ticks.answer();
  }

  /** After a register was changed that says what is to come. */
  plan(): void {
    const counts = this.#isPeriodic && !this.#hasFired && this.#initialCount > 0;
    const wanted = (this.#host.register(LAPIC.timer) & MASKED) === 0;
    this.#ticks.configure(counts ? this.#periodMs : null, wanted, this.#now());
  }

  /** How long ago the count began, and whether it has come to its end. */
  getState(): { ageMs: number; hasFired: boolean } {
    return { ageMs: this.#now() - this.#start, hasFired: this.#hasFired };
  }

  /** After the registers. */
  setState({ ageMs, hasFired }: { ageMs: number; hasFired: boolean }): void {
    this.#start = this.#now() - ageMs;
    this.#hasFired = hasFired;
    this.plan();
    this.#ticks.restart(this.#now());
  }

  get #vector(): number {
    return this.#host.register(LAPIC.timer) & 0xff;
  }

  get #initialCount(): number {
    return this.#host.register(LAPIC.initialCount);
  }

  get #isPeriodic(): boolean {
    return (this.#host.register(LAPIC.timer) & PERIODIC) !== 0;
  }

  get #divider(): number {
    // Bits 3, 1 and 0: 2, 4, … 128, and then 1 (SDM 3A figure 10-10).
    const bits = this.#host.register(LAPIC.divide);
    return 1 << ((((bits & 3) | ((bits & 8) >> 1)) + 1) & 7);
  }

  get #periodMs(): number {
    return (this.#initialCount * this.#divider) / BUS_TICKS_PER_MS;
  }

  #elapsedTicks(): number {
    return Math.floor(((this.#now() - this.#start) * BUS_TICKS_PER_MS) / this.#divider);
  }
}
