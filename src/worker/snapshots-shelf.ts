import { BlobSource } from '../bytes/byte-source.ts';
import type { RecordStore } from '../disk/record-store.ts';
import { bytesStored, machineOf, releaseGeneration } from '../disk/shelf.ts';
import { readShelf, readWriter, updateShelf } from '../disk/shelf-record.ts';
import { isWrittenSince } from '../disk/written-since.ts';
import { VitrineError } from '../lib/errors.ts';
import { decideOpening, type Opening } from '../machine/opening.ts';
import type { ShelfDiskCalls } from '../protocol/disk-messages.ts';
import type { KnownPictures, ShelfCalls, SnapshotInfo } from '../protocol/snapshot-messages.ts';
import {
  changeMoment,
  checkpointOf,
  momentOf,
  pinFirst,
  removeMoment,
  type MomentIndex,
} from '../snapshot/moment-index.ts';
import { compactPacks } from '../snapshot/compact-packs.ts';
import { MomentStore } from '../snapshot/moment-store.ts';
import { PageCodec } from '../snapshot/page-codec.ts';
import { takeMachineLock } from '../store/machine-lock.ts';
import { exportMachine } from './snapshots-export.ts';
import { importMachine, type ImportOptions } from './snapshots-import.ts';
import { bytesOfAll, listMoments } from './snapshots-list.ts';

type Names = Exclude<keyof ShelfCalls, 'beginExport' | 'exportNext' | 'endExport' | keyof ShelfDiskCalls>;
type Handlers = {
  [K in Names]: (...args: Parameters<ShelfCalls[K]>) => Promise<ReturnType<ShelfCalls[K]>>;
};

/** Rounds of compaction after a deletion, of up to 32 MiB; the rest is done while the machine runs. */
const MOST_ROUNDS = 4;

/** Takes the lock of a machine for a moment; null when it is in use. Tests hand in one that always has it. */
type Locker = (machineId: string) => Promise<{ release(): void } | null>;

/** The moments of a machine that is off, for the page: what a running machine's own worker does is not done here. */
export class ShelvedMoments {
  readonly #store: RecordStore;
  readonly #machineId: string;
  readonly #lock: Locker;
  readonly #codec = PageCodec.standalone();
  readonly #options: ImportOptions;

  constructor(store: RecordStore, machineId: string, options: ImportOptions = {}, lock: Locker = lockIfFree) {
    this.#options = options;
    this.#store = store;
    this.#machineId = machineId;
    this.#lock = lock;
  }

  readonly handlers: Handlers = {
    moments: (known) => this.#list(known),
    momentBytes: async () => bytesOfAll(this.#store, this.#machineId, (await this.#open()).index),
    deleteMoment: (id) => this.#delete(id),
    renameMoment: (id, label) => this.#change((index) => changeMoment(index, id, { label })),
    pinMoment: (id) => this.#change((index) => pinFirst(index, id)),
    opening: () => this.#opening(),
    importMachine: (file, name) =>
      this.#whileClosed(() =>
        importMachine(this.#store, this.#machineId, this.#codec, new BlobSource(file, name), this.#options),
      ),
    keepCheckpoint: (label) =>
      this.#change((index) => {
        const checkpoint = checkpointOf(index);
        const leaving = 'off' as const;
        if (!checkpoint) return { ...index, leaving };
        return { ...changeMoment(index, checkpoint.id, { kind: 'kept', label }), leaving };
      }),
  };

  async #list(known?: KnownPictures): Promise<SnapshotInfo[]> {
    const { shelf } = await readShelf(this.#store);
    const layerBytes = (await readWriter(this.#store, this.#machineId))?.layerBytes ?? {};
    const kept = shelf.machines.find(({ id }) => id === this.#machineId)?.kept ?? [];
    const stored = bytesStored(shelf, kept, (layer) => layerBytes[layer] ?? 0);
    return listMoments(await this.#open(), stored, known);
  }

  async #delete(id: string): Promise<void> {
    await this.#whileClosed(async (moments) => {
      const { generation } = momentOf(moments.index, id);
      await moments.change((index) => removeMoment(index, id), { put: [], remove: moments.keysOf([id]) });
      if (generation !== null) {
        await updateShelf(this.#store, (shelf) =>
          machineOf(shelf, this.#machineId).kept.includes(generation)
            ? releaseGeneration(shelf, this.#machineId, generation)
            : shelf,
        );
      }
      await moments.sweep();
      await this.#compact(moments);
    });
  }

  /** Some of what the deleted moment left in packs that others use: the machine must not be kept from starting. */
  async #compact(moments: MomentStore): Promise<void> {
    const damaged = new Set<number>();
    try {
      for (let round = 0; round < MOST_ROUNDS; round++) {
        if (!(await compactPacks(moments, this.#codec, { damaged, rest: () => Promise.resolve() }))) return;
        await moments.sweep();
      }
    } catch (error) {
      // The moment is deleted. Without room for the new packs the old ones stay, as good as before.
      if (!(error instanceof VitrineError && error.code === 'store/full')) throw error;
    }
  }

  #change(change: (index: MomentIndex) => MomentIndex): Promise<void> {
    return this.#whileClosed((moments) => moments.change(change));
  }

  async #opening(): Promise<Opening> {
    const { index } = await this.#open();
    const checkpoint = checkpointOf(index);
    const { shelf } = await readShelf(this.#store);
    const machine = shelf.machines.find(({ id }) => id === this.#machineId);
    if (!machine || !checkpoint) return { kind: 'cold' };
    const writer = await readWriter(this.#store, this.#machineId);
    return decideOpening({
      leaving: index.leaving,
      checkpoint,
      diskMovedOn: await isWrittenSince(this.#store, shelf, machine.top, checkpoint.generation),
      diskAt: writer?.committedAt ?? 0,
    });
  }

  #open(): Promise<MomentStore> {
    return MomentStore.open(this.#store, this.#machineId, this.#codec);
  }

  async #whileClosed(work: (moments: MomentStore) => Promise<void>): Promise<void> {
    const lock = await this.takeLock();
    try {
      await work(await this.#open());
    } finally {
      lock.release();
    }
  }

  /** Rejects with `store/machine-in-use`. */
  async takeLock(): Promise<{ release(): void }> {
    const lock = await this.#lock(this.#machineId);
    if (!lock) throw new VitrineError('store/machine-in-use', { name: this.#machineId });
    return lock;
  }

  /** A `.vitrine` file piece by piece; take the lock before and let go of it at the end. */
  exported(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    return exportMachine(this.#store, this.#machineId, this.#codec, this.#options.onProgress);
  }
}

function lockIfFree(machineId: string) {
  return takeMachineLock(machineId, { kind: 'if-free' }, () => undefined);
}
