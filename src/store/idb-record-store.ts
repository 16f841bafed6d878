import { getMany, promisifyRequest } from 'idb-keyval';
import { versionOf, type RecordKey, type RecordStore, type Step } from '../disk/record-store.ts';
import { VitrineError, type ErrorCode } from '../lib/errors.ts';
import { within } from '../lib/within.ts';
import { renewLog } from './renew-log.ts';
import { OPEN_PATIENCE_MS, openStrictStore, type StrictStore } from './strict-store.ts';

/**
 * One database holds all machines. Measured (bench/store-format.ts), two writers in one database are as fast as two
 * in a database each, and only so can a duplicate share what it has in common with its original.
 */
export const DISKS_DATABASE = 'vitrine-disks';

/** What opening fails with, by the name of the browser's error (Indexed Database API 3.0 §3.1) and of our own. */
const OPENING_CODES: Readonly<Record<string, ErrorCode>> = {
  SecurityError: 'store/unavailable',
  VersionError: 'store/newer-format',
  QuotaExceededError: 'store/open-full',
  BlockedError: 'store/blocked',
  TimeoutError: 'store/silent',
};

/**
 * How long the browser may take for anything: far longer than the largest step needs on a slow drive. One that never
 * answers must not keep whoever waits for it, so that is a failure; whether a step was done then is unknown, as after a
 * crash.
 */
const PATIENCE_MS = 120_000;

/**
 * Records in IndexedDB. A step is one transaction; that IndexedDB runs transactions on one object store in the order
 * they were made, reading ones too, gives the order that `RecordStore` promises. Transactions are made in the turn of
 * the call (see `openStrictStore`).
 */
export class IdbRecordStore implements RecordStore {
  readonly #store: StrictStore;
  /** Safari loses connections when a computer wakes, and tells that by the next failure alone. */
  #isBroken = false;

  private constructor(store: StrictStore) {
    this.#store = store;
  }

  /**
   * Rejects with `store/unavailable` where the browser stores nothing for the page, as in some private windows; else,
   * with all that is stored as it was, with `store/newer-format`, `store/open-full`, `store/blocked`, `store/silent`
   * (after `patienceMs`) or `store/open-failed`.
   */
  static async open(databaseName = DISKS_DATABASE, patienceMs = OPEN_PATIENCE_MS): Promise<IdbRecordStore> {
    void renewLog();
    try {
      return new IdbRecordStore(await openStrictStore(databaseName, patienceMs));
    } catch (cause) {
      const name = cause instanceof Error || cause instanceof DOMException ? cause.name : '';
      throw new VitrineError(OPENING_CODES[name] ?? 'store/open-failed', {}, { cause });
    }
  }

  /** Whether the browser ended the connection: what was committed is safe, and the store has to be opened again. */
  get isLost(): boolean {
    return this.#isBroken || this.#store.isLost;
  }

  async read(keys: readonly RecordKey[]): Promise<unknown[]> {
    if (keys.length === 0) return [];
    return this.#told(getMany<unknown>(keys.map(toIdbKey), this.#store.use));
  }

  async list(prefix: RecordKey, limit?: number): Promise<unknown[]> {
    return this.#told(
      this.#store.use('readonly', (records) =>
        promisifyRequest<unknown[]>(records.getAll(rangeOf(prefix), limit)),
      ),
    );
  }

  async keys(prefix: RecordKey): Promise<RecordKey[]> {
    const keys = await this.#told(
      this.#store.use('readonly', (records) => promisifyRequest(records.getAllKeys(rangeOf(prefix)))),
    );
    // All keys here were made by `toIdbKey`.
    return keys as (string | number)[][];
  }

  async commit(step: Step): Promise<'done' | 'conflict'> {
    return this.#told(this.#store.use('readwrite', (records) => runStep(records, step)));
  }

  async close(): Promise<void> {
    await this.#store.close();
  }

  async #told<T>(work: Promise<T>): Promise<T> {
    try {
      return await within(
        work,
        PATIENCE_MS,
        () => new DOMException(`no answer for ${PATIENCE_MS / 1000} s`, 'TimeoutError'),
      );
    } catch (cause) {
      const name = cause instanceof Error || cause instanceof DOMException ? cause.name : '';
      const isSilent = name === 'TimeoutError';
      this.#isBroken ||= isSilent || name === 'UnknownError' || name === 'InvalidStateError';
      const code =
        name === 'QuotaExceededError'
          ? 'store/full'
          : isSilent
            ? 'store/silent'
            : this.isLost
              ? 'store/lost'
              : 'store/failed';
      throw new VitrineError(code, {}, { cause });
    }
  }
}

/** All requests are made at once; a guard that does not hold aborts them. Resolves when the transaction is complete. */
function runStep(records: IDBObjectStore, step: Step): Promise<'done' | 'conflict'> {
  const { transaction } = records;
  return new Promise((resolve, reject) => {
    let conflict = false;
    let unchecked = step.guards.length;
    transaction.oncomplete = () => resolve('done');
    transaction.onabort = () =>
      conflict ? resolve('conflict') : reject(transaction.error ?? new Error('aborted'));
    try {
      for (const { key, version } of step.guards) {
        const request = records.get(toIdbKey(key));
        request.onsuccess = () => {
          if (conflict) return;
          conflict = versionOf(request.result) !== version;
          unchecked--;
          if (conflict) transaction.abort();
          else if (unchecked === 0) transaction.commit();
        };
      }
      for (const key of step.remove) records.delete(rangeOf(key));
      for (const [key, value] of step.put) records.put(value, toIdbKey(key));
      if (unchecked === 0) transaction.commit();
    } catch (error) {
      // A request that cannot even be made (the value cannot be stored, there is no room): nothing of the step stays.
      transaction.onabort = null;
      transaction.abort();
      reject(error);
    }
  });
}

function toIdbKey(key: RecordKey): IDBValidKey {
  return [...key];
}

/** The key itself and all that begin with it: an array sorts after every number and string. */
function rangeOf(prefix: RecordKey): IDBKeyRange {
  return IDBKeyRange.bound([...prefix], [...prefix, []]);
}
