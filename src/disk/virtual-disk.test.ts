import { expect, test } from 'vitest';
import { MemorySource } from '../bytes/byte-source.ts';
import { MemoryRecords, MemoryRecordStore } from './memory-record-store.ts';
import type { RecordStore, Step } from './record-store.ts';
import { dataKey, SHELF_KEY } from './shelf-record.ts';
import { ManualClock } from './testing/manual-clock.ts';
import { newMachine } from './testing/new-machine.ts';
import { VirtualDisk, type VirtualDiskOptions } from './virtual-disk.ts';

const BLOCK = 4096;
const block = (fill: number) => new Uint8Array(BLOCK).fill(fill);

async function setUp(options: Partial<VirtualDiskOptions> & { sizeBytes?: number } = {}) {
  const records = new MemoryRecords();
  const { base } = options;
  const identity = base ? { name: base.name, sizeBytes: base.sizeBytes, fingerprint: 'f' } : null;
  await newMachine(new MemoryRecordStore(records), 'a', { sizeBytes: options.sizeBytes, base: identity });
  const open = (more: Partial<VirtualDiskOptions> = {}) =>
    VirtualDisk.open(new MemoryRecordStore(records), {
      machineId: 'a',
      segmentBlocks: 4,
      clock: new ManualClock(),
      baseFingerprint: base ? 'f' : null,
      ...options,
      ...more,
    });
  return { records, open, disk: await open() };
}

/** A store that notes its steps. */
function noting(store: RecordStore, steps: Step[]): RecordStore {
  return {
    read: (keys) => store.read(keys),
    keys: (prefix) => store.keys(prefix),
    list: (prefix, limit) => store.list(prefix, limit),
    close: () => store.close(),
    commit(step) {
      steps.push(step);
      return store.commit(step);
    },
  };
}

test('zeros over nothing store nothing; zeros over something hide it and take no room', async () => {
  const { disk, open } = await setUp();
  await disk.write(0, new Uint8Array(100 * BLOCK));
  await disk.flush();
  expect(disk.stats().storedBytes).toBe(0);
  await disk.write(8 * BLOCK, block(1));
  await disk.flush();
  await disk.write(8 * BLOCK, new Uint8Array(BLOCK));
  await disk.flush();
  await disk.upkeep();
  expect(disk.stats().storedBytes).toBeLessThan(100);
  await disk.close();
  expect(await (await open()).read(8 * BLOCK, BLOCK)).toEqual(new Uint8Array(BLOCK));
});

test('a base shows through what was not written, in whole and in parts of blocks', async () => {
  const base = new MemorySource(new Uint8Array(3 * BLOCK + 512).fill(5), 'win.img');
  const { disk, open } = await setUp({ base, sizeBytes: 8 * BLOCK });
  await disk.write(256, new Uint8Array(256).fill(9));
  await disk.flush();
  const bytes = await disk.read(0, 4 * BLOCK);
  expect([bytes[255], bytes[256], bytes[511], bytes[512]]).toEqual([5, 9, 9, 5]);
  expect([bytes[3 * BLOCK + 511], bytes[3 * BLOCK + 512]]).toEqual([5, 0]);
  await disk.close();
  await expect(open({ base: null })).rejects.toMatchObject({ code: 'disk/base-missing' });
  const other = new MemorySource(new Uint8Array(BLOCK), 'other.img');
  await expect(open({ base: other })).rejects.toMatchObject({ code: 'disk/base-changed' });
  // As large, but another one.
  await expect(open({ baseFingerprint: 'g' })).rejects.toMatchObject({ code: 'disk/base-changed' });
});

test('what was read from memory stays as it was read, whatever is written afterwards', async () => {
  const { disk } = await setUp();
  for (let i = 0; i < 4; i++) await disk.write(i * BLOCK, block(i + 1));
  await disk.flush();
  const read = disk.readCached(BLOCK + 256, 2 * BLOCK)!;
  const before = read.slice();
  await disk.write(BLOCK, block(9));
  await disk.flush();
  await disk.upkeep();
  expect(read).toEqual(before);
  expect([before[0], before[BLOCK - 256], before[2 * BLOCK - 257], before[2 * BLOCK - 256]]).toEqual([
    2, 3, 3, 4,
  ]);
  expect(disk.readCached(BLOCK + 256, 256)).toEqual(new Uint8Array(256).fill(9));
  await disk.close();
});

test('a damaged block is reported and never served, its neighbours still are', async () => {
  const { disk, open, records } = await setUp();
  await disk.write(0, block(1));
  await disk.write(BLOCK, block(2));
  await disk.close();
  for (const { key, value } of records.values.values()) {
    if (key[0] === 'data' && value instanceof Uint8Array) value[BLOCK + 17] ^= 4;
  }
  const again = await open();
  expect(again.readCached(BLOCK, BLOCK)).toBeNull();
  await expect(again.read(BLOCK, BLOCK)).rejects.toMatchObject({ code: 'disk/damaged' });
  await expect(again.read(0, 2 * BLOCK)).rejects.toMatchObject({ code: 'disk/damaged' });
  expect(await again.read(0, BLOCK)).toEqual(block(1));
  expect(again.readCached(BLOCK, BLOCK)).toBeNull();
  // Upkeep leaves it as it is, writing it anew heals it.
  await again.write(0, block(3));
  await again.flush();
  await again.upkeep();
  await expect(again.read(BLOCK, BLOCK)).rejects.toMatchObject({ code: 'disk/damaged' });
  await again.write(BLOCK, block(4));
  await again.flush();
  await again.upkeep();
  expect(await again.read(BLOCK, BLOCK)).toEqual(block(4));
});

test.each(['missing', 'cut', 'of another segment', 'not bytes'] as const)(
  'a stored segment that is %s is reported',
  async (fault) => {
    const { disk, open, records } = await setUp();
    await disk.write(0, block(1));
    await disk.flush();
    await disk.write(BLOCK, block(2));
    await disk.close();
    const [first, second] = [...records.values.values()].filter(({ key }) => key[0] === 'data');
    const values = {
      missing: undefined,
      cut: block(1),
      'of another segment': second.value,
      'not bytes': 'x',
    };
    first.value = values[fault];
    const again = await open();
    await expect(again.read(0, BLOCK)).rejects.toMatchObject({ code: 'disk/damaged' });
    expect(await again.read(BLOCK, BLOCK)).toEqual(block(2));
  },
);

test('rewriting comes to an end although most of what should be rewritten is damaged', async () => {
  for (const whole of [1, 2, 3]) {
    const { records, disk } = await setUp({ sizeBytes: 64 * BLOCK });
    for (let i = 0; i < 24; i++) {
      await disk.write(i * BLOCK, block(1 + i));
      await disk.flush();
    }
    const data = [...records.values.values()].filter(({ key }) => key[0] === 'data');
    for (const { value } of data.slice(whole)) (value as Uint8Array)[100] ^= 1;
    await disk.abandon();
    let steps = 0;
    const store = new MemoryRecordStore(records);
    const again = await VirtualDisk.open(
      {
        read: (keys) => store.read(keys),
        list: (prefix, limit) => store.list(prefix, limit),
        keys: (prefix) => store.keys(prefix),
        close: () => store.close(),
        commit(step) {
          if (step.kind === 'compact' && ++steps > 10) throw new Error('endless');
          return store.commit(step);
        },
      },
      { machineId: 'a', segmentBlocks: 4, clock: new ManualClock() },
    );
    await again.upkeep();
    // What is whole is rewritten where that leaves fewer segments, and once.
    expect(steps).toBe(whole === 1 ? 0 : 1);
  }
});

test('who takes a disk over knows of a commit that came while it looked', async () => {
  const clock = new ManualClock();
  const { records, disk } = await setUp({ clock });
  clock.advance(5000);
  await disk.write(0, block(7));
  const store = new MemoryRecordStore(records);
  let isFirst = true;
  const again = await VirtualDisk.open(
    {
      read: (keys) => store.read(keys),
      list: (prefix, limit) => store.list(prefix, limit),
      keys: (prefix) => store.keys(prefix),
      close: () => store.close(),
      async commit(step) {
        if (step.kind === 'open' && isFirst) await disk.flush();
        isFirst = false;
        return store.commit(step);
      },
    },
    { machineId: 'a', segmentBlocks: 4, clock: new ManualClock() },
  );
  expect(again.state.committedAt).toBe(disk.state.committedAt);
  expect(again.state.committedAt).toBeGreaterThan(0);
  expect(await again.read(0, BLOCK)).toEqual(block(7));
});

test('a damaged index keeps the disk shut', async () => {
  const { disk, open, records } = await setUp();
  await disk.write(0, block(1));
  await disk.close();
  for (const { key, value } of records.values.values()) {
    if (key[0] === 'head' && value instanceof Uint32Array) value[7] ^= 1;
  }
  await expect(open()).rejects.toMatchObject({ code: 'store/damaged' });
});

test('a store of a newer format is refused and not touched', async () => {
  const { open, records } = await setUp();
  const shelf = records.values.get(JSON.stringify(SHELF_KEY))!;
  shelf.value = { version: 9, format: 2, whatever: 'it holds' };
  const before = JSON.stringify([...records.values]);
  await expect(open()).rejects.toMatchObject({ code: 'store/newer-format' });
  expect(JSON.stringify([...records.values])).toBe(before);
});

test('whoever opened last writes; the one before is told and changes nothing', async () => {
  const { disk, open } = await setUp();
  await disk.write(0, block(1));
  await disk.flush();
  const second = await open();
  await disk.write(0, block(2));
  await expect(disk.flush()).rejects.toMatchObject({ code: 'disk/taken-over' });
  expect(disk.state).toMatchObject({ phase: 'failed', error: { code: 'disk/taken-over' } });
  await expect(disk.freezeTop()).rejects.toMatchObject({ code: 'disk/taken-over' });
  expect(await second.read(0, BLOCK)).toEqual(block(1));
});

test('freezing, going back and letting go are one small step each, however much is stored', async () => {
  const { disk, records } = await setUp();
  for (let i = 0; i < 200; i++) await disk.write(i * BLOCK, block(i + 1));
  await disk.close();
  const steps: Step[] = [];
  const store = noting(new MemoryRecordStore(records), steps);
  const again = await VirtualDisk.open(store, { machineId: 'a', segmentBlocks: 4, clock: new ManualClock() });
  steps.length = 0;
  const moment = await again.freezeTop();
  await again.newTopOn(moment);
  await again.discardTop();
  await again.deleteGeneration(moment);
  expect(steps.map(({ kind, put, remove }) => [kind, put.length, remove.length])).toEqual(
    Array.from({ length: 4 }, () => ['shelf', 1, 0]),
  );
});

test('a merge keeps the newer block on top although the older was moved after it was written', async () => {
  const { disk, open } = await setUp();
  for (const [first, count, fill] of [
    [0, 16, 1],
    [0, 11, 2],
    [0, 10, 3],
    [9, 1, 5],
  ]) {
    await disk.write(first * BLOCK, new Uint8Array(count * BLOCK).fill(fill));
    await disk.flush();
  }
  const moment = await disk.freezeTop();
  await disk.write(8 * BLOCK, block(4));
  await disk.flush();
  await disk.upkeep();
  await disk.deleteGeneration(moment);
  await disk.upkeep();
  await disk.close();
  const again = await open();
  const bytes = await again.read(0, 16 * BLOCK);
  expect([7, 8, 9, 10, 11].map((i) => bytes[i * BLOCK])).toEqual([3, 4, 5, 2, 1]);
  // The older copy of block 8 is still there: little waste is left as it is.
  expect(again.stats().storedBytes).toBeGreaterThan(17 * BLOCK);
});

test('a read finds a segment that is being replaced at that moment', async () => {
  const { disk, records } = await setUp();
  for (let fill = 1; fill < 4; fill++) {
    await disk.write(0, new Uint8Array((5 - fill) * BLOCK).fill(fill));
    await disk.flush();
  }
  await disk.close();
  const memory = new MemoryRecordStore(records);
  let hold: Promise<unknown> = Promise.resolve();
  let onReplaced = () => undefined as void;
  const replaced = new Promise<void>((resolve) => (onReplaced = resolve));
  const store: RecordStore = {
    read: (keys) => memory.read(keys),
    keys: (prefix) => memory.keys(prefix),
    list: (prefix, limit) => memory.list(prefix, limit),
    close: () => memory.close(),
    async commit(step) {
      const outcome = await memory.commit(step);
      if (step.kind === 'compact') {
        onReplaced();
        await hold;
      }
      return outcome;
    },
  };
  const again = await VirtualDisk.open(store, { machineId: 'a', segmentBlocks: 4, clock: new ManualClock() });
  let release = () => undefined as void;
  hold = new Promise<void>((resolve) => (release = resolve));
  const upkeep = again.upkeep();
  await replaced;
  const bytes = await again.read(0, 4 * BLOCK);
  release();
  await upkeep;
  expect([0, 1, 2, 3].map((i) => bytes[i * BLOCK])).toEqual([3, 3, 2, 1]);
  expect(await again.read(0, 4 * BLOCK)).toEqual(bytes);
});

test('merging moves the smaller of two generations, whichever is the older', async () => {
  for (const [older, newer] of [
    [40, 2],
    [2, 40],
  ]) {
    const { disk, records } = await setUp();
    for (let i = 0; i < older; i++) await disk.write(i * BLOCK, block(1));
    const moment = await disk.freezeTop();
    for (let i = 0; i < newer; i++) await disk.write(i * BLOCK, block(2));
    await disk.close();
    const steps: Step[] = [];
    const store = noting(new MemoryRecordStore(records), steps);
    const again = await VirtualDisk.open(store, {
      machineId: 'a',
      segmentBlocks: 4,
      clock: new ManualClock(),
    });
    await again.deleteGeneration(moment);
    await again.upkeep();
    const merges = steps.filter(({ kind }) => kind === 'merge');
    // The head of the small one, the shelf, and the commit record.
    expect(merges.map(({ put }) => put.length)).toEqual([3]);
    const bytes = await again.read(0, 40 * BLOCK);
    expect([0, 1, 2, 39].map((i) => bytes[i * BLOCK])).toEqual(newer === 2 ? [2, 2, 1, 1] : [2, 2, 2, 2]);
  }
});

test('a duplicate goes its own way and neither moves what the other stands on', async () => {
  const { disk, open } = await setUp();
  // Overwritten blocks, which upkeep would reclaim if the layer were not shared.
  for (const first of [0, 1, 2]) {
    await disk.write(0, block(1));
    await disk.write((first + 1) * BLOCK, block(1));
    await disk.flush();
  }
  await disk.duplicate({ id: 'b', name: 'B' });
  const copy = await open({ machineId: 'b' });
  await disk.write(0, block(2));
  await copy.write(0, block(3));
  await disk.flush();
  await copy.flush();
  await disk.upkeep();
  await copy.upkeep();
  expect((await disk.read(0, BLOCK))[0]).toBe(2);
  expect((await copy.read(0, BLOCK))[0]).toBe(3);
  expect((await copy.read(BLOCK, BLOCK))[0]).toBe(1);
  await disk.close();
  await copy.close();
  const [a, b] = [await open(), await open({ machineId: 'b' })];
  expect([(await a.read(0, BLOCK))[0], (await b.read(0, BLOCK))[0]]).toEqual([2, 3]);
});

test('memory stays under its ceiling plus one batch whatever is read and written', async () => {
  const ceiling = 64 * BLOCK;
  const dirty = 16 * BLOCK;
  const { disk } = await setUp({ cacheBytes: ceiling, dirtyBytes: dirty });
  let most = 0;
  for (let i = 0; i < 2000; i++) {
    await disk.write(((i * 7919) % 5000) * BLOCK, block(1 + (i % 200)));
    if (i % 3 === 0) await disk.read(((i * 104_729) % 4990) * BLOCK, 8 * BLOCK);
    most = Math.max(most, disk.stats().cacheBytes);
  }
  await disk.flush();
  expect(most).toBeGreaterThan(ceiling / 2);
  expect(most).toBeLessThanOrEqual(ceiling + dirty);
});

test('says what it does: saved, unsaved, saved, closed', async () => {
  const phases: string[] = [];
  const clock = new ManualClock();
  const { disk } = await setUp({
    clock,
    onState: (state) => phases.push(`${state.phase} ${state.committedAt}`),
  });
  await disk.write(0, block(1));
  clock.advance(500);
  await disk.flush();
  await disk.close();
  expect(phases).toEqual(['unsaved 0', 'saved 500', 'closed 500']);
  await expect(disk.write(0, block(1))).rejects.toMatchObject({ code: 'disk/closed' });
  await expect(disk.read(0, BLOCK)).rejects.toMatchObject({ code: 'disk/closed' });
});

test('refuses what is outside of the disk or not in whole pieces', async () => {
  const { disk } = await setUp({ sizeBytes: 8 * BLOCK });
  for (const [offset, length] of [
    [8 * BLOCK - 256, 512],
    [-256, 256],
    [100, 256],
    [0, 100],
  ]) {
    await expect(disk.read(offset, length)).rejects.toMatchObject({ code: 'disk/out-of-range' });
    await expect(disk.write(offset, new Uint8Array(length))).rejects.toMatchObject({
      code: 'disk/out-of-range',
    });
  }
});

test('the map and the sizes tell what is stored where', async () => {
  const { disk } = await setUp({ sizeBytes: 100 * BLOCK });
  await disk.write(0, new Uint8Array(10 * BLOCK).fill(1));
  const moment = await disk.freezeTop();
  await disk.write(90 * BLOCK, block(1));
  await disk.flush();
  const map = disk.map(10);
  expect([...map.frozen]).toEqual([10, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  expect([...map.top]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
  const [size] = disk.generations();
  expect(size).toMatchObject({ id: moment, sharedBytes: 0 });
  expect(size.ownBytes).toBeGreaterThan(10 * BLOCK);
});

test('a segment id is never used twice, so stale bytes cannot pass for new ones', async () => {
  const { disk, open, records } = await setUp();
  await disk.write(0, block(1));
  await disk.close();
  const ids = () => [...records.values.values()].filter(({ key }) => key[0] === 'data').map(({ key }) => key);
  const before = ids();
  const again = await open();
  await again.write(0, block(2));
  await again.flush();
  await again.upkeep();
  expect(ids()).not.toEqual(before);
  expect(await new MemoryRecordStore(records).read([dataKey(Number(before[0][1]))])).toEqual([undefined]);
});

test('upkeep comes to an end where most of what it would gather is damaged', async () => {
  const { disk, records, open } = await setUp();
  for (let i = 0; i < 24; i++) {
    await disk.write(i * 4096, new Uint8Array(4096).fill(i + 1));
    await disk.flush();
  }
  await disk.close();
  const stored = [...records.values.values()].filter(({ key }) => key[0] === 'data');
  for (const { value } of stored.slice(0, 23)) (value as Uint8Array)[5] ^= 1;
  const again = await open();
  await again.upkeep();
  await expect(again.read(0, 4096)).rejects.toMatchObject({ code: 'disk/damaged' });
  expect(await again.read(23 * 4096, 4096)).toEqual(new Uint8Array(4096).fill(24));
  await again.close();
});
