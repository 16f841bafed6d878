import { toVitrineError, VitrineError } from '../lib/errors.ts';
import { Store } from '../lib/store.ts';
import type { RestoredClock, SnapshotInfo } from '../protocol/snapshot-messages.ts';
import type { SessionMoments } from './session-moments.ts';

/** What is being done with moments now; one thing at a time. `since`: of `performance.now`. */
export interface MomentDeed {
  readonly kind: 'taking' | 'going-back' | 'undoing' | 'resetting' | 'deleting' | 'changing';
  readonly since: number;
}

/** What was done last, for a note over the case. `undo`: the moment that takes it back, null where there is none. */
export type MomentNote =
  | { readonly kind: 'taken'; readonly moment: SnapshotInfo }
  | {
      readonly kind: 'went-back' | 'undone' | 'reset';
      readonly moment: SnapshotInfo;
      readonly undo: string | null;
      readonly clock: RestoredClock | null;
    }
  /** The machine went on when the page opened; from its last checkpoint if it was not left in good order. */
  | {
      readonly kind: 'resumed';
      readonly moment: SnapshotInfo;
      readonly isClean: boolean;
      readonly clock: RestoredClock | null;
    }
  | { readonly kind: 'failed'; readonly deed: MomentDeed['kind']; readonly error: VitrineError };

/**
 * What a visitor does with moments: one thing at a time, each ending in a note that says what was done, or why not.
 * Going back can be taken back: what was there becomes a moment before it goes.
 */
export class MomentDeeds {
  readonly doing = new Store<MomentDeed | null>(null);
  readonly note = new Store<MomentNote | null>(null);
  readonly #moments: SessionMoments;

  constructor(moments: SessionMoments) {
    this.#moments = moments;
  }

  take(label = ''): Promise<boolean> {
    return this.#do('taking', async () => {
      this.note.set({ kind: 'taken', moment: await this.#moments.take(label) });
    });
  }

  goBack(id: string): Promise<boolean> {
    return this.#do('going-back', () => this.#restore(id, 'went-back'));
  }

  /** Takes back what `note` tells of; that can be taken back in turn. */
  undo(): Promise<boolean> {
    const note = this.note.value;
    const id = note && 'undo' in note ? note.undo : null;
    return id === null ? Promise.resolve(false) : this.#do('undoing', () => this.#restore(id, 'undone'));
  }

  /** To the exhibit's first state; false when none is pinned. */
  resetToFirst(): Promise<boolean> {
    return this.#do('resetting', async () => {
      const first = (await this.#moments.list()).find(({ isFirst }) => isFirst);
      if (first) await this.#restoreTo(first, 'reset');
    });
  }

  delete(id: string): Promise<boolean> {
    return this.#do('deleting', () => this.#moments.delete(id));
  }

  rename(id: string, label: string): Promise<boolean> {
    return this.#do('changing', () => this.#moments.rename(id, label));
  }

  pinFirst(id: string | null): Promise<boolean> {
    return this.#do('changing', () => this.#moments.pinFirst(id));
  }

  /** The machine went on when the page opened. */
  tellResumed(moment: SnapshotInfo, isClean: boolean): void {
    this.note.set({ kind: 'resumed', moment, isClean, clock: this.#moments.clock.value });
  }

  dismiss(): void {
    this.note.set(null);
  }

  async #restore(id: string, kind: 'went-back' | 'undone'): Promise<void> {
    const moment = (await this.#moments.list()).find((each) => each.id === id);
    if (!moment) throw new VitrineError('snapshot/no-moment');
    await this.#restoreTo(moment, kind);
  }

  async #restoreTo(moment: SnapshotInfo, kind: 'went-back' | 'undone' | 'reset'): Promise<void> {
    // What was there is a moment now: `before` from a machine that was on, `disk` from one that was off.
    const undo = await this.#moments.restore(moment.id, 'moment', { moment });
    this.note.set({ kind, moment, undo, clock: this.#moments.clock.value });
  }

  /** True when it was done; what could not be done is told in the note. Nothing happens while something else does. */
  async #do(kind: MomentDeed['kind'], work: () => Promise<void>): Promise<boolean> {
    if (this.doing.value) return false;
    this.doing.set({ kind, since: performance.now() });
    this.note.set(null);
    try {
      await work();
      return true;
    } catch (thrown) {
      this.note.set({ kind: 'failed', deed: kind, error: toVitrineError(thrown) });
      return false;
    } finally {
      this.doing.set(null);
    }
  }
}
