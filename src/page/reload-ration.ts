import type { ReloadCause } from '../exhibit/kiosk-clock.ts';
import type { LocalMemory } from './local-memory.ts';

const HOUR_MS = 3_600_000;
/** What goes wrong again and again must not flicker. People and the schedule do not do that. */
const MOST_AN_HOUR: Readonly<Record<ReloadCause, number>> = {
  hung: 6,
  long: 6,
  staff: Infinity,
  woke: Infinity,
};

/** How often a kiosk's page may be loaded again: each cause has a ration of its own, over reloads too. */
export class ReloadRation {
  readonly #memory: LocalMemory;
  /** Also where the browser keeps nothing. */
  #times: Readonly<Record<string, readonly number[]>>;

  constructor(memory: LocalMemory) {
    this.#memory = memory;
    this.#times = read(memory.load());
  }

  /** `at`: wall time, milliseconds since the epoch, since it has to be compared after a reload. */
  allows(cause: ReloadCause, at: number): boolean {
    return this.#recent(cause, at).length < MOST_AN_HOUR[cause];
  }

  spend(cause: ReloadCause, at: number): void {
    this.#times = { ...this.#times, [cause]: [...this.#recent(cause, at), at].slice(-20) };
    this.#memory.save({ reloads: this.#times });
  }

  /** A clock that was put back leaves times in the future, which say nothing of the last hour. */
  #recent(cause: ReloadCause, at: number): readonly number[] {
    return (this.#times[cause] ?? []).filter((time) => time <= at && time > at - HOUR_MS);
  }
}

function read({ reloads }: Readonly<Record<string, unknown>>): Record<string, readonly number[]> {
  if (typeof reloads !== 'object' || reloads === null) return {};
  return Object.fromEntries(
    Object.entries(reloads).map(([cause, times]: [string, unknown]) => [
      cause,
      Array.isArray(times) ? times.filter((time): time is number => Number.isFinite(time)) : [],
    ]),
  );
}
