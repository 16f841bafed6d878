import { promisifyRequest } from 'idb-keyval';
import { openStrictStore } from './strict-store.ts';

const DATABASE = 'vitrine-log';
/** Chromium begins a new log when 4 MiB were written to the one it has. */
const FILL_BYTES = 6 * 0x10_0000;
/** Larger values are put in files of their own and pass the log by. */
const VALUE_BYTES = 60 * 1024;
/** So many are written in one go: a page that opens its store is being drawn, and answers a visitor between them. */
const GROUP = 6;

let renewal: Promise<void> | null = null;

/**
 * Makes Chromium begin a new log for this site's databases, once for each page or worker. Takes about 60 ms, beside
 * whatever else is done; the result is the same promise each time, and never rejects.
 *
 * Why: Chromium keeps all databases of a site in one LevelDB. When the browser is killed while it writes, the last
 * record of the log may be cut. Opening it again leaves the cut record out, which is right, but then goes on writing
 * into the same log behind it (`reuse_logs`), and the opening after that finds the damage and throws all databases
 * of the site away. Filling the log up makes LevelDB write what it holds into a table and begin another one, and the
 * cut record is gone before it can do harm. Seen in Chromium 156; e2e/store/store.spec.ts has the case.
 */
export function renewLog(): Promise<void> {
  renewal ??= fillLog().catch(() => {
    // Without room the log stays as it is, as it would without this. What is wrong otherwise, the store will tell.
  });
  return renewal;
}

async function fillLog(): Promise<void> {
  const store = await openStrictStore(DATABASE);
  try {
    const value = new Uint8Array(VALUE_BYTES);
    await store.use('readwrite', async (records) => {
      let last: IDBRequest | null = null;
      for (let i = 0; i * VALUE_BYTES < FILL_BYTES; i++) {
        if (last && i % GROUP === 0) await promisifyRequest(last);
        last = records.put(value, i);
      }
      await promisifyRequest(records.transaction);
    });
    // It is the first write after the filling one that begins the new log.
    await store.use('readwrite', (records) => {
      records.clear();
      return promisifyRequest(records.transaction);
    });
  } finally {
    await store.close();
  }
}
