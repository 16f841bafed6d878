import { VitrineError } from '../lib/errors.ts';
import type { Progress } from '../lib/progress-meter.ts';
import type { DiscSum, HashOptions } from '../media/hash-disc.ts';
import type { HashCalls } from '../protocol/hash-messages.ts';
import { WorkerLink, type WorkerLike } from './worker-link.ts';

/**
 * The SHA-1 sum of a file, computed in a worker of its own that ends with it: see `media/hash-disc.ts` for progress
 * and result. Rejects with `media/hash-cancelled` at once when `signal` is aborted, with `media/hash-failed` where
 * the worker dies.
 */
export async function hashDiscFile(
  file: Blob,
  name: string,
  { signal, onProgress }: HashOptions = {},
  createWorker: () => WorkerLike = startWorker,
): Promise<DiscSum> {
  const cancelled = () => new VitrineError('media/hash-cancelled', { name });
  if (signal?.aborted) throw cancelled();
  const link = new WorkerLink<HashCalls, Progress>(createWorker(), {
    onDeath: ({ detail }) => link.end(new VitrineError('media/hash-failed', { name }, { detail })),
  });
  // The worker owns nothing but the sum: ending it is the quickest way to stop its reading.
  const cancel = (): void => link.end(cancelled());
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    return await link.call('hash', [file, name], onProgress).answer;
  } finally {
    signal?.removeEventListener('abort', cancel);
    link.end(cancelled());
  }
}

function startWorker(): WorkerLike {
  return new Worker(new URL('../worker/hash-worker.ts', import.meta.url), { type: 'module', name: 'hasher' });
}
