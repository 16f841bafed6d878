import { VitrineError } from '../lib/errors.ts';
import type { Answer, Arguments, Call } from '../lib/rpc.ts';
import type { BaseWish, DiskExportWish } from '../protocol/disk-messages.ts';
import type {
  ArchiveProgress,
  ShelfCallName,
  ShelfCalls,
  ShelfWorkerCalls,
} from '../protocol/snapshot-messages.ts';
import { WorkerLink, type WorkerLike } from './worker-link.ts';

/** Starts a worker that speaks the protocol of `snapshot-messages.ts`, under a name for the browser's tools. */
export type StartShelfWorker = (name: string) => WorkerLike;
type ShelfWorker = WorkerLink<ShelfWorkerCalls, ArchiveProgress>;

const startShelfWorker: StartShelfWorker = (name) =>
  new Worker(new URL('../worker/snapshots-worker.ts', import.meta.url), { type: 'module', name });

export interface ArchiveOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ArchiveProgress) => void;
}

/** How long the worker is kept when nothing was asked of it: a window that looks every 2 s keeps it. */
const IDLE_MS = 15_000;
/** How long an import may take to remove what it had written, once it is cancelled. */
const PATIENCE_MS = 3000;

/** What a call does to a file that the worker writes, and which file that is. */
function fileOf(
  machineId: string,
  name: ShelfCallName,
  [arg]: readonly unknown[],
): { step: 'begin' | 'next' | 'end'; file: string } | null {
  switch (name) {
    case 'beginExport':
      return { step: 'begin', file: machineId };
    case 'exportNext':
      return { step: 'next', file: machineId };
    case 'endExport':
      return { step: 'end', file: machineId };
    case 'beginDiskExport':
      return { step: 'begin', file: `${machineId} disk ${(arg as DiskExportWish).id}` };
    case 'diskExportNext':
      return { step: 'next', file: `${machineId} disk ${String(arg)}` };
    case 'endDiskExport':
      return { step: 'end', file: `${machineId} disk ${String(arg)}` };
    default:
      return null;
  }
}

/**
 * The page's end of the worker that looks after machines that are off, one for all of a page: it starts with the first
 * call and ends when there is nothing more to do. An import has a worker of its own, because a file from anywhere may take
 * its time: the shelf answers meanwhile, and an import that does not let itself be cancelled is ended.
 */
export class ShelfClient {
  readonly #start: StartShelfWorker;
  #worker: ShelfWorker | null = null;
  #idle: ReturnType<typeof setTimeout> | undefined;
  /** Files that the worker is writing: between two pieces of one nothing waits on it. */
  readonly #files = new Set<string>();

  constructor(start: StartShelfWorker = startShelfWorker) {
    this.#start = start;
  }

  call<K extends ShelfCallName>(
    machineId: string,
    name: K,
    ...args: Arguments<ShelfCalls[K]>
  ): Promise<Answer<ShelfWorkerCalls[K]>> {
    return this.#call(machineId, name, args).answer;
  }

  /** The machine as a `.vitrine` file, written as it is read; cancelling the stream gives it up. */
  async export(machineId: string, options: ArchiveOptions = {}): Promise<ReadableStream<Uint8Array>> {
    const { signal, onProgress } = options;
    await this.call(machineId, 'beginExport');
    return new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          if (signal?.aborted) {
            await this.call(machineId, 'endExport');
            throw new VitrineError('export/cancelled');
          }
          const piece = await this.#call(machineId, 'exportNext', [], onProgress).answer;
          if (piece) controller.enqueue(piece);
          else controller.close();
        },
        cancel: () => this.call(machineId, 'endExport'),
      },
      { highWaterMark: 1 },
    );
  }

  /**
   * Rejects with `archive/cancelled` soon after `signal` was aborted, if that was before the machine was replaced. What an
   * import that had to be ended leaves is removed when the shelf is opened next.
   */
  async import(machineId: string, file: Blob, name: string, options: ArchiveOptions = {}): Promise<void> {
    const { signal, onProgress } = options;
    if (signal?.aborted) throw new VitrineError('archive/cancelled');
    const worker = new WorkerLink<ShelfWorkerCalls, ArchiveProgress>(this.#start('import'));
    let patience: ReturnType<typeof setTimeout> | undefined;
    const call = worker.call('importMachine', [machineId, file, name], onProgress);
    const cancel = () => {
      call.cancel();
      patience = setTimeout(() => worker.end(new VitrineError('archive/cancelled')), PATIENCE_MS);
    };
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      await call.answer;
    } finally {
      signal?.removeEventListener('abort', cancel);
      clearTimeout(patience);
      worker.end(new VitrineError('engine/worker-died'));
    }
  }

  /** Rejects with `image/keep-cancelled` when `signal` is aborted before the machine was taken off its image. */
  async keepBase(machineId: string, base: BaseWish, options: ArchiveOptions = {}): Promise<void> {
    const { signal, onProgress } = options;
    if (signal?.aborted) throw new VitrineError('image/keep-cancelled', { name: base.files[0].name });
    const call = this.#call(machineId, 'keepBase', [base], onProgress);
    const cancel = () => call.cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      await call.answer;
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  #call<K extends ShelfCallName>(
    machineId: string,
    name: K,
    args: Arguments<ShelfCalls[K]>,
    onProgress?: (progress: ArchiveProgress) => void,
  ): Call<Answer<ShelfWorkerCalls[K]>> {
    clearTimeout(this.#idle);
    if (!this.#worker || this.#worker.ended) {
      this.#files.clear();
      this.#worker = new WorkerLink(this.#start('shelf'));
    }
    const call = this.#worker.call(name, [machineId, ...args] as never, onProgress);
    return { ...call, answer: this.#watch(fileOf(machineId, name, args), call.answer) };
  }

  async #watch<T>(call: ReturnType<typeof fileOf>, answer: Promise<T>): Promise<T> {
    if (call?.step === 'begin') this.#files.add(call.file);
    let isOpen = false;
    try {
      const value = await answer;
      isOpen = call?.step === 'begin' || (call?.step === 'next' && value !== null);
      return value;
    } finally {
      if (call && !isOpen) this.#files.delete(call.file);
      this.#rest();
    }
  }

  #rest(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      const worker = this.#worker;
      if (!worker || worker.isBusy || this.#files.size > 0) return;
      this.#worker = null;
      worker.end(new VitrineError('engine/worker-died'));
    }, IDLE_MS);
  }
}
