import type { VitrineError } from '../lib/errors.ts';
import { RunningTime } from './running-time.ts';

/** `v86/engine.ts`, whose words these are. */
export interface RunningEngine {
  run(): Promise<void>;
  /** Executes nothing more; its drives may still be at work. */
  halt(): Promise<void>;
  /** Resolves when no read, write or flush of its drives is under way. */
  settled(): Promise<void>;
  /** Drops what its drives have under way: the guest that asked for it will never be told. */
  forgetDrives(): void;
}

/**
 * Whether the guest runs: what the page wants, and holding it still for a moment in between, which the page does not
 * see. A page that pauses or resumes a guest that is held has its wish when it is let go.
 *
 * The drives of a guest may have to wait for something that never comes, such as room: then the guest is blocked, and
 * whoever waits for its drives to come to rest is refused with the reason. It can be turned off and put back to another
 * moment all the same, for neither needs what its drives were doing.
 */
export class GuestRun {
  readonly time = new RunningTime();
  readonly #engine: RunningEngine;
  #wanted = false;
  #released: Promise<void> | null = null;
  #blocked: VitrineError | null = null;
  /** Those who wait for the drives. */
  #refusals = new Set<(reason: VitrineError) => void>();
  /** Between two moments: it must not execute anything more. */
  #broken = false;

  constructor(engine: RunningEngine) {
    this.#engine = engine;
  }

  /** Whether the guest runs, or would if it were not held. */
  get wanted(): boolean {
    return this.#wanted;
  }

  /** What its drives wait for in vain is there, if they did. */
  async run(): Promise<void> {
    this.#wanted = true;
    this.#blocked = null;
    if (!this.#released) await this.#go();
  }

  /** Resolves when the guest stands and no I/O of it is under way; rejects with what blocks its drives. */
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

  /** Its drives wait in vain, until `run`: it is halted, and who waits for them is refused with `reason`. */
  async block(reason: VitrineError): Promise<void> {
    this.#blocked = reason;
    const refusals = [...this.#refusals];
    this.#refusals.clear();
    for (const refuse of refusals) refuse(reason);
    await this.halt();
  }

  /**
   * Does `work` while the guest stands still and its drives rest; one at a time. Afterwards the guest runs if it is
   * wanted. Rejects, with nothing done, with what blocks its drives.
   */
  hold<T>(work: () => Promise<T>): Promise<T> {
    return this.#held(() => this.#stand(), work);
  }

  /**
   * Does `work`, which makes the guest another one: it is halted, and what its drives have under way is dropped, however
   * long that would have taken. When `work` fails the guest is neither and never runs again; that is a `BrokenMachine`.
   */
  replace<T>(work: () => Promise<T>): Promise<T> {
    const halt = async () => {
      await this.#engine.halt();
      this.time.stop();
    };
    return this.#held(halt, async () => {
      this.#engine.forgetDrives();
      try {
        const done = await work();
        this.#blocked = null;
        return done;
      } catch (cause) {
        this.#broken = true;
        throw new BrokenMachine(cause);
      }
    });
  }

  /** For what must not happen to a guest that is held. */
  async whenFree(): Promise<void> {
    await this.#released;
  }

  async #held<T>(stand: () => Promise<void>, work: () => Promise<T>): Promise<T> {
    let release = () => {};
    this.#released = new Promise((resolve) => (release = resolve));
    try {
      await stand();
      return await work();
    } finally {
      this.#released = null;
      release();
      if (this.#wanted) await this.#go();
    }
  }

  async #go(): Promise<void> {
    if (this.#broken) return;
    await this.#engine.run();
    this.time.start();
  }

  async #stand(): Promise<void> {
    await this.#engine.halt();
    this.time.stop();
    await this.#drivesRest();
  }

  async #drivesRest(): Promise<void> {
    if (this.#blocked) throw this.#blocked;
    let refuse: (reason: VitrineError) => void = () => {};
    const refused = new Promise<never>((_, reject) => (refuse = reject));
    this.#refusals.add(refuse);
    try {
      await Promise.race([this.#engine.settled(), refused]);
    } finally {
      this.#refusals.delete(refuse);
    }
  }
}

/** Becoming another guest failed half way: the machine must be turned off. */
export class BrokenMachine extends Error {
  constructor(cause: unknown) {
    super('The machine is between two moments.', { cause });
    this.name = 'BrokenMachine';
  }
}
