/** How far a long piece of work is. */
export interface Progress {
  readonly doneBytes: number;
  /** Null where nobody knows it beforehand. */
  readonly totalBytes: number | null;
  /** Over the last seconds; null until there is something to go by. */
  readonly bytesPerSecond: number | null;
  /** What is left at that rate; null while it is not known, or while nothing moves. */
  readonly msLeft: number | null;
}

/** The span that the rate is taken over: long enough to be calm, short enough to tell of a stall. */
const WINDOW_MS = 5000;
/** Before this a rate would be a guess. */
const LEAST_MS = 250;
/** Samples kept of a window: its beginning is known to a twentieth. */
const SAMPLES = 20;

interface Sample {
  readonly at: number;
  readonly doneBytes: number;
}

/** Turns counts of bytes into figures that people can use. Pure: `now` is a clock in milliseconds. */
export class ProgressMeter {
  readonly #now: () => number;
  /** In the order of time; the first lies just before the window, so that a rate spans all of it. */
  readonly #samples: Sample[];
  #totalBytes: number | null;
  #doneBytes = 0;

  constructor(totalBytes: number | null, now: () => number = () => performance.now()) {
    this.#totalBytes = totalBytes;
    this.#now = now;
    this.#samples = [{ at: now(), doneBytes: 0 }];
  }

  /** `bytes` more are done. */
  add(bytes: number): void {
    this.set(this.#doneBytes + bytes);
  }

  /** `doneBytes` are done in all, of `totalBytes` where that has become known or has changed. */
  set(doneBytes: number, totalBytes: number | null = this.#totalBytes): void {
    this.#doneBytes = doneBytes;
    this.#totalBytes = totalBytes;
    const at = this.#now();
    const last = this.#samples[this.#samples.length - 1];
    if (at - last.at >= WINDOW_MS / SAMPLES) this.#samples.push({ at, doneBytes });
    this.#dropOld(at);
  }

  /** The figures as of now: where nothing is added any more, the rate falls to nothing. */
  read(): Progress {
    const now = this.#now();
    this.#dropOld(now);
    const first = this.#samples[0];
    const elapsedMs = now - first.at;
    const moved = this.#doneBytes - first.doneBytes;
    const bytesPerSecond = elapsedMs >= LEAST_MS && this.#doneBytes > 0 ? (moved / elapsedMs) * 1000 : null;
    return {
      doneBytes: this.#doneBytes,
      totalBytes: this.#totalBytes,
      bytesPerSecond,
      msLeft: this.#msLeft(bytesPerSecond),
    };
  }

  #msLeft(bytesPerSecond: number | null): number | null {
    if (this.#totalBytes === null) return null;
    const left = Math.max(0, this.#totalBytes - this.#doneBytes);
    if (left === 0) return 0;
    return bytesPerSecond ? (left / bytesPerSecond) * 1000 : null;
  }

  #dropOld(now: number): void {
    while (this.#samples.length > 1 && now - this.#samples[1].at >= WINDOW_MS) this.#samples.shift();
  }
}
