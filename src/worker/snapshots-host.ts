import { VitrineError } from '../lib/errors.ts';
import { Answerer, type CallContext } from '../lib/rpc.ts';
import type {
  ArchiveProgress,
  PageToShelf,
  ShelfCallName,
  ShelfToPage,
  ShelfWorkerCalls,
} from '../protocol/snapshot-messages.ts';
import { IdbRecordStore } from '../store/idb-record-store.ts';
import { ShelfDisks } from './shelf-disks.ts';
import { ShelvedMoments } from './snapshots-shelf.ts';

type Context = CallContext<ArchiveProgress>;

/** A file that is being written: its pieces are asked for one by one, so nothing piles up. */
interface Export {
  readonly pieces: AsyncGenerator<Uint8Array<ArrayBuffer>>;
  /** The call that its progress is told under: the one that asked for the piece. */
  listener: number;
  end: () => Promise<void>;
}

/** Answers the page, speaking the protocol of `snapshot-messages.ts`. */
export class ShelfHost {
  readonly #answerer: Answerer<ShelfWorkerCalls, ArchiveProgress>;
  readonly #exports = new Map<string, Export>();
  readonly #disks = new ShelfDisks();

  constructor(post: (message: ShelfToPage, transfer: Transferable[]) => void) {
    this.#answerer = new Answerer(post, (name, [machineId, ...args], context) =>
      this.#do(name, machineId as string, args, context),
    );
  }

  receive(message: PageToShelf): Promise<void> {
    return this.#answerer.receive(message);
  }

  async #do(name: ShelfCallName, machineId: string, args: unknown[], context: Context): Promise<unknown> {
    const options = { signal: context.signal, onProgress: context.tell };
    if (ShelfDisks.answers(name)) return this.#disks.answer(machineId, name, args, options);
    if (name === 'beginExport') return this.#beginExport(machineId, context);
    if (name === 'exportNext') return this.#exportNext(machineId, context);
    if (name === 'endExport') return this.#exports.get(machineId)?.end();
    const store = await IdbRecordStore.open();
    try {
      const moments = new ShelvedMoments(store, machineId, options);
      return await (moments.handlers[name] as (...args: unknown[]) => unknown)(...args);
    } finally {
      await store.close();
    }
  }

  async #beginExport(machineId: string, { id, tell }: Context): Promise<void> {
    await this.#exports.get(machineId)?.end();
    const store = await IdbRecordStore.open();
    const onProgress = (progress: ArchiveProgress) => tell(progress, running.listener);
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

  async #exportNext(machineId: string, { id }: Context): Promise<Uint8Array<ArrayBuffer> | null> {
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
}
