import { expect, test } from 'vitest';
import { MemorySource } from '../bytes/byte-source.ts';
import { DiskLayers, ShelfMoved } from './disk-layers.ts';
import { readFirstBlock } from './first-block.ts';
import { forgetKeeping, keepBase, type SparseBase } from './keep-base.ts';
import { MemoryRecords, MemoryRecordStore } from './memory-record-store.ts';
import { chainOf, changeMachine, duplicateMachine, machineOf } from './shelf.ts';
import { keepingKey, readShelf, updateShelf } from './shelf-record.ts';
import { CrashingStore } from './testing/crashing-store.ts';
import { ManualClock } from './testing/manual-clock.ts';
import { newMachine } from './testing/new-machine.ts';
import { VirtualDisk } from './virtual-disk.ts';

const BLOCK = 4096;
/** Larger than one step of copying, and no whole number of blocks. */
const SIZE = 20 * 2 ** 20 + 1536;

/** Without a picture of the difference, which of 20 MiB takes minutes. */
function expectSame(actual: Uint8Array, expected: Uint8Array): void {
  expect(Buffer.compare(actual, expected)).toBe(0);
}

/** An image with a hole, with zeros that it does not know of, and with a last block that is none whole. */
function makeImage(): { bytes: Uint8Array; image: SparseBase } {
  const bytes = new Uint8Array(SIZE);
  for (let at = 0; at < SIZE; at += 256) bytes.fill(1 + ((at / 256) % 251), at, at + 256);
  const hole = { from: 2 * 2 ** 20, to: 6 * 2 ** 20 };
  bytes.fill(0, hole.from, hole.to);
  bytes.fill(0, 9 * BLOCK, 12 * BLOCK);
  const image = Object.assign(new MemorySource(bytes, 'windows.qcow2'), {
    async *allocatedRanges() {
      yield { offset: 0, length: 1000 };
      yield { offset: 1000, length: hole.from - 1000 };
      yield { offset: hole.to, length: SIZE - hole.to };
    },
  });
  return { bytes, image };
}

async function setUp() {
  const { bytes, image } = makeImage();
  const records = new MemoryRecords();
  const store = () => new MemoryRecordStore(records);
  const base = { name: image.name, sizeBytes: SIZE, fingerprint: 'f' };
  await newMachine(store(), 'a', { sizeBytes: SIZE, base });
  const open = (machineId = 'a', from: SparseBase | null = null) =>
    VirtualDisk.open(store(), { machineId, base: from, baseFingerprint: 'f', clock: new ManualClock() });
  const disk = await open('a', image);
  const expected = bytes.slice();
  // What the guest wrote goes on hiding the image: bytes, zeros, and a part of a block.
  for (const [at, fill] of [
    [0, 200],
    [3 * BLOCK, 0],
    [2 * 2 ** 20 + BLOCK, 201],
    [7 * 2 ** 20, 202],
  ]) {
    const part = new Uint8Array(at === 0 ? 256 : BLOCK).fill(fill);
    await disk.write(at, part);
    expected.set(part, at);
  }
  const generation = await disk.freezeTop();
  await disk.write(5 * BLOCK, new Uint8Array(BLOCK).fill(203));
  const frozen = expected.slice();
  expected.fill(203, 5 * BLOCK, 6 * BLOCK);
  await disk.close();
  return { records, store, open, image, expected, frozen, generation };
}

test('a disk is the same without its image, now, at its moments, after upkeep and when it is opened again', async () => {
  const { store, open, image, expected, frozen, generation } = await setUp();
  const progress: number[] = [];
  const onProgress = ({ doneBytes, totalBytes }: { doneBytes: number; totalBytes: number }) => {
    progress.push(doneBytes);
    expect(doneBytes).toBeLessThanOrEqual(totalBytes);
  };
  await keepBase(store(), 'a', image, { fingerprint: 'f', onProgress });
  expect(progress.length).toBeGreaterThan(2);
  expect(machineOf((await readShelf(store())).shelf, 'a').base).toBeNull();
  const disk = await open();
  expectSame(await disk.read(0, SIZE), expected);
  const moment = await disk.openGeneration(generation);
  expectSame(await moment.read(0, SIZE), frozen);
  moment.close();
  expect(disk.stats().storedBytes).toBeLessThan(SIZE - 3.9 * 2 ** 20);
  // Merged with what the guest wrote, what the image had must stay below it, in memory and when it is read again.
  await disk.deleteGeneration(generation);
  await disk.upkeep();
  expectSame(await disk.read(0, SIZE), expected);
  await disk.close();
  const { shelf } = await readShelf(store());
  expect(shelf.generations.length).toBe(1);
  expectSame(await (await open()).read(0, SIZE), expected);
});

test('a duplicate comes off the image with its original', async () => {
  const { store, open, image, expected } = await setUp();
  await updateShelf(store(), (shelf) => duplicateMachine(shelf, 'a', { id: 'b', name: 'b' }, 0));
  await keepBase(store(), 'a', image, { fingerprint: 'f' });
  for (const id of ['a', 'b']) expectSame(await (await open(id)).read(0, SIZE), expected);
});

test('another image of the same size is refused, and nothing is copied', async () => {
  const { records, store, image } = await setUp();
  const before = [...records.values.keys()];
  const keeping = keepBase(store(), 'a', image, { fingerprint: 'g' });
  await expect(keeping).rejects.toMatchObject({ code: 'disk/base-changed' });
  expect([...records.values.keys()]).toEqual(before);
});

test('cancelled, it leaves nothing and the machine on its image', async () => {
  const { records, store, open, image, expected } = await setUp();
  const before = [...records.values.keys()].filter((key) => !key.includes('shelf')).sort();
  const cancel = new AbortController();
  const onProgress = ({ doneBytes }: { doneBytes: number }) => doneBytes > 0 && cancel.abort();
  const keeping = keepBase(store(), 'a', image, { fingerprint: 'f', signal: cancel.signal, onProgress });
  await expect(keeping).rejects.toMatchObject({ code: 'image/keep-cancelled' });
  expect([...records.values.keys()].filter((key) => !key.includes('shelf')).sort()).toEqual(before);
  expectSame(await (await open('a', image)).read(0, SIZE), expected);
});

test('without room it says so, and leaves nothing', async () => {
  const { records, store, image } = await setUp();
  const onProgress = ({ doneBytes }: { doneBytes: number }) => (records.full = doneBytes > 0);
  await expect(keepBase(store(), 'a', image, { fingerprint: 'f', onProgress })).rejects.toMatchObject({
    code: 'image/no-room',
  });
  expect(await store().read([keepingKey('a')])).toEqual([undefined]);
  expect(machineOf((await readShelf(store())).shelf, 'a').base).not.toBeNull();
});

for (const point of ['before-shelf', 'after-shelf', 'before-keep', 'after-keep'] as const) {
  for (const after of [0, 1, 2]) {
    test(`killed ${point} (${after}) the disk is whole, and the next try goes on`, async () => {
      const { records, store, open, image, expected } = await setUp();
      const dying = new CrashingStore<typeof point>(store());
      dying.arm(point, after);
      const died = await keepBase(dying, 'a', image, { fingerprint: 'f' }).then(
        () => false,
        () => true,
      );
      const isDone = machineOf((await readShelf(store())).shelf, 'a').base === null;
      if (!died) expect(isDone).toBe(true);
      const disk = await open('a', isDone ? null : image);
      expectSame(await disk.read(0, SIZE), expected);
      await disk.close();

      const stored = [...records.values.keys()].filter((key) => key.startsWith('["data"')).length;
      await keepBase(store(), 'a', image, { fingerprint: 'f' });
      expectSame(await (await open()).read(0, SIZE), expected);
      const inAll = [...records.values.keys()].filter((key) => key.startsWith('["data"')).length;
      expect(inAll).toBeGreaterThanOrEqual(stored);
      expect(await store().read([keepingKey('a')])).toEqual([undefined]);
    });
  }
}

test('a copy that was begun can be forgotten', async () => {
  const { records, store, image } = await setUp();
  const before = records.values.size;
  const dying = new CrashingStore<'after-keep'>(store());
  dying.arm('after-keep', 0);
  await expect(keepBase(dying, 'a', image, { fingerprint: 'f' })).rejects.toThrow('crashed');
  expect(records.values.size).toBeGreaterThan(before);
  await forgetKeeping(store(), 'a');
  expect(records.values.size).toBe(before);
});

test('a copy that was begun goes when the machine comes off its image without it', async () => {
  const { records, store, open, image, expected } = await setUp();
  await updateShelf(store(), (shelf) => duplicateMachine(shelf, 'a', { id: 'b', name: 'b' }, 0));
  const dying = new CrashingStore<'after-keep'>(store());
  dying.arm('after-keep', 1);
  await expect(keepBase(dying, 'b', image, { fingerprint: 'f' })).rejects.toThrow('crashed');
  await keepBase(store(), 'a', image, { fingerprint: 'f' });
  expect(await store().read([keepingKey('b')])).toEqual([undefined]);
  const disk = await open('b');
  await disk.upkeep();
  expectSame(await disk.read(0, SIZE), expected);
  await disk.close();
  const { shelf } = await readShelf(store());
  const known = new Set(shelf.generations.map(({ layer }) => layer));
  const heads = [...records.values.values()].map(({ key }) => key).filter(([kind]) => kind === 'head');
  expect(heads.filter(([, layer]) => !known.has(layer as number))).toEqual([]);
});

test('a copy that was begun before the machine came off its image is removed at the next call', async () => {
  const { records, store, image } = await setUp();
  const dying = new CrashingStore<'after-keep'>(store());
  dying.arm('after-keep', 0);
  await expect(keepBase(dying, 'a', image, { fingerprint: 'f' })).rejects.toThrow('crashed');
  await updateShelf(store(), (shelf) => changeMachine(shelf, 'a', { base: null }));
  await keepBase(store(), 'a', image, { fingerprint: 'f' });
  expect([...records.values.keys()].filter((key) => key.includes('keeping'))).toEqual([]);
});

test('two copies at once: the later one goes, and both machines are whole', async () => {
  const { records, store, open, image, expected } = await setUp();
  await updateShelf(store(), (shelf) => duplicateMachine(shelf, 'a', { id: 'b', name: 'b' }, 0));
  const others: Promise<void>[] = [];
  const onProgress = () => {
    if (others.length === 0) others.push(keepBase(store(), 'b', image, { fingerprint: 'f' }));
  };
  await keepBase(store(), 'a', image, { fingerprint: 'f', onProgress });
  await Promise.all(others);
  for (const id of ['a', 'b']) {
    const disk = await open(id);
    await disk.upkeep();
    expectSame(await disk.read(0, SIZE), expected);
    await disk.close();
  }
  const { shelf } = await readShelf(store());
  const known = new Set(shelf.generations.map(({ layer }) => layer));
  const heads = [...records.values.values()].map(({ key }) => key).filter(([kind]) => kind === 'head');
  expect(heads.filter(([, layer]) => !known.has(layer as number))).toEqual([]);
  expect([...records.values.keys()].filter((key) => key.includes('keeping'))).toEqual([]);
});

test('the first block is told without opening the disk', async () => {
  const { store, open, image } = await setUp();
  expect((await readFirstBlock(store(), 'a')) as Uint8Array).toEqual(
    await (await open('a', image)).read(0, BLOCK),
  );
  await newMachine(store(), 'blank');
  expect(await readFirstBlock(store(), 'blank')).toBe('base');
  await expect(readFirstBlock(store(), 'none')).rejects.toMatchObject({ code: 'store/no-machine' });
});

test('a disk that is open while its image becomes a layer has that layer as soon as it looks at the shelf again', async () => {
  const { store, image } = await setUp();
  await updateShelf(store(), (shelf) => duplicateMachine(shelf, 'a', { id: 'b', name: 'b' }, 0));
  const layers = await DiskLayers.open(store(), 'b', () => undefined);
  await keepBase(store(), 'a', image, { fingerprint: 'f' });
  // A step of upkeep that was decided on the shelf as it was.
  await expect(layers.replaceSegments(layers.top, new Map(), [])).rejects.toThrow(ShelfMoved);
  const stands = chainOf(layers.shelf, layers.machine.top).map(({ layer }) => layer);
  expect(layers.chain.map(({ id }) => id)).toEqual(stands);
  expect(stands.every((layer) => layers.loaded(layer))).toBe(true);
  expect(layers.locate(7)).not.toBe('base');
});
