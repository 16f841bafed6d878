import { ProgressMeter, type Progress } from '../../lib/progress-meter.ts';

/** How far an export is. */
export interface ExportProgress extends Progress {
  /** `scanning` finds out which parts hold data, before the first byte can be written; `writing` writes them. */
  readonly phase: 'scanning' | 'writing';
}

/** Counts the bytes of one phase of an export and tells of each. `now` is a clock in milliseconds. */
export class ExportMeter {
  readonly #phase: ExportProgress['phase'];
  readonly #meter: ProgressMeter;
  readonly #report: ((progress: ExportProgress) => void) | undefined;

  constructor(
    phase: ExportProgress['phase'],
    totalBytes: number,
    report: ((progress: ExportProgress) => void) | undefined,
    now?: () => number,
  ) {
    this.#phase = phase;
    this.#meter = new ProgressMeter(totalBytes, now);
    this.#report = report;
  }

  add(bytes: number): void {
    this.#meter.add(bytes);
    this.#report?.({ phase: this.#phase, ...this.#meter.read() });
  }
}
