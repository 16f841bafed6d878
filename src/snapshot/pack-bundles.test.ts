import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryRecords, MemoryRecordStore } from '../disk/memory-record-store.ts';
import type { Step } from '../disk/record-store.ts';
import { VitrineError } from '../lib/errors.ts';
import { addMoment, removeMoment, reservePacks, type NewMoment } from './moment-index.ts';
import { MomentStore } from './moment-store.ts';
import { encodePack } from './pack-record.ts';
import { planReads } from './pack-bundles.ts';
import { PAGE_BYTES, PageCodec } from './page-codec.ts';

const codec = PageCodec.standalone();
const MOMENT: NewMoment = {
  label: '',
  kind: 'kept',
  createdAt: 1,
  pausedMs: 0,
  generation: null,
  packs: [],
  recordBytes: 0,
  identity: {},
  profile: {},
};

/** While full, it takes what is small and nothing with pages. */
class TightStore extends MemoryRecordStore {
  isFull = false;

  override async commit(step: Step): Promise<'done' | 'conflict'> {
    if (this.isFull && step.put.some(([, value]) => value instanceof Blob))
      throw new VitrineError('store/full');
    return super.commit(step);
  }
}

const open = (records: MemoryRecords) => MomentStore.open(new MemoryRecordStore(records), 'm', codec);
const pagesOf = (pack: number) =>
  new Uint8Array((1 + (pack % 3)) * PAGE_BYTES).map((_, i) => (i * 7 + pack * 31) % 251);

/** Stores packs in steps of these sizes, and a moment for each list of them. */
async function fill(store: MomentStore, steps: readonly number[], moments: readonly (readonly number[])[]) {
  await store.change((index) =>
    reservePacks(
      index,
      steps.reduce((sum, size) => sum + size, 0),
    ),
  );
  const [from] = store.index.pending!;
  const written = new Map<number, { bytes: number; pages: number }>();
  let pack = from;
  for (const size of steps) {
    const step = Array.from({ length: size }, () => pack++).map(
      (number) => [number, encodePack(codec, number, pagesOf(number))] as const,
    );
    for (const [number, bytes] of step)
      written.set(number, { bytes: bytes.length, pages: pagesOf(number).length / PAGE_BYTES });
    await store.storePacks(step);
  }
  for (const [i, packs] of moments.entries()) {
    const own = packs.map((number) => from + number);
    await store.change((index) => addMoment(index, { ...MOMENT, packs: own }, i === 0 ? written : new Map()));
  }
}

async function check(store: MomentStore): Promise<void> {
  for (const { packs } of store.index.moments) {
    const read: number[] = [];
    for await (const { pack, pages } of store.readPacks(packs)) {
      expect(Buffer.compare(pages, pagesOf(pack)), `pack ${pack}`).toBe(0);
      read.push(pack);
    }
    expect(read).toEqual(packs);
  }
}

const storedBytes = (records: MemoryRecords) =>
  [...records.values.values()]
    .filter(({ key }) => key[0] === 'pages')
    .reduce((sum, { value }) => sum + (value instanceof Blob ? value.size : (value as Uint8Array).length), 0);

describe('bundles of packs', () => {
  it('give back every pack, in the order asked for, whatever was deleted before', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 5 }),
        fc.array(fc.array(fc.nat(99), { maxLength: 20 }), { minLength: 2, maxLength: 5 }),
        fc.array(fc.nat(9), { maxLength: 4 }),
        async (steps, lists, deletions) => {
          const count = steps.reduce((sum, size) => sum + size, 0);
          const moments = lists.map((list) =>
            [...new Set(list.map((number) => number % count))].toSorted((a, b) => a - b),
          );
          const records = new MemoryRecords();
          let store = await open(records);
          await fill(store, steps, moments);
          await check(store);
          for (const which of deletions) {
            const { moments: left } = store.index;
            if (left.length === 0) break;
            await store.change((index) => removeMoment(index, left[which % left.length].id));
            await store.sweep();
            store = await open(records);
            await check(store);
            const needed = Object.values(store.index.packs).reduce((sum, [bytes]) => sum + bytes, 0);
            expect(storedBytes(records)).toBeLessThanOrEqual(needed / 0.8 + 1);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('leave nothing of a moment that never came to be, nor of what was written for it after a full storage', async () => {
    const records = new MemoryRecords();
    const store = await open(records);
    await store.change((index) => reservePacks(index, 10));
    const [first] = store.index.pending!;
    await store.storePacks([[first, encodePack(codec, first, pagesOf(first))]]);
    await (await open(records)).sweep();
    expect(storedBytes(records)).toBe(0);
  });

  it('free what they can without room, and get smaller when there is some', async () => {
    const records = new MemoryRecords();
    const tight = new TightStore(records);
    const store = await MomentStore.open(tight, 'm', codec);
    // The first bundle is needed by nobody afterwards, the second in part.
    await fill(store, [2, 4], [[0, 1, 2, 3], [5]]);
    await store.change((index) => removeMoment(index, 'm1'));
    tight.isFull = true;
    await store.sweep();
    expect([...records.values.values()].filter(({ key }) => key[0] === 'pages')).toHaveLength(1);
    expect(store.index.doomed.length).toBeGreaterThan(0);
    await check(store);
    tight.isFull = false;
    const before = storedBytes(records);
    await (await open(records)).sweep();
    expect(storedBytes(records)).toBeLessThan(before);
    await check(await open(records));
  });

  it('read packs of the first format, which have a record each', async () => {
    const records = new MemoryRecords();
    const raw = new MemoryRecordStore(records);
    const store = await open(records);
    await store.change((index) => reservePacks(index, 2));
    const put = [1, 2].map((pack) => [['pages', 'm', pack], encodePack(codec, pack, pagesOf(pack))] as const);
    await raw.commit({ kind: 'pages', guards: [], remove: [], put });
    const written = new Map([1, 2].map((pack) => [pack, { bytes: 1, pages: 1 }]));
    await store.change((index) => addMoment(index, { ...MOMENT, packs: [1, 2] }, written));
    await check(store);
    await store.change((index) => removeMoment(index, 'm1'));
    await store.sweep();
    expect(storedBytes(records)).toBe(0);
  });

  it('tell of a pack that is not there or cut', async () => {
    const records = new MemoryRecords();
    const store = await open(records);
    await fill(store, [3], [[0, 1, 2]]);
    const record = [...records.values.values()].find(({ key }) => key[0] === 'pages')!;
    const whole = record.value as Blob;
    record.value = whole.slice(0, whole.size - 1);
    await expect(check(store)).rejects.toMatchObject({ code: 'snapshot/damaged' });
    record.value = undefined;
    await expect(check(store)).rejects.toMatchObject({ code: 'snapshot/damaged' });
  });

  it('are read with as few records as there are', () => {
    const bundles = { 1: [10, 20, 30], 4: [5, 0, 6] };
    expect(planReads(bundles, [1, 3, 4, 6, 9])).toEqual([
      {
        first: 1,
        spans: [
          { pack: 1, offset: 0, length: 10 },
          { pack: 3, offset: 30, length: 30 },
        ],
      },
      {
        first: 4,
        spans: [
          { pack: 4, offset: 0, length: 5 },
          { pack: 6, offset: 5, length: 6 },
        ],
      },
      { first: 9, spans: null },
    ]);
  });

  it('many neighbours are read in parts of a few, so that little is in memory at once', () => {
    const reads = planReads({ 1: [7, 7, 7, 7, 7, 7, 7, 7] }, [1, 2, 3, 4, 5, 6, 7, 8]);
    expect(reads.map(({ spans }) => spans!.map(({ pack }) => pack))).toEqual([
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ]);
  });
});
