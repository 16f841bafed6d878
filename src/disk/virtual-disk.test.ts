import 'fake-indexeddb/auto';
import { expect, test } from 'vitest';
import { IdbRecordStore } from '../store/idb-record-store.ts';
import { updateShelf } from './shelf-record.ts';
import { addMachine } from './shelf.ts';
import { VirtualDisk } from './virtual-disk.ts';

test('what was flushed is there when the disk is opened again', async () => {
  const store = await IdbRecordStore.open();
  await updateShelf(store, (shelf) =>
    addMachine(shelf, { id: 'a', name: 'A', sizeBytes: 1 << 30, base: null, profile: {} }, 0),
  );
  const disk = await VirtualDisk.open(store, { machineId: 'a' });
  await disk.write(512, new Uint8Array(8192).fill(7));
  expect(disk.state.phase).toBe('unsaved');
  await disk.flush();
  expect(disk.state.phase).toBe('saved');
  await disk.close();

  const again = await VirtualDisk.open(await IdbRecordStore.open(), { machineId: 'a' });
  const bytes = await again.read(0, 9216);
  expect(bytes.subarray(0, 512)).toEqual(new Uint8Array(512));
  expect(bytes.subarray(512, 8704)).toEqual(new Uint8Array(8192).fill(7));
  expect(bytes.subarray(8704)).toEqual(new Uint8Array(512));
  await again.close();
});
