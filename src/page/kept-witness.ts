import type { LocalMemory } from './local-memory.ts';

/**
 * A note, outside the store of the machines, that there are some in it. A store that is empty although there is the
 * note was not emptied here: a browser that mends a broken store throws all of it away, and says nothing.
 */
export class KeptWitness {
  readonly #memory: LocalMemory;

  constructor(memory: LocalMemory) {
    this.#memory = memory;
  }

  /** False where nothing was noted, or the note is gone too. */
  get isKept(): boolean {
    return this.#memory.load()['machines'] === true;
  }

  /** Whether machines are kept now. */
  set(machines: boolean): void {
    if (machines !== this.isKept) this.#memory.save({ machines });
  }
}
