import type { GuestRun } from './guest-run.ts';
import type { MomentKeeper } from './snapshots.ts';

export interface CheckpointParts {
  readonly moments: MomentKeeper;
  readonly guest: GuestRun;
  /** Guest instructions so far: a machine that executed none is as it was. */
  readonly instructions: () => number;
  readonly seconds: number | null;
}

/**
 * Saves the rolling checkpoint: every so many seconds while the guest runs, none when it executed nothing since the
 * last. One that fails changes nothing; the next is tried in its time.
 */
export class CheckpointClock {
  readonly #parts: CheckpointParts;
  readonly #tell: (at: number, error: unknown) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #savedAt = -1;
  #hasLeft = false;
  #ended = false;

  constructor(parts: CheckpointParts, tell: (at: number, error: unknown) => void) {
    this.#parts = parts;
    this.#tell = tell;
    this.#plan();
  }

  /** Saves what changed and notes that the page may go away; a guest that runs on takes that back at its next turn. */
  async leave(): Promise<void> {
    await this.#save();
    await this.#parts.moments.leave('left');
    this.#hasLeft = true;
  }

  /** The page is there again. */
  async back(): Promise<void> {
    if (!this.#hasLeft) return;
    this.#hasLeft = false;
    await this.#parts.moments.leave('running');
  }

  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
  }

  #plan(): void {
    const { seconds } = this.#parts;
    if (seconds === null || this.#ended) return;
    this.#timer = setTimeout(() => {
      const work = this.#parts.guest.wanted ? this.#turn() : Promise.resolve();
      void work.then(() => this.#plan());
    }, seconds * 1000);
  }

  async #turn(): Promise<void> {
    try {
      await this.back();
      await this.#save();
    } catch (error) {
      this.#tell(0, error);
    }
  }

  async #save(): Promise<void> {
    const { moments, instructions } = this.#parts;
    const executed = instructions();
    if (executed === this.#savedAt) return;
    const createdAt = await moments.takeCheckpoint();
    this.#savedAt = executed;
    this.#tell(createdAt, null);
  }
}
