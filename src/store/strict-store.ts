import { promisifyRequest, type UseStore } from 'idb-keyval';

/** Name of the object store in every database made here. */
const RECORDS = 'records';
/** A database that a later version of the product has raised is not opened. */
const DATABASE_VERSION = 1;

export interface StrictStore {
  /** For idb-keyval and for transactions of our own. */
  readonly use: UseStore;
  /** Waits for transactions under way; the store is not used afterwards. */
  close(): Promise<void>;
}

/**
 * Opens a database with one object store as a custom store of idb-keyval, unlike its own `createStore` in three ways:
 * writing transactions ask for `durability: 'strict'` (the browser's default may lose the last ones in a power cut);
 * a connection that is lost stays lost, because writes of an earlier one may be missing; and a request to delete
 * the database is not blocked by this page.
 *
 * Rejects with what `indexedDB.open` fails with (`VersionError`: a newer version made it), or a `ReferenceError` where there is no IndexedDB.
 */
export async function openStrictStore(databaseName: string): Promise<StrictStore> {
  const request = indexedDB.open(databaseName, DATABASE_VERSION);
  request.onupgradeneeded = () => request.result.createObjectStore(RECORDS);
  const database = await promisifyRequest(request);
  database.onversionchange = () => database.close();
  return {
    async use(mode, callback) {
      return callback(database.transaction(RECORDS, mode, { durability: 'strict' }).objectStore(RECORDS));
    },
    async close() {
      database.close();
    },
  };
}
