import type { PageToHasher } from '../protocol/hash-messages.ts';
import { runHashTask } from './hash-task.ts';

/** Entry of the worker that sums one file (`page/disc-hash.ts`), so that neither the page nor the machine waits. */
self.addEventListener('message', (event: MessageEvent<PageToHasher>) => {
  void runHashTask(event.data, (message) => self.postMessage(message));
});
