/** How far an export is. */
export interface ExportProgress {
  /** `scanning` finds out which parts hold data, before the first byte can be written; `writing` writes them. */
  phase: 'scanning' | 'writing';
  doneBytes: number;
  totalBytes: number;
  /** Bytes per second over the phase so far, and what is left at that rate; null until there is something to go by. */
  bytesPerSecond: number | null;
  msLeft: number | null;
}

const LEAST_MS = 250;

/** Turns counts of bytes into `ExportProgress`. `now` is a clock in milliseconds. */
export class ProgressMeter {
  readonly #phase: ExportProgress['phase'];
  readonly #totalBytes: number;
  readonly #report: ((progress: ExportProgress) => void) | undefined;
  readonly #now: () => number;
  readonly #startedAt: number;
  #doneBytes = 0;

  constructor(
    phase: ExportProgress['phase'],
    totalBytes: number,
    report: ((progress: ExportProgress) => void) | undefined,
    now: () => number = () => performance.now(),
  ) {
    this.#phase = phase;
    this.#totalBytes = totalBytes;
    this.#report = report;
    this.#now = now;
    this.#startedAt = now();
  }

  add(bytes: number): void {
    this.#doneBytes += bytes;
    const elapsedMs = this.#now() - this.#startedAt;
    const known = elapsedMs >= LEAST_MS && this.#doneBytes > 0;
    const bytesPerSecond = known ? (this.#doneBytes / elapsedMs) * 1000 : null;
    this.#report?.({
      phase: this.#phase,
      doneBytes: this.#doneBytes,
      totalBytes: this.#totalBytes,
      bytesPerSecond,
      msLeft: bytesPerSecond === null ? null : ((this.#totalBytes - this.#doneBytes) / bytesPerSecond) * 1000,
    });
  }
}
