import { expect, test } from 'vitest';
import { DiskLayers } from './disk-layers.ts';
import { MemoryRecords, MemoryRecordStore } from './memory-record-store.ts';
import { readHead } from './segment-head.ts';
import { BLOCK_BYTES, SEGMENT_BLOCKS } from './segment.ts';
import { newMachine } from './testing/new-machine.ts';
import { doUpkeep, MOST_ZEROS } from './upkeep.ts';

/** Blocks of zeros in one batch of a guest that writes as fast as it can. */
const BATCH = 16_384;

async function setUp() {
  const records = new MemoryRecords();
  const sizeBytes = 127 * 2 ** 30;
  const base = { name: 'base.img', sizeBytes, fingerprint: 'f' };
  await newMachine(new MemoryRecordStore(records), 'a', { sizeBytes, base });
  const layers = await DiskLayers.open(new MemoryRecordStore(records), 'a', () => undefined);
  const headsNow = () =>
    [...records.values.values()]
      .filter(({ key }) => key[0] === 'head')
      .map(({ value }) => readHead(value, sizeBytes / BLOCK_BYTES)!);
  return { layers, headsNow };
}

test('gigabytes of zeros over an image are gathered in records of a bounded size, each of them once', async () => {
  const { layers, headsNow } = await setUp();
  let gathered = 0;
  // Every second block: the least that can be said of them together.
  for (let batch = 0; batch < 64; batch++) {
    const zeros = Array.from({ length: BATCH }, (_, i) => (batch * BATCH + i) * 2);
    await layers.commitBatch([], zeros, 1);
    for (let rounds = 0; rounds < 100; rounds++) {
      const before = new Set(headsNow().map(({ id }) => id));
      if (!(await doUpkeep(layers, SEGMENT_BLOCKS))) break;
      for (const { id, zeroCount } of headsNow()) if (!before.has(id)) gathered += zeroCount;
      expect(rounds).toBeLessThan(99);
    }
  }
  const heads = headsNow();
  expect(heads.reduce((sum, { zeroCount }) => sum + zeroCount, 0)).toBe(64 * BATCH);
  for (const { zeroCount } of heads) expect(zeroCount).toBeLessThanOrEqual(MOST_ZEROS);
  expect(heads.length).toBeLessThan(40);
  expect(gathered).toBeLessThan(3 * 64 * BATCH);
  for (const block of [0, 2, BATCH, 64 * BATCH * 2 - 2]) expect(layers.locate(block)).toBe('zeros');
  for (const block of [1, 64 * BATCH * 2]) expect(layers.locate(block)).toBe('base');
});
