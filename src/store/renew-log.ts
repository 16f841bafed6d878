import { promisifyRequest } from 'idb-keyval';
import { openStrictStore } from './strict-store.ts';

const DATABASE = 'vitrine-log';

let renewal: Promise<void> | null = null;

/**
 * Makes Chromium begin a new log for this site's databases, once for each page or worker. Takes about 10 ms and a
 * kilobyte, beside whatever else is done; the result is the same promise each time, and never rejects.
 *
 * Why: Chromium keeps all databases of a site in one LevelDB. When the browser is killed while it writes, the last
 * record of the log may be cut. Opening it again leaves the cut record out, which is right, but then goes on writing
 * into the same log behind it (`reuse_logs`), and the opening after that finds the damage and throws all databases
 * of the site away. When a database is deleted, Chromium compacts the range of keys that it had
 * (`LevelDBScopeDeletionMode::kDeferredWithCompaction` in content/browser/indexed_db), and LevelDB's `CompactRange`
 * first writes what the log holds into a table and begins another one: the cut record is gone before it can do harm.
 * Seen in Chromium 156; e2e/store/store.spec.ts has the case, and looks for the new log.
 */
export function renewLog(): Promise<void> {
  renewal ??= deleteSmallDatabase().catch(() => {
    // The log stays as it is, as it would without this. What is wrong, the store will tell.
  });
  return renewal;
}

async function deleteSmallDatabase(): Promise<void> {
  const store = await openStrictStore(DATABASE);
  await store.close();
  await promisifyRequest(indexedDB.deleteDatabase(DATABASE));
}
