import { RunningTime } from './running-time.ts';

/** `v86/engine.ts`, whose words these are. */
interface RunningEngine {
  run(): Promise<void>;
  stop(): Promise<void>;
  halt(): Promise<void>;
}

/**
 * Whether the guest runs: what the page wants, and holding it still for a moment in between, which the page does not
 * see. A page that pauses or resumes a guest that is held has its wish when it is let go.
 */
export class GuestRun {
  readonly time = new RunningTime();
  readonly #engine: RunningEngine;
  #wanted = false;
  #released: Promise<void> | null = null;

  constructor(engine: RunningEngine) {
    this.#engine = engine;
  }

  /** Whether the guest runs, or would if it were not held. */
  get wanted(): boolean {
    return this.#wanted;
  }

  async run(): Promise<void> {
    this.#wanted = true;
    if (!this.#released) await this.#go();
  }

  /** Resolves when the guest stands and no I/O of it is under way. */
  async stop(): Promise<void> {
    this.#wanted = false;
    await this.#stand();
  }

  /** Stops without waiting for the drives. */
  async halt(): Promise<void> {
    this.#wanted = false;
    await this.#engine.halt();
    this.time.stop();
  }

  /** Does `work` while the guest stands still; one at a time. Afterwards the guest runs if it is wanted. */
  async hold<T>(work: () => Promise<T>): Promise<T> {
    let release = () => {};
    this.#released = new Promise((resolve) => (release = resolve));
    try {
      await this.#stand();
      return await work();
    } finally {
      this.#released = null;
      release();
      if (this.#wanted) await this.#go();
    }
  }

  /** For what must not happen to a guest that is held. */
  async whenFree(): Promise<void> {
    await this.#released;
  }

  async #go(): Promise<void> {
    await this.#engine.run();
    this.time.start();
  }

  async #stand(): Promise<void> {
    await this.#engine.stop();
    this.time.stop();
  }
}
