import type { PageToShelf, ShelfToPage } from '../protocol/snapshot-messages.ts';
import { ShelfHost } from './snapshots-host.ts';

/** Entry of the worker that looks after the moments of machines that are off, and makes and reads their files. */
const host = new ShelfHost((message: ShelfToPage, transfer) => self.postMessage(message, { transfer }));

self.addEventListener('message', (event: MessageEvent<PageToShelf>) => void host.receive(event.data));
