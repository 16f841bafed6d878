import type { Drive } from '../protocol/machine-messages.ts';

type Direction = 'read' | 'write';

const REPORT_INTERVAL_MS = 100;

/** Counts what each drive moves: totals for the statistics, and sums at most ten times a second for the lights. */
export class TrafficMeter {
  readonly #report: (drive: Drive, direction: Direction, bytes: number) => void;
  readonly #totals = new Map<string, number>();
  readonly #waiting = new Map<string, { drive: Drive; direction: Direction; bytes: number }>();

  constructor(report: (drive: Drive, direction: Direction, bytes: number) => void) {
    this.#report = report;
  }

  count(drive: Drive, direction: Direction, bytes: number): void {
    const key = `${drive} ${direction}`;
    this.#totals.set(key, (this.#totals.get(key) ?? 0) + bytes);
    const waiting = this.#waiting.get(key);
    if (waiting) {
      waiting.bytes += bytes;
      return;
    }
    // The first traffic shows at once; what follows within the interval is summed up.
    this.#report(drive, direction, bytes);
    this.#waiting.set(key, { drive, direction, bytes: 0 });
    setTimeout(() => this.#flush(key), REPORT_INTERVAL_MS);
  }

  total(drive: Drive, direction: Direction): number {
    return this.#totals.get(`${drive} ${direction}`) ?? 0;
  }

  #flush(key: string): void {
    const waiting = this.#waiting.get(key);
    this.#waiting.delete(key);
    if (waiting && waiting.bytes > 0) this.#report(waiting.drive, waiting.direction, waiting.bytes);
  }
}
