import { fromWireError, VitrineError } from '../lib/errors.ts';
import type { DiscSum, HashOptions } from '../media/hash-disc.ts';
import type { HasherToPage, PageToHasher } from '../protocol/hash-messages.ts';

/** As much of a `Worker` as is used: tests put their own in its place. */
export interface HashWorker {
  postMessage(message: PageToHasher): void;
  onmessage: ((event: MessageEvent<HasherToPage>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  terminate(): void;
}

/**
 * The SHA-1 sum of a file, computed in a worker of its own that ends with it: see `media/hash-disc.ts` for progress
 * and result. Rejects with `media/hash-cancelled` at once when `signal` is aborted, with `media/hash-failed` where
 * the worker dies.
 */
export function hashDiscFile(
  file: Blob,
  name: string,
  { signal, onProgress }: HashOptions = {},
  createWorker: () => HashWorker = startWorker,
): Promise<DiscSum> {
  return new Promise<DiscSum>((resolve, reject) => {
    if (signal?.aborted) {
      reject(new VitrineError('media/hash-cancelled', { name }));
      return;
    }
    const worker = createWorker();
    const end = (settle: () => void): void => {
      signal?.removeEventListener('abort', cancel);
      // The worker owns nothing but the sum: ending it is the quickest way to stop its reading.
      worker.terminate();
      settle();
    };
    const cancel = (): void => end(() => reject(new VitrineError('media/hash-cancelled', { name })));
    signal?.addEventListener('abort', cancel, { once: true });
    worker.onmessage = ({ data }) => {
      if (data.type === 'hash-progress') onProgress?.(data.progress);
      else if (data.type === 'hash-done') end(() => resolve(data.sum));
      else end(() => reject(fromWireError(data.error)));
    };
    worker.onerror = (event) => {
      end(() => reject(new VitrineError('media/hash-failed', { name }, { detail: event.message })));
    };
    worker.postMessage({ type: 'hash-start', file, name });
  });
}

function startWorker(): HashWorker {
  return new Worker(new URL('../worker/hash-worker.ts', import.meta.url), { type: 'module', name: 'hasher' });
}
