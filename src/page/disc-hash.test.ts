import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { PageToHasher } from '../protocol/hash-messages.ts';
import { runHashTask } from '../worker/hash-task.ts';
import { hashDiscFile, type HashWorker } from './disc-hash.ts';

/** The worker's own code on this side of a boundary that copies as the real one does. */
class LocalWorker implements HashWorker {
  onmessage: HashWorker['onmessage'] = null;
  onerror: HashWorker['onerror'] = null;
  isEnded = false;
  readonly #isSilent: boolean;

  constructor(isSilent = false) {
    this.#isSilent = isSilent;
  }

  postMessage(message: PageToHasher): void {
    if (this.#isSilent) return;
    void runHashTask(message, (answer) => {
      if (!this.isEnded) this.onmessage?.(new MessageEvent('message', { data: structuredClone(answer) }));
    });
  }

  terminate(): void {
    this.isEnded = true;
  }
}

const start = (worker: LocalWorker) => (): HashWorker => worker;

describe('hashDiscFile', () => {
  it('gives the sum and its progress, and ends the worker', async () => {
    const bytes = new Uint8Array(5_000_000).fill(9);
    const worker = new LocalWorker();
    const done: number[] = [];
    const options = { onProgress: ({ doneBytes }: { doneBytes: number }) => done.push(doneBytes) };
    const sum = await hashDiscFile(new Blob([bytes]), 'disc.iso', options, start(worker));
    expect(sum).toMatchObject({ sha1: createHash('sha1').update(bytes).digest('hex'), match: null });
    expect([done[0], done.at(-1)]).toEqual([0, 5_000_000]);
    expect(worker.isEnded).toBe(true);
  });

  it('is cancelled at once', async () => {
    const stop = new AbortController();
    const worker = new LocalWorker(true);
    const sum = hashDiscFile(new Blob(['x']), 'disc.iso', { signal: stop.signal }, start(worker));
    stop.abort();
    await expect(sum).rejects.toMatchObject({ code: 'media/hash-cancelled' });
    expect(worker.isEnded).toBe(true);
    const late = hashDiscFile(new Blob(['x']), 'disc.iso', { signal: stop.signal }, start(worker));
    await expect(late).rejects.toMatchObject({ code: 'media/hash-cancelled' });
  });

  it('says so when the worker dies', async () => {
    const worker = new LocalWorker(true);
    const sum = hashDiscFile(new Blob(['x']), 'disc.iso', {}, start(worker));
    worker.onerror?.({ message: 'out of memory' } as ErrorEvent);
    await expect(sum).rejects.toMatchObject({ code: 'media/hash-failed' });
  });

  it('carries the reason why a file could not be read', async () => {
    const file = new Blob(['xyz']);
    Object.defineProperty(file, 'slice', {
      value: () => ({ arrayBuffer: () => Promise.reject(new Error('gone')) }),
    });
    const sum = hashDiscFile(file, 'disc.iso', {}, start(new LocalWorker()));
    await expect(sum).rejects.toMatchObject({ code: 'bytes/unreadable', params: { name: 'disc.iso' } });
  });
});
