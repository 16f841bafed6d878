import { describe, expect, it } from 'vitest';
import { importKey, removeOrphans } from './import-leftovers.ts';
import { MemoryRecords, MemoryRecordStore } from './memory-record-store.ts';
import { dataKey, headKey, readShelf, updateShelf } from './shelf-record.ts';
import { encodeHead } from './segment-head.ts';
import { newMachine } from './testing/new-machine.ts';

/** Importing machine `id` was killed when it had written two layers and a list of moments. */
async function killed(store: MemoryRecordStore, id: string): Promise<void> {
  const { shelf } = await updateShelf(store, (shelf) => ({ ...shelf, nextId: shelf.nextId + 2 }));
  const layers = [shelf.nextId - 2, shelf.nextId - 1];
  const heads = layers.map((layer) => {
    const blocks = Uint32Array.of(1);
    return [
      headKey(layer, layer * 100),
      encodeHead({ id: layer * 100, order: 1, blocks, zeros: new Uint32Array() }),
    ] as const;
  });
  const data = layers.map((layer) => [dataKey(layer * 100), new Uint8Array(4)] as const);
  const put = [[importKey(id), layers] as const, ...heads, ...data, [['moments', id], {}] as const];
  await store.commit({
    kind: 'pages',
    guards: [],
    remove: [],
    put: [...put, [['pages', id, 1], new Uint8Array(9)]],
  });
}

const keysOf = (records: MemoryRecords) => [...records.values.keys()].sort();
const free = () => Promise.resolve({ release: () => undefined });

describe('what killed imports left', () => {
  it.each([false, true])(
    'goes when the shelf is opened, also where nothing has room (full: %s)',
    async (full) => {
      const records = new MemoryRecords();
      const store = new MemoryRecordStore(records);
      await newMachine(store, 'here', { sizeBytes: 8192 });
      const before = keysOf(records);
      await killed(store, 'gone');
      await killed(store, 'gone too');
      records.full = full;
      await removeOrphans(store, free);
      expect(keysOf(records)).toEqual(before);
      expect((await readShelf(store)).shelf.dropped).toEqual([]);
    },
  );

  it('stays while anybody has the lock of its machine', async () => {
    const records = new MemoryRecords();
    const store = new MemoryRecordStore(records);
    await killed(store, 'busy');
    const before = keysOf(records);
    await killed(store, 'gone');
    await removeOrphans(store, (id) => (id === 'busy' ? Promise.resolve(null) : free()));
    expect(keysOf(records)).toEqual([...before].sort());
  });

  it('of a machine that is there takes nothing of the machine along', async () => {
    const records = new MemoryRecords();
    const store = new MemoryRecordStore(records);
    await newMachine(store, 'here', { sizeBytes: 8192 });
    await killed(store, 'here');
    await removeOrphans(store, free);
    expect(keysOf(records)).toEqual(
      expect.arrayContaining(['["moments","here"]', '["pages","here",1]', '["shelf"]']),
    );
    expect(keysOf(records).filter((key) => /import|head|data/u.test(key))).toEqual([]);
  });
});
