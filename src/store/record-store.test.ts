import 'fake-indexeddb/auto';
import { assert, asyncProperty, array, boolean } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MemoryRecords, MemoryRecordStore } from '../disk/memory-record-store.ts';
import { anyCommand, runScenario } from '../disk/testing/disk-scenario.ts';
import { RECORD_STORE_CONTRACT, type OpenStore } from '../disk/testing/record-store-contract.ts';
import { IdbRecordStore } from './idb-record-store.ts';

const memories = new Map<string, MemoryRecords>();

const STORES: Readonly<Record<string, OpenStore>> = {
  'in memory': async (name) => {
    const records = memories.get(name) ?? new MemoryRecords();
    memories.set(name, records);
    return new MemoryRecordStore(records);
  },
  'in (fake) IndexedDB': (name) => IdbRecordStore.open(name),
};

describe.each(Object.entries(STORES))('records %s', (_, open) => {
  test.each(RECORD_STORE_CONTRACT)('$name', ({ run }) => run(open));
});

test('a disk in (fake) IndexedDB equals a flat byte array', async () => {
  let runs = 0;
  await assert(
    asyncProperty(
      boolean(),
      array(anyCommand, { maxLength: 30, size: 'max' }),
      async (withBase, commands) => {
        const name = `scenario-${runs++}`;
        await runScenario({ open: () => IdbRecordStore.open(name), setFull: null }, withBase, commands);
      },
    ),
    { numRuns: 15 },
  );
});

test('a database that a newer version made is refused', async () => {
  await new Promise((resolve, reject) => {
    const request = indexedDB.open('newer', 7);
    request.onsuccess = () => resolve(request.result.close());
    request.onerror = reject;
  });
  await expect(IdbRecordStore.open('newer')).rejects.toMatchObject({ code: 'store/newer-format' });
});

test('a value that cannot be stored fails the whole step', async () => {
  const store = await IdbRecordStore.open('uncloneable');
  const step = {
    kind: 'shelf',
    guards: [],
    remove: [],
    put: [[['a'], 1] as const, [['b'], () => 0] as const],
  } as const;
  await expect(store.commit(step)).rejects.toMatchObject({ code: 'store/failed' });
  expect(await store.read([['a']])).toEqual([undefined]);
});
