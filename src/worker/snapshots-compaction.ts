import type { MomentKeeper } from './snapshots.ts';

/** How often it is looked whether moments went; a round takes some tenths of a second of the worker, in turns. */
const LOOK_MS = 10_000;
/** Between two rounds: whoever wants to save or to go back gets in between, and so does the guest. */
const REST_MS = 500;

/**
 * Frees what deleted moments left in packs that others still use, while the machine runs. A round that fails changes
 * nothing; it is tried again when the next moment goes, and whoever saves the next one meets the same failure and
 * tells it.
 */
export class CompactionClock {
  readonly #moments: Pick<MomentKeeper, 'mayHoldWaste' | 'compact'>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ended = false;

  constructor(moments: Pick<MomentKeeper, 'mayHoldWaste' | 'compact'>) {
    this.#moments = moments;
    this.#plan(LOOK_MS);
  }

  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
  }

  #plan(ms: number): void {
    if (this.#ended) return;
    this.#timer = setTimeout(() => {
      const round = this.#moments.mayHoldWaste ? this.#moments.compact() : Promise.resolve(false);
      void round.then(
        (more) => this.#plan(more ? REST_MS : LOOK_MS),
        (error: unknown) => {
          console.warn('Stored memory could not be compacted; it will be tried again.', error);
          this.#plan(LOOK_MS);
        },
      );
    }, ms);
  }
}
