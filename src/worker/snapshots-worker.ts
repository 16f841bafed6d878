import { toWireError } from '../lib/errors.ts';
import type { PageToShelf, ShelfToPage } from '../protocol/snapshot-messages.ts';
import { IdbRecordStore } from '../store/idb-record-store.ts';
import { ShelvedMoments } from './snapshots-shelf.ts';

/** Entry of the worker that looks after the moments of machines that are off. */
self.addEventListener('message', (event: MessageEvent<PageToShelf>) => {
  void answer(event.data).then((message) => self.postMessage(message));
});

async function answer({ id, machineId, name, args }: PageToShelf): Promise<ShelfToPage> {
  try {
    const store = await IdbRecordStore.open();
    try {
      const handler = new ShelvedMoments(store, machineId).handlers[name] as (...args: unknown[]) => unknown;
      return { type: 'answer', id, value: await handler(...args) };
    } finally {
      await store.close();
    }
  } catch (error) {
    return { type: 'refusal', id, error: toWireError(error) };
  }
}
