/**
 * Where disks are kept: records by key, read as of one moment, changed in atomic durable steps.
 *
 * What every implementation promises, and all crash safety above it rests on:
 *
 * 1. **A step is all or nothing.** After `commit` resolves with 'done', a crash of the page, the browser or the
 *    computer leaves the whole step; when it rejects or a crash comes first, the step is wholly there or wholly
 *    absent, never in part.
 * 2. **Steps keep their order.** Steps of one store object become durable in the order of the calls.
 * 3. **Reads are ordered with steps by the moment they are called.** A `read` or `list` called before a `commit`
 *    sees nothing of it; one called after sees all of it, if it succeeds. So a reader may look up where a record
 *    is and ask for it in the same turn, although a later step removes it.
 * 4. **A guard that does not hold changes nothing.** Guards are checked inside the step, against other tabs too.
 * 5. **Values are copied** on the way in and out; nothing is shared with the caller. A value handed to `commit`
 *    must stay as it is until `commit` has settled.
 */
export interface RecordStore {
  /** The values under `keys`, all as of one moment; `undefined` where there is none. */
  read(keys: readonly RecordKey[]): Promise<unknown[]>;
  /** The values of the first `limit` keys (default: all) that begin with the parts of `prefix`, in key order. */
  list(prefix: RecordKey, limit?: number): Promise<unknown[]>;
  /** The keys that begin with the parts of `prefix`, in order. */
  keys(prefix: RecordKey): Promise<RecordKey[]>;
  /**
   * Makes one step durable. Rejects with `store/full` when there is no room (the step may be tried again) and with
   * `store/failed`, `store/silent` (no answer) or `store/lost` (the connection ended) for any other failure.
   */
  commit(step: Step): Promise<'done' | 'conflict'>;
  /** Ends the use of the store; steps under way finish first. */
  close(): Promise<void>;
}

/** Parts compare one by one: numbers before strings, numbers by value. */
export type RecordKey = readonly (string | number)[];

export interface Step {
  /** What the step is for: a name for crash tests and for measuring, nothing depends on it. */
  readonly kind: StepKind | MomentStepKind | KeepStepKind;
  /** Records whose `version` must be as given (0: there is no such record), or the step is a 'conflict'. */
  readonly guards: readonly Guard[];
  /** Each removes every record whose key begins with these parts; done before `put`. */
  readonly remove: readonly RecordKey[];
  readonly put: readonly (readonly [RecordKey, unknown])[];
}

export interface Guard {
  readonly key: RecordKey;
  readonly version: number;
}

/** A record that guards can name. */
export interface Versioned {
  readonly version: number;
}

/** The version that a guard compares: 0 for no record, -1 for one that has none. */
export function versionOf(record: unknown): number {
  if (record === undefined) return 0;
  const isVersioned = typeof record === 'object' && record !== null && 'version' in record;
  return isVersioned && typeof record.version === 'number' ? record.version : -1;
}

/**
 * Every durable step that there is. `batch` is guest writes; `open` takes the writing of a machine over; `shelf`
 * changes the tree of generations or the list of machines; `compact`, `merge` and `sweep` are upkeep that leaves
 * every disk's content as it is.
 */
export type StepKind = 'open' | 'batch' | 'shelf' | 'compact' | 'merge' | 'sweep';

/** The step of `keep-base.ts`: `keep` stores a part of the image that a disk began as, which nobody reaches yet. */
export type KeepStepKind = 'keep';

/** Steps of what is kept beside the disk (src/snapshot): `pages` stores memory, `moment` changes the list of moments. */
export type MomentStepKind = 'pages' | 'moment';

/** Where a crash can fall: nothing but these steps ever reaches the store, so these are all the places there are. */
export type CrashPoint = `${'before' | 'after'}-${StepKind}`;
export type MomentCrashPoint = `${'before' | 'after'}-${MomentStepKind}`;
