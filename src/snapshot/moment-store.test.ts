import { expect, test } from 'vitest';
import { MemoryRecords, MemoryRecordStore } from '../disk/memory-record-store.ts';
import { reservePacks } from './moment-index.ts';
import { MomentStore } from './moment-store.ts';
import { PageCodec } from './page-codec.ts';

const codec = PageCodec.standalone();
const bytes = (stamp: number) => new Uint8Array(100).fill(stamp);

test('who lost the machine stores no pages under the numbers that its new owner gives', async () => {
  const records = new MemoryRecords();
  const open = () => MomentStore.open(new MemoryRecordStore(records), 'm', codec);
  const stale = await open();
  await stale.change((index) => reservePacks(index, 4));
  const owner = await open();
  // Opening removes what the other had begun, and its numbers are given again.
  await owner.sweep();
  await owner.change((index) => ({ ...index, nextPack: 1 }));
  await owner.change((index) => reservePacks(index, 4));
  await owner.storePacks([[1, bytes(7)]]);
  await expect(stale.storePacks([[1, bytes(9)]])).rejects.toMatchObject({ code: 'disk/taken-over' });
  await owner.change((index) => ({ ...index, packs: { 1: [100, 1] } }));
  const [stored] = await owner.readStored([1]);
  expect([...stored]).toEqual([...bytes(7)]);
});
