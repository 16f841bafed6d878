import { fromWireError, VitrineError } from '../lib/errors.ts';
import type { PageToShelf, ShelfCallName, ShelfCalls, ShelfToPage } from '../protocol/snapshot-messages.ts';

interface Waiting {
  resolve(value: unknown): void;
  reject(error: VitrineError): void;
}

/** The page's end of the worker that looks after machines that are off: it starts with the first call. */
export class ShelfClient {
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #nextId = 1;

  call<K extends ShelfCallName>(
    machineId: string,
    name: K,
    ...args: Parameters<ShelfCalls[K]>
  ): Promise<ReturnType<ShelfCalls[K]>> {
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      this.#waiting.set(id, { resolve: (value) => resolve(value as ReturnType<ShelfCalls[K]>), reject });
      this.#worker ??= this.#start();
      this.#worker.postMessage({ type: 'call', id, machineId, name, args } satisfies PageToShelf);
    });
  }

  #start(): Worker {
    const worker = new Worker(new URL('../worker/snapshots-worker.ts', import.meta.url), {
      type: 'module',
      name: 'shelf',
    });
    worker.addEventListener('message', ({ data }: MessageEvent<ShelfToPage>) => {
      const waiting = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if (data.type === 'answer') waiting?.resolve(data.value);
      else waiting?.reject(fromWireError(data.error));
    });
    worker.addEventListener('error', () => this.#die());
    return worker;
  }

  #die(): void {
    this.#worker?.terminate();
    this.#worker = null;
    for (const waiting of this.#waiting.values()) waiting.reject(new VitrineError('engine/worker-died'));
    this.#waiting.clear();
  }
}
