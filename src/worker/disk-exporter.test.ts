import { expect, test } from 'vitest';
import { MemoryRecords, MemoryRecordStore } from '../disk/memory-record-store.ts';
import type { RecordKey } from '../disk/record-store.ts';
import { newMachine } from '../disk/testing/new-machine.ts';
import { ManualClock } from '../disk/testing/manual-clock.ts';
import { VirtualDisk } from '../disk/virtual-disk.ts';
import { DiskExporter } from './disk-exporter.ts';

const SIZE = 24 * 2 ** 20;

/** A disk's file is read from a store that can be made to wait. */
class WaitingStore extends MemoryRecordStore {
  wait: Promise<void> | null = null;
  onRead: () => void = () => undefined;

  override async read(keys: readonly RecordKey[]): Promise<unknown[]> {
    this.onRead();
    await this.wait;
    return super.read(keys);
  }
}

async function setUp() {
  const records = new MemoryRecords();
  const filled = new MemoryRecordStore(records);
  await newMachine(filled, 'a', { sizeBytes: SIZE });
  const before = await VirtualDisk.open(filled, { machineId: 'a', clock: new ManualClock() });
  await before.write(0, new Uint8Array(2 ** 20).fill(7));
  await before.close();
  const store = new WaitingStore(records);
  const disk = await VirtualDisk.open(store, { machineId: 'a', clock: new ManualClock() });
  let released = 0;
  const open = async () => ({
    disk,
    base: null,
    generation: disk.topGeneration,
    release: async () => void released++,
  });
  return { store, open, exporter: new DiskExporter(), released: () => released };
}

async function sizeOf(exporter: DiskExporter, id: number): Promise<number> {
  let bytes = 0;
  for (let piece = await exporter.next(id); piece; piece = await exporter.next(id)) bytes += piece.length;
  return bytes;
}

test('a file that is given up while a piece is read never looks like one that is at its end', async () => {
  const { store, open, exporter, released } = await setUp();
  await exporter.begin(1, 'raw', open);
  let go = () => undefined as void;
  store.wait = new Promise((resolve) => (go = resolve));
  const isReading = new Promise<void>((resolve) => (store.onRead = resolve));
  const piece = exporter.next(1);
  const refused = expect(piece).rejects.toMatchObject({ code: 'export/cancelled' });
  await isReading;
  const ended = exporter.end();
  go();
  await Promise.all([refused, ended]);
  expect(released()).toBe(1);
});

test('a second file gets its own pieces, and the first one is told that it was given up', async () => {
  const { open, exporter, released } = await setUp();
  await exporter.begin(1, 'raw', open);
  await exporter.next(1);
  const { sizeBytes } = await exporter.begin(2, 'raw', open);
  await expect(exporter.next(1)).rejects.toMatchObject({ code: 'export/cancelled' });
  await exporter.end(1);
  expect(await sizeOf(exporter, 2)).toBe(sizeBytes);
  expect(released()).toBe(2);
});
