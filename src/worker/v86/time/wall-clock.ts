/** The computer's clock and the guest's may differ by this before the guest's is set: it was set, or slept where the other did not. */
const LARGEST_DIFFERENCE_MS = 1000;
/** Up to that, the guest's is this much faster or slower until they agree: not more than a quartz may be. */
const SLEW = 5e-4;

export interface WallSources {
  /** Milliseconds since 1970 in UTC, as `Date.now`: in steps, and somebody may set it. */
  readonly utc: () => number;
  /** Milliseconds that never go back, in the same steps. */
  readonly source: () => number;
  /** The guest's own time: the source's, smoothed. */
  readonly now: () => number;
}

/** The time of day by the guest's own time, so that its seconds are as long as all its clocks say. */
export class WallClock {
  readonly #sources: WallSources;
  #offset: number | null = null;
  #lastRaw = 0;

  constructor(sources: WallSources) {
    this.#sources = sources;
  }

  /** Milliseconds since 1970 in UTC. */
  now(): number {
    const raw = this.#sources.source();
    const measured = this.#sources.utc() - raw;
    const most = (raw - this.#lastRaw) * SLEW;
    this.#lastRaw = raw;
    const error = this.#offset === null ? Infinity : measured - this.#offset;
    if (this.#offset === null || Math.abs(error) > LARGEST_DIFFERENCE_MS) this.#offset = measured;
    else this.#offset += Math.max(-most, Math.min(error, most));
    return this.#sources.now() + this.#offset;
  }
}
