import type { BaseIdentity } from '../shelf.ts';
import { addMachine } from '../shelf.ts';
import { updateShelf } from '../shelf-record.ts';
import type { RecordStore } from '../record-store.ts';

/** Puts a machine on the shelf, for tests that open its disk. */
export async function newMachine(
  store: RecordStore,
  id: string,
  { sizeBytes = 2 ** 30, base = null }: { sizeBytes?: number; base?: BaseIdentity | null } = {},
): Promise<void> {
  await updateShelf(store, (shelf) => addMachine(shelf, { id, name: id, sizeBytes, base, profile: {} }, 0));
}
