import type { BaseWish } from '../protocol/disk-messages.ts';
import { fromWireError, VitrineError } from '../lib/errors.ts';
import type {
  ArchiveProgress,
  PageToShelf,
  ShelfCallName,
  ShelfCalls,
  ShelfToPage,
} from '../protocol/snapshot-messages.ts';

interface Waiting {
  resolve(value: unknown): void;
  reject(error: VitrineError): void;
}

export interface ArchiveOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ArchiveProgress) => void;
}

/** The page's end of the worker that looks after machines that are off: it starts with the first call. */
export class ShelfClient {
  readonly #waiting = new Map<number, Waiting>();
  readonly #progress = new Map<number, (progress: ArchiveProgress) => void>();
  #worker: Worker | null = null;
  #nextId = 1;

  call<K extends ShelfCallName>(
    machineId: string,
    name: K,
    ...args: Parameters<ShelfCalls[K]>
  ): Promise<ReturnType<ShelfCalls[K]>> {
    return this.#call(this.#nextId++, machineId, name, args);
  }

  /** The machine as a `.vitrine` file, written as it is read; cancelling the stream gives it up. */
  async export(machineId: string, options: ArchiveOptions = {}): Promise<ReadableStream<Uint8Array>> {
    const { signal, onProgress } = options;
    const id = this.#nextId++;
    if (onProgress) this.#progress.set(id, onProgress);
    const end = async () => {
      this.#progress.delete(id);
      await this.call(machineId, 'endExport');
    };
    await this.#call(id, machineId, 'beginExport', []);
    return new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          if (signal?.aborted) {
            await end();
            throw new VitrineError('export/cancelled');
          }
          const piece = await this.call(machineId, 'exportNext');
          if (piece) controller.enqueue(piece);
          else controller.close();
        },
        cancel: end,
      },
      { highWaterMark: 1 },
    );
  }

  /** Rejects with `archive/cancelled` when `signal` is aborted before the machine was replaced. */
  async import(machineId: string, file: Blob, name: string, options: ArchiveOptions = {}): Promise<void> {
    if (options.signal?.aborted) throw new VitrineError('archive/cancelled');
    await this.#cancellable(machineId, 'importMachine', [file, name], options);
  }

  /** Rejects with `image/keep-cancelled` when `signal` is aborted before the machine was taken off its image. */
  async keepBase(machineId: string, base: BaseWish, options: ArchiveOptions = {}): Promise<void> {
    if (options.signal?.aborted) {
      throw new VitrineError('image/keep-cancelled', { name: base.files[0].name });
    }
    await this.#cancellable(machineId, 'keepBase', [base], options);
  }

  /** A call that tells its progress, and that is given up when `signal` is aborted. */
  async #cancellable<K extends ShelfCallName>(
    machineId: string,
    name: K,
    args: Parameters<ShelfCalls[K]>,
    { signal, onProgress }: ArchiveOptions,
  ): Promise<void> {
    const id = this.#nextId++;
    if (onProgress) this.#progress.set(id, onProgress);
    const cancel = () => this.#worker?.postMessage({ type: 'cancel', id } satisfies PageToShelf);
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      await this.#call(id, machineId, name, args);
    } finally {
      signal?.removeEventListener('abort', cancel);
      this.#progress.delete(id);
    }
  }

  #call<K extends ShelfCallName>(
    id: number,
    machineId: string,
    name: K,
    args: Parameters<ShelfCalls[K]>,
  ): Promise<ReturnType<ShelfCalls[K]>> {
    return new Promise((resolve, reject) => {
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
    worker.addEventListener('message', ({ data }: MessageEvent<ShelfToPage>) => this.#receive(data));
    worker.addEventListener('error', () => this.#die());
    return worker;
  }

  #receive(message: ShelfToPage): void {
    if (message.type === 'progress') {
      this.#progress.get(message.id)?.(message.progress);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.type === 'answer') waiting?.resolve(message.value);
    else waiting?.reject(fromWireError(message.error));
  }

  #die(): void {
    this.#worker?.terminate();
    this.#worker = null;
    for (const waiting of this.#waiting.values()) waiting.reject(new VitrineError('engine/worker-died'));
    this.#waiting.clear();
  }
}
