import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { PageToHasher } from '../protocol/hash-messages.ts';
import { hashHost } from '../worker/hash-host.ts';
import { hashDiscFile } from './disc-hash.ts';

/** The worker's own code on this side of a boundary that copies as the real one does. */
class LocalWorker extends EventTarget {
  isEnded = false;
  readonly #isSilent: boolean;
  readonly #host = hashHost((answer) => {
    if (!this.isEnded) this.dispatchEvent(new MessageEvent('message', { data: structuredClone(answer) }));
  });

  constructor(isSilent = false) {
    super();
    this.#isSilent = isSilent;
  }

  postMessage(message: PageToHasher): void {
    if (!this.#isSilent) void this.#host.receive(message);
  }

  terminate(): void {
    this.isEnded = true;
  }
}

const start = (worker: LocalWorker) => () => worker as unknown as Worker;

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
    worker.dispatchEvent(Object.assign(new Event('error'), { message: 'out of memory' }));
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
