import { fromWireError, VitrineError } from '../lib/errors.ts';
import type {
  ArchiveProgress,
  PageToShelf,
  ShelfCallName,
  ShelfCalls,
  ShelfToPage,
} from '../protocol/snapshot-messages.ts';

/** Starts a worker that speaks the protocol of `snapshot-messages.ts`, under a name for the browser's tools. */
export type StartShelfWorker = (name: string) => Worker;

export const startShelfWorker: StartShelfWorker = (name) =>
  new Worker(new URL('../worker/snapshots-worker.ts', import.meta.url), { type: 'module', name });

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: VitrineError) => void;
  readonly onProgress: ((progress: ArchiveProgress) => void) | undefined;
}

/** A call under way. */
export interface ShelfCall<T> {
  readonly answer: Promise<T>;
  /** Asks the worker to give it up; it is refused then, if it was not answered before. */
  cancel(): void;
}

/** One worker for machines that are off, and the calls that wait on it. */
export class ShelfWorker {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;
  #ended = false;

  constructor(start: StartShelfWorker, name: string) {
    this.#worker = start(name);
    this.#worker.addEventListener('message', ({ data }: MessageEvent<ShelfToPage>) => this.#receive(data));
    this.#worker.addEventListener('error', () => this.end());
  }

  /** True once it was ended, or died. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Whether any call waits on it. */
  get isBusy(): boolean {
    return this.#waiting.size > 0;
  }

  call<K extends ShelfCallName>(
    machineId: string,
    name: K,
    args: Parameters<ShelfCalls[K]>,
    onProgress?: (progress: ArchiveProgress) => void,
  ): ShelfCall<ReturnType<ShelfCalls[K]>> {
    const id = this.#nextId++;
    const answer = new Promise<ReturnType<ShelfCalls[K]>>((resolve, reject) => {
      const waiting = { resolve: (value: unknown) => resolve(value as ReturnType<ShelfCalls[K]>), reject };
      if (this.#ended) reject(new VitrineError('engine/worker-died'));
      else this.#waiting.set(id, { ...waiting, onProgress });
    });
    this.#post({ type: 'call', id, machineId, name, args });
    return { answer, cancel: () => this.#post({ type: 'cancel', id }) };
  }

  /** Ends the worker, whatever it is doing: what waits is refused with `error`, and its locks are let go of. */
  end(error = new VitrineError('engine/worker-died')): void {
    this.#ended = true;
    this.#worker.terminate();
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  #post(message: PageToShelf): void {
    if (!this.#ended) this.#worker.postMessage(message);
  }

  #receive(message: ShelfToPage): void {
    const waiting = this.#waiting.get(message.id);
    if (message.type === 'progress') {
      waiting?.onProgress?.(message.progress);
      return;
    }
    this.#waiting.delete(message.id);
    if (message.type === 'answer') waiting?.resolve(message.value);
    else waiting?.reject(fromWireError(message.error));
  }
}
