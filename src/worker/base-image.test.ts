import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { VirtualDisk } from '../disk/virtual-disk.ts';
import { MemoryRecords, MemoryRecordStore } from '../disk/memory-record-store.ts';
import { newMachine } from '../disk/testing/new-machine.ts';
import type { DiskImage } from '../media/disk-images/disk-image.ts';
import { openBase, patient } from './base-image.ts';
import { Tray } from './snapshots-tray.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const never = () => new Promise<never>(() => {});

/** A file on a stick that was pulled out: a read of it neither succeeds nor fails. */
class SilentFile extends Blob {
  override slice(): Blob {
    return new SilentFile();
  }

  override get size(): number {
    return 2 ** 20;
  }

  override arrayBuffer(): Promise<ArrayBuffer> {
    return never();
  }
}

async function heard(work: Promise<unknown>): Promise<unknown> {
  let error: unknown = null;
  work.catch((thrown: unknown) => (error = thrown));
  await vi.advanceTimersByTimeAsync(60_000);
  return error;
}

const silent = { code: 'bytes/silent', params: { name: 'stick.img' } };
const file = { file: new SilentFile(), name: 'stick.img' };

test('a base image whose drive never answers is told by its name, when it is opened', async () => {
  const fingerprint = `${2 ** 20}::${'0'.repeat(64)}`;
  expect(await heard(openBase({ files: [file], fingerprint }))).toMatchObject(silent);
});

test('and when the machine reads it, so that whoever waits for the drive to rest is answered', async () => {
  const image: DiskImage = {
    name: 'stick.img',
    sizeBytes: 2 ** 20,
    storedSizeBytes: 2 ** 20,
    format: 'raw',
    variant: '',
    read: never,
    allocatedRanges: () => ({ [Symbol.asyncIterator]: () => ({ next: never }) }),
  };
  const store = new MemoryRecordStore(new MemoryRecords());
  const base = { name: image.name, sizeBytes: image.sizeBytes, fingerprint: 'f' };
  await newMachine(store, 'a', { sizeBytes: image.sizeBytes, base });
  const disk = await VirtualDisk.open(store, {
    machineId: 'a',
    base: patient(image),
    baseFingerprint: 'f',
  });
  expect(await heard(disk.read(0, 4096))).toMatchObject(silent);
  const ranges = patient(image).allocatedRanges()[Symbol.asyncIterator]();
  expect(await heard(ranges.next())).toMatchObject(silent);
});

test('a disc whose drive never answers does not hold up whoever saves a moment', async () => {
  expect(await heard(new Tray(file).identity())).toMatchObject(silent);
});
