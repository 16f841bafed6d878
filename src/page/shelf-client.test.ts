import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PageToShelf, ShelfToPage } from '../protocol/snapshot-messages.ts';
import { ShelfClient } from './shelf-client.ts';

/** Stands for a worker: answers what `answers` says, anything else only when it is told to. */
class FakeWorker extends EventTarget {
  readonly asked: PageToShelf[] = [];
  readonly answers: Record<string, unknown> = {};
  readonly name: string;
  terminated = false;

  constructor(name: string) {
    super();
    this.name = name;
  }

  postMessage(message: PageToShelf): void {
    this.asked.push(message);
    if (message.type === 'call' && message.name in this.answers)
      queueMicrotask(() => this.tell({ type: 'answer', id: message.id, value: this.answers[message.name] }));
  }

  tell(data: ShelfToPage): void {
    if (!this.terminated) this.dispatchEvent(new MessageEvent('message', { data }));
  }

  terminate(): void {
    this.terminated = true;
  }

  idOf(name: string): number {
    return this.asked.findLast((message) => message.type === 'call' && message.name === name)!.id;
  }
}

let workers: FakeWorker[];

function newClient(answers: Record<string, unknown> = {}): ShelfClient {
  return new ShelfClient((name) => {
    const worker = new FakeWorker(name);
    Object.assign(worker.answers, answers);
    workers.push(worker);
    return worker;
  });
}

const alive = () => workers.filter(({ terminated }) => !terminated).map(({ name }) => name);

beforeEach(() => {
  workers = [];
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

describe('the worker of the shelf', () => {
  it('is one for all calls, ends when nothing more is asked, and starts anew', async () => {
    const client = newClient({ moments: [], momentBytes: 7 });
    expect(workers).toHaveLength(0);
    await Promise.all([client.call('a', 'moments'), client.call('b', 'momentBytes')]);
    expect(alive()).toEqual(['shelf']);
    await vi.advanceTimersByTimeAsync(10_000);
    await client.call('a', 'moments');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(alive()).toEqual(['shelf']);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(alive()).toEqual([]);
    expect(await client.call('b', 'momentBytes')).toBe(7);
    expect(alive()).toEqual(['shelf']);
    expect(workers).toHaveLength(2);
  });

  it('is kept while a call waits, and while a file is being written however slowly', async () => {
    const client = newClient({ beginExport: undefined, beginDiskExport: { sizeBytes: 1 }, moments: [] });
    const waiting = client.call('a', 'momentBytes');
    await vi.advanceTimersByTimeAsync(600_000);
    workers[0].tell({ type: 'answer', id: workers[0].idOf('momentBytes'), value: 1 });
    expect(await waiting).toBe(1);
    const stream = await client.export('a');
    await client.call('a', 'beginDiskExport', { id: 4, format: 'raw', momentId: null }, null);
    const reader = stream.getReader();
    await vi.advanceTimersByTimeAsync(0);
    workers[0].tell({ type: 'answer', id: workers[0].idOf('exportNext'), value: new Uint8Array(1) });
    expect((await reader.read()).done).toBe(false);
    await vi.advanceTimersByTimeAsync(0);
    workers[0].tell({ type: 'answer', id: workers[0].idOf('exportNext'), value: null });
    expect((await reader.read()).done).toBe(true);
    // The other one is open still, and giving up what has ended is nothing.
    workers[0].answers['endExport'] = undefined;
    await client.call('a', 'endExport');
    await vi.advanceTimersByTimeAsync(600_000);
    expect(alive()).toEqual(['shelf']);
    workers[0].answers['endDiskExport'] = undefined;
    await client.call('a', 'endDiskExport', 4);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(alive()).toEqual([]);
  });

  it('that died is told to whoever waits, and replaced', async () => {
    const client = newClient({ moments: [] });
    const waiting = client.call('a', 'momentBytes');
    workers[0].dispatchEvent(new Event('error'));
    await expect(waiting).rejects.toMatchObject({ code: 'engine/worker-died' });
    expect(await client.call('a', 'moments')).toEqual([]);
    expect(alive()).toEqual(['shelf']);
  });

  it('hears of the progress of a file until its end, and of nothing after that', async () => {
    const client = newClient({ beginExport: undefined });
    const heard: number[] = [];
    const stream = await client.export('a', { onProgress: ({ doneBytes }) => heard.push(doneBytes) });
    const reader = stream.getReader();
    await vi.advanceTimersByTimeAsync(0);
    const id = workers[0].idOf('exportNext');
    workers[0].tell({ type: 'progress', id, progress: { doneBytes: 5, totalBytes: 9 } });
    workers[0].tell({ type: 'answer', id, value: null });
    expect((await reader.read()).done).toBe(true);
    workers[0].tell({ type: 'progress', id, progress: { doneBytes: 9, totalBytes: 9 } });
    expect(heard).toEqual([5]);
  });
});

describe('an import', () => {
  const file = new Blob(['x']);

  it('has a worker of its own, so the shelf answers beside it', async () => {
    const client = newClient({ moments: [] });
    const importing = client.import('new', file, 'gift.vitrine');
    expect(await client.call('a', 'moments')).toEqual([]);
    expect(alive().sort()).toEqual(['import', 'shelf']);
    const [importer] = workers.filter(({ name }) => name === 'import');
    importer.tell({ type: 'answer', id: importer.idOf('importMachine'), value: undefined });
    await importing;
    expect(alive()).toEqual(['shelf']);
  });

  it('is cancelled within a bounded time, also when its worker is deep in a file', async () => {
    const client = newClient();
    const cancel = new AbortController();
    const outcome = client
      .import('new', file, 'gift.vitrine', { signal: cancel.signal })
      .catch((error: unknown) => error);
    cancel.abort();
    expect(workers[0].asked.at(-1)).toMatchObject({ type: 'cancel', id: workers[0].idOf('importMachine') });
    await vi.advanceTimersByTimeAsync(5000);
    expect(await outcome).toMatchObject({ code: 'archive/cancelled' });
    expect(alive()).toEqual([]);
  });
});
