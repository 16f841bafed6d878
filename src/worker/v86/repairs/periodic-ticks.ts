/** Lost ticks beyond this much time are given up: a guest so far behind would never catch up. */
const LONGEST_BACKLOG_MS = 2000;
/** Ticks of pauses are owed beyond that, up to this much time. */
const LONGEST_PAUSES_MS = 5000;
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
  /** How many of the backlog may still be a pause's. */
  #ofPauses = 0;

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
      this.#ofPauses = Math.min(this.#ofPauses, this.#backlog);
    }
    if (wanted !== this.#counting) {
      this.#counting = wanted;
      this.#backlog = 0;
      this.#ofPauses = 0;
    }
  }

  /** Owes nothing and starts anew: after a pause, a reset or a restored state. */
  restart(now: number): void {
    this.#backlog = 0;
    this.#ofPauses = 0;
    this.#givenBack = 0;
    if (this.#period !== null) this.#next = now + this.#period;
  }

  /** Owes the ticks of a pause that ends now, as far as all such pauses are not too long together; the last of them is raised by the next `advance`. */
  afterPause(now: number): void {
    const period = this.#period;
    if (period === null || now < this.#next) return;
    const missed = Math.floor((now - this.#next) / period);
    this.#next += missed * period;
    if (!this.#counting) return;
    const owed = Math.min(missed, Math.ceil(LONGEST_PAUSES_MS / period) - this.#ofPauses);
    this.#backlog += owed;
    this.#ofPauses += owed;
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
    if (this.#counting) {
      // What a pause left may be more than that, and is given back all the same.
      const most = Math.floor(LONGEST_BACKLOG_MS / period) + this.#ofPauses;
      this.#backlog = Math.min(this.#backlog + owed, most);
    }
    return !unanswered;
  }

  /** The guest answered a tick. True when one that it missed is to be raised at once. */
  answer(): boolean {
    if (this.#backlog === 0 || this.#givenBack >= GIVEN_BACK_PER_TICK) return false;
    this.#backlog--;
    this.#ofPauses = Math.min(this.#ofPauses, this.#backlog);
    this.#givenBack++;
    return true;
  }
}
