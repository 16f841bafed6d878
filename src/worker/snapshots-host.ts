import { toWireError, VitrineError } from '../lib/errors.ts';
import type { ArchiveProgress, PageToShelf, ShelfToPage } from '../protocol/snapshot-messages.ts';
import { IdbRecordStore } from '../store/idb-record-store.ts';
import { ShelfDisks } from './shelf-disks.ts';
import { ShelvedMoments } from './snapshots-shelf.ts';

type Call = Extract<PageToShelf, { type: 'call' }>;

/** A file that is being written: its pieces are asked for one by one, so nothing piles up. */
interface Export {
  readonly pieces: AsyncGenerator<Uint8Array<ArrayBuffer>>;
  /** The call that its progress is told under: the one that asked for the piece. */
  listener: number;
  end: () => Promise<void>;
}

/** Answers the page, speaking the protocol of `snapshot-messages.ts`. */
export class ShelfHost {
  readonly #post: (message: ShelfToPage, transfer: Transferable[]) => void;
  readonly #cancels = new Map<number, AbortController>();
  readonly #exports = new Map<string, Export>();
  readonly #disks = new ShelfDisks();

  constructor(post: (message: ShelfToPage, transfer: Transferable[]) => void) {
    this.#post = post;
  }

  receive(message: PageToShelf): void {
    if (message.type === 'cancel') this.#cancels.get(message.id)?.abort();
    else void this.#answer(message);
  }

  async #answer(call: Call): Promise<void> {
    const { id } = call;
    const cancel = new AbortController();
    this.#cancels.set(id, cancel);
    try {
      const value = await this.#do(call, cancel.signal);
      this.#post({ type: 'answer', id, value }, value instanceof Uint8Array ? [value.buffer] : []);
    } catch (error) {
      this.#post({ type: 'refusal', id, error: toWireError(error) }, []);
    } finally {
      this.#cancels.delete(id);
    }
  }

  async #do(call: Call, signal: AbortSignal): Promise<unknown> {
    const { machineId, name, args } = call;
    if (ShelfDisks.answers(name)) {
      return this.#disks.answer(machineId, name, args, { ...this.#options(call.id), signal });
    }
    if (name === 'beginExport') return this.#beginExport(call);
    if (name === 'exportNext') return this.#exportNext(call);
    if (name === 'endExport') return this.#exports.get(machineId)?.end();
    const store = await IdbRecordStore.open();
    try {
      const moments = new ShelvedMoments(store, machineId, this.#options(call.id, signal));
      return await (moments.handlers[name] as (...args: unknown[]) => unknown)(...args);
    } finally {
      await store.close();
    }
  }

  async #beginExport({ id, machineId }: Call): Promise<void> {
    await this.#exports.get(machineId)?.end();
    const store = await IdbRecordStore.open();
    const onProgress = (progress: ArchiveProgress) => this.#tell(running.listener, progress);
    const moments = new ShelvedMoments(store, machineId, { onProgress });
    const running: Export = { pieces: moments.exported(), listener: id, end: () => store.close() };
    try {
      const lock = await moments.takeLock();
      running.end = async () => {
        this.#exports.delete(machineId);
        lock.release();
        await store.close();
      };
      this.#exports.set(machineId, running);
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  async #exportNext({ id, machineId }: Call): Promise<Uint8Array<ArrayBuffer> | null> {
    const running = this.#exports.get(machineId);
    if (!running) throw new VitrineError('archive/cancelled');
    running.listener = id;
    try {
      const { value, done } = await running.pieces.next();
      if (!done) return value;
    } catch (error) {
      await running.end();
      throw error;
    }
    await running.end();
    return null;
  }

  #options(id: number, signal?: AbortSignal) {
    return {
      ...(signal && { signal }),
      onProgress: (progress: ArchiveProgress) => this.#tell(id, progress),
    };
  }

  #tell(id: number, progress: ArchiveProgress): void {
    this.#post({ type: 'progress', id, progress }, []);
  }
}
