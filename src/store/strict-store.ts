import { promisifyRequest, type UseStore } from 'idb-keyval';
import { within } from '../lib/within.ts';

/** Name of the object store in every database made here. */
const RECORDS = 'records';
/** A database that a later version of the product has raised is not opened. */
const DATABASE_VERSION = 1;

/**
 * A browser that has not answered by then does not answer: opening takes milliseconds, and seconds on a slow drive
 * after a crash, while the browser mends its files.
 */
export const OPEN_PATIENCE_MS = 10_000;

export interface StrictStore {
  /** For idb-keyval and for transactions of our own. Throws an `InvalidStateError` once the connection is lost. */
  readonly use: UseStore;
  /**
   * Whether the browser ended the connection (site data cleared, its backing store failed, a newer version of the page
   * in another tab): what was committed is safe, and a new connection has to be opened.
   */
  readonly isLost: boolean;
  /** Waits for transactions under way; the store is not used afterwards. */
  close(): Promise<void>;
}

/**
 * Opens a database with one object store as a custom store of idb-keyval, unlike its own `createStore` in these ways:
 * writing transactions ask for `durability: 'strict'` (the browser's default may lose the last ones in a power cut);
 * a connection that is lost stays lost, because writes of an earlier one may be missing; a request to delete
 * the database is not blocked by this page; and it is open only when it has answered a read.
 *
 * Rejects with what `indexedDB.open` or the read fails with (`VersionError`: a newer version made it), with a
 * `SecurityError` where there is no IndexedDB, and when nothing was answered within `patienceMs` with a `TimeoutError`,
 * or a `BlockedError` when another tab holds an older database open. What is answered later is closed again.
 */
export async function openStrictStore(
  databaseName: string,
  patienceMs = OPEN_PATIENCE_MS,
): Promise<StrictStore> {
  const request = factory().open(databaseName, DATABASE_VERSION);
  let isBlocked = false;
  request.onblocked = () => (isBlocked = true);
  request.onupgradeneeded = () => request.result.createObjectStore(RECORDS);
  const opening = promisifyRequest(request).then(answering);
  try {
    return connect(
      await within(opening, patienceMs, () => failure(isBlocked ? 'BlockedError' : 'TimeoutError')),
    );
  } catch (error) {
    opening.then(
      (database) => database.close(),
      () => undefined,
    );
    throw error;
  }
}

/** The same database when it has answered a read: one with a broken file opens, and fails only then. */
async function answering(database: IDBDatabase): Promise<IDBDatabase> {
  try {
    await promisifyRequest(
      database.transaction(RECORDS, 'readonly').objectStore(RECORDS).count(['no such record']),
    );
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function connect(database: IDBDatabase): StrictStore {
  let isLost = false;
  database.onclose = () => (isLost = true);
  database.onversionchange = () => {
    isLost = true;
    database.close();
  };
  return {
    async use(mode, callback) {
      return callback(database.transaction(RECORDS, mode, { durability: 'strict' }).objectStore(RECORDS));
    },
    get isLost() {
      return isLost;
    },
    async close() {
      database.close();
    },
  };
}

/** Naming it throws a `SecurityError` in some browsers that store nothing; in others it is missing. */
function factory(): IDBFactory {
  if (typeof indexedDB === 'undefined' || indexedDB === null) throw failure('SecurityError');
  return indexedDB;
}

function failure(name: 'BlockedError' | 'TimeoutError' | 'SecurityError'): DOMException {
  const words = {
    BlockedError: 'another tab holds an older database open',
    TimeoutError: 'IndexedDB did not answer',
    SecurityError: 'there is no IndexedDB',
  };
  return new DOMException(words[name], name);
}
