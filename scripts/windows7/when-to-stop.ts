import type { BootRecord } from '../../src/machine/milestones/milestones.ts';
import type { Power } from '../../src/machine/power.ts';

/** Why a run is at its end. */
export type Ending = 'second-boot' | 'stop-screen' | 'machine-off' | 'nothing-new' | 'time-is-up';

export interface Limits {
  /** With nothing new for so long the system has stopped, or waits for somebody. */
  readonly quietMs: number;
  /** And no run is longer. */
  readonly longestMs: number;
}

/** Decides when the run of a disc is at its end. Pure: told what there is and when it is. */
export class RunClock {
  readonly #limits: Limits;
  readonly #startedAt: number;
  #newsAt: number;
  #last = '';

  constructor(limits: Limits, now: number) {
    this.#limits = limits;
    this.#startedAt = now;
    this.#newsAt = now;
  }

  /** Null while the run goes on. */
  look(record: BootRecord, power: Power, now: number): Ending | null {
    const signs = signsOf(record);
    if (signs !== this.#last) this.#newsAt = now;
    this.#last = signs;
    if (record.reached.some(({ id }) => id === 'second-boot')) return 'second-boot';
    if (record.stops.length > 0) return 'stop-screen';
    if (power === 'off' || power === 'failed') return 'machine-off';
    if (now - this.#startedAt >= this.#limits.longestMs) return 'time-is-up';
    return now - this.#newsAt >= this.#limits.quietMs ? 'nothing-new' : null;
  }
}

/** A system that only asks its drive for a new disc does nothing new: packets are not counted. */
function signsOf({ reached, stops, events, counts }: BootRecord): string {
  const { discReadBytes, diskReadBytes, diskWrittenBytes } = counts;
  const last = events.at(-1);
  return [
    reached.length,
    stops.length,
    last?.kind,
    last?.atMs,
    discReadBytes,
    diskReadBytes,
    diskWrittenBytes,
  ].join();
}
