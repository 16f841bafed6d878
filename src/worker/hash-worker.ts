import type { PageToHasher } from '../protocol/hash-messages.ts';
import { hashHost } from './hash-host.ts';

/** Entry of the worker that sums one file (`page/disc-hash.ts`), so that neither the page nor the machine waits. */
const host = hashHost((message) => self.postMessage(message));

self.addEventListener('message', (event: MessageEvent<PageToHasher>) => void host.receive(event.data));
