import { array, assert as assertProperty, asyncProperty, integer, record } from 'fast-check';
import { expect, test } from 'vitest';
import { MemorySource } from '../bytes/byte-source.ts';
import { VitrineError } from '../lib/errors.ts';
import { nextTask } from '../lib/next-task.ts';
import { MemoryRecords, MemoryRecordStore } from './memory-record-store.ts';
import type { RecordKey } from './record-store.ts';
import { segmentBytes } from './segment.ts';
import { ManualClock } from './testing/manual-clock.ts';
import { newMachine } from './testing/new-machine.ts';
import { VirtualDisk } from './virtual-disk.ts';
import { WindowReader } from './window-reader.ts';

const BLOCK = 4096;
const BLOCKS = 96;
const SIZE = BLOCKS * BLOCK;
const stamped = (stamp: number) => new Uint8Array(BLOCK).fill(stamp);

/** Notes which segments are read. */
class CountingStore extends MemoryRecordStore {
  readonly dataReads: number[] = [];

  override read(keys: readonly RecordKey[]): Promise<unknown[]> {
    for (const [kind, id] of keys) if (kind === 'data') this.dataReads.push(Number(id));
    return super.read(keys);
  }
}

async function setUp({ base = null as Uint8Array | null, cacheBytes = 0 } = {}) {
  const records = new MemoryRecords();
  const identity = base && { name: 'base.img', sizeBytes: base.length, fingerprint: 'f' };
  await newMachine(new MemoryRecordStore(records), 'a', { sizeBytes: SIZE, base: identity });
  const store = new CountingStore(records);
  const clock = new ManualClock();
  const disk = await VirtualDisk.open(store, {
    machineId: 'a',
    clock,
    segmentBlocks: 4,
    base: base && new MemorySource(base, 'base.img'),
    baseFingerprint: base ? 'f' : null,
    cacheBytes,
  });
  return { records, store, disk, clock };
}

/** Writes each block alone, in an order that leaves no two neighbours in one segment. */
async function scatter(disk: VirtualDisk): Promise<void> {
  for (let i = 0; i < BLOCKS; i++) await disk.write(((i * 41) % BLOCKS) * BLOCK, stamped(1 + (i % 250)));
  await disk.flush();
}

const write = record({ block: integer({ min: 0, max: BLOCKS - 1 }), stamp: integer({ min: 0, max: 255 }) });
const read = record({ at: integer({ min: 0, max: SIZE - 1 }), length: integer({ min: 0, max: 20 * BLOCK }) });

test('gives what the generation has, at any place, in windows of any size, over a base and under upkeep', async () => {
  const base = Uint8Array.from({ length: 40 * BLOCK + 512 }, (_, i) => (i * 7) >> 9);
  await assertProperty(
    asyncProperty(
      array(write, { maxLength: 120 }),
      array(write, { maxLength: 24 }),
      array(read, { minLength: 1, maxLength: 4 }),
      integer({ min: 1, max: 50 }),
      async (before, after, reads, windowBlocks) => {
        const { disk } = await setUp({ base });
        for (const { block, stamp } of before) await disk.write(block * BLOCK, stamped(stamp));
        const flat = await disk.read(0, SIZE);
        const source = await disk.openGeneration(await disk.freezeTop());
        const reader = new WindowReader(source, undefined, windowBlocks * BLOCK);
        for (const [i, { at, length }] of reads.entries()) {
          const end = Math.min(SIZE, at + length);
          const bytes = reader.read(at, end - at);
          // The machine goes on meanwhile, and what it overwrites is compacted.
          for (const { block, stamp } of after) await disk.write(block * BLOCK, stamped(stamp ^ i));
          await disk.upkeep();
          expect(await bytes).toEqual(flat.slice(at, end));
        }
        source.close();
        await disk.close();
      },
    ),
    { numRuns: 25 },
  );
});

test('each segment is fetched once for a window, however its blocks lie', async () => {
  const { disk, store } = await setUp();
  await scatter(disk);
  const source = await disk.openGeneration(await disk.freezeTop());
  const flat = await disk.read(0, SIZE);
  store.dataReads.length = 0;
  const reader = new WindowReader(source, undefined, SIZE);
  for (let at = 0; at < SIZE; at += BLOCK)
    expect(await reader.read(at, BLOCK)).toEqual(flat.slice(at, at + BLOCK));
  expect(store.dataReads.length).toBe(BLOCKS / 4);
  expect(new Set(store.dataReads).size).toBe(BLOCKS / 4);
  await disk.close();
});

test('blocks that upkeep moves while a window is filled are found where they went', async () => {
  const { disk, store } = await setUp();
  await scatter(disk);
  // Half of it anew: the segments of the first half are waste, and compaction moves what is left of them.
  for (let i = 0; i < BLOCKS; i += 2) await disk.write(i * BLOCK, stamped(251));
  const generation = await disk.freezeTop();
  const flat = await disk.read(0, SIZE);
  const source = await disk.openGeneration(generation);
  store.dataReads.length = 0;
  const bytes = new WindowReader(source, undefined, SIZE).read(0, SIZE);
  await disk.upkeep();
  expect(await bytes).toEqual(flat);
  await disk.close();
});

test('upkeep that would begin by itself waits until the generation is read', async () => {
  const { disk, clock } = await setUp();
  await scatter(disk);
  const source = await disk.openGeneration(await disk.freezeTop());
  for (let i = 0; i < BLOCKS; i += 2) await disk.write(i * BLOCK, stamped(i + 1));
  await disk.flush();
  for (let i = 0; i < BLOCKS; i += 2) await disk.write(i * BLOCK, stamped(i + 2));
  await disk.flush();
  const { storedBytes } = disk.stats();
  clock.advance(60_000);
  // In the lane, so after any upkeep that had begun.
  await disk.flush();
  await disk.freezeTop();
  expect(disk.stats().storedBytes).toBe(storedBytes);
  source.close();
  await disk.upkeep();
  expect(disk.stats().storedBytes).toBeLessThan(storedBytes);
  await disk.close();
});

test('a damaged block is reported with its place, and blocks beside it that are not asked for do not matter', async () => {
  const { disk, records } = await setUp();
  await scatter(disk);
  const source = await disk.openGeneration(await disk.freezeTop());
  const [stored] = [...records.values.values()].filter(({ key }) => key[0] === 'data');
  // The first segment has the blocks 0, 41, 82 and 27, in this order.
  (stored.value as Uint8Array)[2 * BLOCK + 5] ^= 1;
  const read = new WindowReader(source, undefined, BLOCK).read(82 * BLOCK, BLOCK);
  await expect(read).rejects.toMatchObject({ code: 'disk/damaged', params: { offset: 82 * BLOCK } });
  const beside = new WindowReader(source, undefined, BLOCK);
  expect(await beside.read(41 * BLOCK, BLOCK)).toEqual(stamped(2));
  await disk.close();
});

/** Segments that `cacheBytes` below has room for. */
const KEPT = 6;

test('room that the cache has to spare saves fetching again, and nothing is thrown away for it', async () => {
  const { disk, store } = await setUp({ cacheBytes: KEPT * segmentBytes(4) + 100 });
  await scatter(disk);
  const source = await disk.openGeneration(await disk.freezeTop());
  store.dataReads.length = 0;
  const reader = new WindowReader(source, undefined, SIZE / 4);
  for (let block = 0; block < BLOCKS; block++) await reader.read(block * BLOCK, BLOCK);
  // Once for the first two windows, and twice more what there was no room for.
  expect(store.dataReads.length).toBeLessThanOrEqual(BLOCKS / 4 + 2 * (BLOCKS / 4 - KEPT));
  expect(disk.stats().cacheBytes).toBeLessThanOrEqual(KEPT * segmentBytes(4) + 100);
  await disk.close();
});

test('a source that was closed gives no more', async () => {
  const { disk } = await setUp();
  await scatter(disk);
  const source = await disk.openGeneration(await disk.freezeTop());
  source.close();
  const reader = new WindowReader(source);
  await expect(reader.read(0, BLOCK)).rejects.toMatchObject({ code: 'disk/closed' });
  await disk.close();
});

test('an image that cannot be read any more is told once, however many parts of it are under way', async () => {
  const blocks = 40_000;
  const sizeBytes = blocks * BLOCK;
  const records = new MemoryRecords();
  await newMachine(new MemoryRecordStore(records), 'a', {
    sizeBytes,
    base: { name: 'gone.img', sizeBytes, fingerprint: 'f' },
  });
  const disk = await VirtualDisk.open(new MemoryRecordStore(records), {
    machineId: 'a',
    clock: new ManualClock(),
    base: { name: 'gone.img', sizeBytes, read: () => Promise.reject(new VitrineError('bytes/unreadable')) },
    baseFingerprint: 'f',
  });
  const source = await disk.openGeneration(await disk.freezeTop());
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  process.on('unhandledRejection', note);
  await expect(new WindowReader(source).read(0, BLOCK)).rejects.toMatchObject({ code: 'bytes/unreadable' });
  await nextTask();
  await nextTask();
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
  await disk.close();
});
