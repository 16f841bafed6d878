/** Lost ticks beyond this much time are given up: a guest so far behind would never catch up. */
const LONGEST_BACKLOG_MS = 2000;
/** A silence longer than this is no lateness: the tab slept, or the computer did. */
const LONGEST_LATENESS_MS = 1000;
/** Ticks given back between two that are due, at most: the guest must get on with its work as well. */
const GIVEN_BACK_PER_TICK = 8;

/**
 * The periodic interrupt of the clock, with its late ticks: QEMU's `driftfix=slew`. A tick that comes while
 * the guest has not yet answered the one before is counted, and given back when the guest answers. Times are
 * monotonic milliseconds.
 */
export class PeriodicTicks {
  #period: number | null = null;
  #next = 0;
  #counting = false;
  #backlog = 0;
  #givenBack = 0;

  /** Ticks that the guest still has to get. */
  get backlog(): number {
    return this.#backlog;
  }

  /** When the next tick is due, or null where no interrupt comes of it. */
  get next(): number | null {
    return this.#period === null || !this.#counting ? null : this.#next;
  }

  /**
   * Sets the period (null: no ticks) and whether the guest wants an interrupt for each tick; only then is a
   * missed one owed. A new period keeps the time owed, not the number of ticks.
   */
  configure(period: number | null, wanted: boolean, now: number): void {
    if (period !== this.#period) {
      this.#backlog = period && this.#period ? Math.round((this.#backlog * this.#period) / period) : 0;
      if (period !== null) this.#next = now + period;
      this.#period = period;
      this.#givenBack = 0;
    }
    if (wanted !== this.#counting) {
      this.#counting = wanted;
      this.#backlog = 0;
    }
  }

  /** Owes nothing and starts anew: after a pause, a reset or a restored state. */
  restart(now: number): void {
    this.#backlog = 0;
    this.#givenBack = 0;
    if (this.#period !== null) this.#next = now + this.#period;
  }

  /** Counts what fell due until `now`. True when a tick is to be raised; `unanswered` says one still stands. */
  advance(now: number, unanswered: boolean): boolean {
    const period = this.#period;
    if (period === null || now < this.#next) return false;
    const late = now - this.#next;
    let due = Math.floor(late / period) + 1;
    this.#next += due * period;
    if (late > LONGEST_LATENESS_MS) due = 1;
    this.#givenBack = 0;
    const owed = unanswered ? due : due - 1;
    if (this.#counting)
      this.#backlog = Math.min(this.#backlog + owed, Math.floor(LONGEST_BACKLOG_MS / period));
    return !unanswered;
  }

  /** The guest answered a tick. True when one that it missed is to be raised at once. */
  answer(): boolean {
    if (this.#backlog === 0 || this.#givenBack >= GIVEN_BACK_PER_TICK) return false;
    this.#backlog--;
    this.#givenBack++;
    return true;
  }
}
