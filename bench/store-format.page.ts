import { getMany, setMany } from 'idb-keyval';
import { openStrictStore } from '../src/store/strict-store.ts';

const MIB = 0x10_0000;

function noise(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 65_536) {
    crypto.getRandomValues(bytes.subarray(at, Math.min(length, at + 65_536)));
  }
  return bytes;
}

async function mibPerSecond(bytes: number, work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return Math.round(bytes / MIB / ((performance.now() - start) / 1000));
}

async function quantiles(count: number, work: (i: number) => Promise<unknown>) {
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    await work(i);
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return { p50Ms: +times[count >> 1].toFixed(1), p95Ms: +times[Math.floor(count * 0.95)].toFixed(1) };
}

/** Values of one size, in transactions of `batchMiB`. */
async function measureSize(valueKiB: number, batchMiB: number, totalMiB: number) {
  const { use } = await openStrictStore(`format-${valueKiB}-${batchMiB}`);
  const value = noise(valueKiB * 1024);
  const count = (totalMiB * 1024) / valueKiB;
  const perBatch = (batchMiB * 1024) / valueKiB;
  const batches = Array.from({ length: count / perBatch }, (_, batch) =>
    Array.from({ length: perBatch }, (_, i) => batch * perBatch + i),
  );
  const write = await mibPerSecond(totalMiB * MIB, async () => {
    for (const keys of batches)
      await setMany(
        keys.map((key): [number, Uint8Array] => [key, value.slice()]),
        use,
      );
  });
  const read = await mibPerSecond(totalMiB * MIB, async () => {
    for (const keys of batches) await getMany(keys, use);
  });
  const one = await quantiles(100, () => getMany([Math.floor(Math.random() * count)], use));
  return { valueKiB, batchMiB, writeMiBs: write, readMiBs: read, readOneAlone: one };
}

/** Reading many small records in one request, as opening a disk does. */
async function measureHeads(count: number, bytes: number) {
  const { use } = await openStrictStore(`heads-${bytes}`);
  for (let at = 0; at < count; at += 512) {
    await setMany(
      Array.from({ length: 512 }, (_, i): [IDBValidKey, Uint8Array] => [['head', 1, at + i], noise(bytes)]),
      use,
    );
  }
  const start = performance.now();
  await use('readonly', (records) => {
    const request = records.getAll(IDBKeyRange.bound(['head', 1], ['head', 1, []]));
    return new Promise((resolve, reject) => {
      request.onsuccess = resolve;
      request.onerror = () => reject(request.error ?? new Error('getAll failed'));
    });
  });
  return { count, bytes, getAllMs: Math.round(performance.now() - start) };
}

/** Small strict commits: the least that a guest's flush can take. */
async function measureCommit(bytes: number) {
  const { use } = await openStrictStore(`commit-${bytes}`);
  return { bytes, ...(await quantiles(100, (i) => setMany([[i, noise(bytes)]], use))) };
}

/** Two writers at once, in one database or in one each. */
async function measureTwoWriters(databases: number) {
  const first = (await openStrictStore(`writers-${databases}-a`)).use;
  const second = databases === 1 ? first : (await openStrictStore(`writers-${databases}-b`)).use;
  const value = noise(MIB);
  const run = async (use: typeof first, from: number) => {
    for (let i = 0; i < 128; i += 8) {
      await setMany(
        Array.from({ length: 8 }, (_, k): [number, Uint8Array] => [from + i + k, value.slice()]),
        use,
      );
    }
  };
  return mibPerSecond(256 * MIB, () => Promise.all([run(first, 0), run(second, 1000)]));
}

const formatBench = { measureSize, measureHeads, measureCommit, measureTwoWriters };
export type FormatBench = typeof formatBench;
Object.assign(window, { formatBench });
