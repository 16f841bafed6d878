import {
  exclusiveTo,
  machineOf,
  reachedFrom,
  type BaseIdentity,
  type MachineEntry,
  type Shelf,
} from '../disk/shelf.ts';
import { randomId } from '../lib/secure-parts.ts';
import { decodeHead } from '../disk/segment-head.ts';
import * as moves from '../disk/shelf.ts';
import type { RecordStore } from '../disk/record-store.ts';
import {
  baseKey,
  dataKey,
  discKey,
  headsOf,
  readShelf,
  readWriter,
  shelfStep,
  updateShelf,
  writerKey,
  type WriterRecord,
} from '../disk/shelf-record.ts';
import { readFirstBlock } from '../disk/first-block.ts';
import { forgetKeeping } from '../disk/keep-base.ts';
import { importKey, readImportLayers, removeOrphans } from '../disk/import-leftovers.ts';
import { momentKeys } from '../disk/moment-keys.ts';
import { forgetLayer, sweepPart } from '../disk/upkeep.ts';
import { LARGEST_DISK_BYTES } from '../lib/disk-limit.ts';
import { VitrineError } from '../lib/errors.ts';
import { IdbRecordStore } from './idb-record-store.ts';
import { summarizeMoments, type MomentSummary } from './moment-summary.ts';
import { isMachineLocked, lockedMachines, takeMachineLock, type MachineLock } from './machine-lock.ts';

export type { BaseIdentity } from '../disk/shelf.ts';

/** Blank disks begin with this size (16 GiB). */
export const DEFAULT_DISK_BYTES = 16 * 2 ** 30;

/** How often and how far apart it is tried again after room was made. */
const ROOM_TRIES = 10;
const ROOM_WAIT_MS = 500;

/** A machine on the shelf. */
export interface MachineSummary {
  readonly id: string;
  readonly name: string;
  /** Size of its disk as the guest sees it. */
  readonly sizeBytes: number;
  readonly base: BaseIdentity | null;
  readonly profile: unknown;
  /**
   * Milliseconds since the epoch; `committedAt` is 0 while nothing was ever saved. Of a machine whose commit record cannot
   * be read it is when the machine was made: something may be stored of it, and its sizes are not known.
   */
  readonly createdAt: number;
  readonly committedAt: number;
  /** Bytes stored for this machine alone (what erasing it frees), and bytes it shares with duplicates. */
  readonly ownBytes: number;
  readonly sharedBytes: number;
  /** Saved moments: they go with it, and what they take besides the disk is freed too. */
  readonly moments: MomentSummary;
}

/** All that is on the shelf at one moment. */
export interface ShelfListing {
  readonly machines: readonly MachineSummary[];
  /** Stored for all of them together; what several share counts once. */
  readonly storedBytes: number;
  /** Machines that some tab has open for writing, this one too. */
  readonly open: ReadonlySet<string>;
}

export interface NewMachine {
  readonly name: string;
  /** Multiple of 512, up to `LARGEST_DISK_BYTES`; a machine with a base has the base's size. */
  readonly sizeBytes?: number;
  readonly base?: BaseIdentity | null;
  /** Anything that JSON can hold. */
  readonly profile?: unknown;
  /** Made up if not given. */
  readonly id?: string;
}

/** A record store whose connection the browser may end. */
type LosableStore = RecordStore & { readonly isLost?: boolean };

/** Takes the lock of a machine for a moment; null when it is in use. Tests hand in one that always has it. */
type Locker = (machineId: string) => Promise<Pick<MachineLock, 'release'> | null>;

/**
 * The shelf of machines, for the page: it may be used while workers have machines open. What would pull a disk from
 * under its worker (`duplicate`, `erase`) is refused with `store/machine-in-use`; ask the worker, or close it first.
 */
export class Catalog {
  readonly #store: LosableStore;
  readonly #lock: Locker;

  constructor(store: LosableStore, lock: Locker = lockIfFree) {
    this.#store = store;
    this.#lock = lock;
  }

  /** Rejects as `IdbRecordStore.open` does. */
  static async open(): Promise<Catalog> {
    const store = await IdbRecordStore.open();
    try {
      await readShelf(store);
    } catch (error) {
      await store.close();
      throw error;
    }
    return new Catalog(store);
  }

  /** Whether the browser ended the connection to its storage: nothing was lost, and the catalog has to be opened again. */
  get isLost(): boolean {
    return this.#store.isLost ?? false;
  }

  /** All machines in the order they were made, sizes as of the last commit of each. */
  async list(): Promise<MachineSummary[]> {
    return (await this.#read()).machines;
  }

  /** All machines, what they take together, and which of them are open in any tab. */
  async survey(): Promise<ShelfListing> {
    const [listing, open] = await Promise.all([this.#read(), lockedMachines()]);
    return { ...listing, open };
  }

  /** Whether any tab has this machine open. */
  isOpen(machineId: string): Promise<boolean> {
    return isMachineLocked(machineId);
  }

  async #read() {
    const { shelf } = await readShelf(this.#store);
    const writers = new Map<string, WriterRecord | null>();
    for (const { id, createdAt } of shelf.machines) writers.set(id, await this.#readWriter(id, createdAt));
    const layerBytes: Record<number, number> = Object.assign(
      {},
      ...[...writers.values()].map((writer) => writer?.layerBytes),
    );
    const indexes = await this.#store.read(shelf.machines.map(({ id }) => momentKeys(id)[0]));
    const machines = shelf.machines.map((machine, i) =>
      summarize(shelf, machine, writers.get(machine.id) ?? null, layerBytes, summarizeMoments(indexes[i])),
    );
    const layers = new Set(shelf.generations.map(({ layer }) => layer));
    const diskBytes = [...layers].reduce((sum, layer) => sum + (layerBytes[layer] ?? 0), 0);
    const storedBytes = machines.reduce((sum, { moments }) => sum + moments.storedBytes, diskBytes);
    return { machines, storedBytes };
  }

  /** One record that is damaged must not hide the other machines, nor make its own look as if it were blank. */
  async #readWriter(machineId: string, createdAt: number): Promise<WriterRecord | null> {
    try {
      return await readWriter(this.#store, machineId);
    } catch (error) {
      if (!(error instanceof VitrineError && error.code === 'store/damaged')) throw error;
      return { version: 0, committedAt: Math.max(1, createdAt), layerBytes: {} };
    }
  }

  /** Makes a machine with an empty disk over its base; rejects with `store/bad-size` or `store/machine-exists`. */
  async create(wish: NewMachine): Promise<string> {
    const { name, base = null, profile = {}, id = randomId() } = wish;
    const sizeBytes = base?.sizeBytes ?? wish.sizeBytes ?? DEFAULT_DISK_BYTES;
    if (!(sizeBytes > 0 && sizeBytes <= LARGEST_DISK_BYTES) || sizeBytes % 512 !== 0) {
      throw new VitrineError('store/bad-size', { sizeBytes });
    }
    await updateShelf(this.#store, (shelf) =>
      moves.addMachine(shelf, { id, name, sizeBytes, base, profile }, Date.now()),
    );
    return id;
  }

  async rename(machineId: string, name: string): Promise<void> {
    await updateShelf(this.#store, (shelf) => moves.changeMachine(shelf, machineId, { name }));
  }

  async setProfile(machineId: string, profile: unknown): Promise<void> {
    await updateShelf(this.#store, (shelf) => moves.changeMachine(shelf, machineId, { profile }));
  }

  /** Makes a second machine with the same disk and resolves with its id; nothing is copied. Not its snapshots. */
  async duplicate(machineId: string, name: string): Promise<string> {
    const id = randomId();
    await this.#whileClosed(machineId, async () => {
      await updateShelf(this.#store, (shelf) =>
        moves.duplicateMachine(shelf, machineId, { id, name }, Date.now()),
      );
    });
    return id;
  }

  /** Erases a machine, its snapshots' generations and all that no duplicate of it needs. */
  async erase(machineId: string): Promise<void> {
    await this.#whileClosed(machineId, async () => {
      await forgetKeeping(this.#store, machineId);
      for (const layer of await this.#removeInAnyCase(machineId)) {
        while (!(await sweepPart(this.#store, layer)));
        await updateShelf(this.#store, (shelf) => forgetLayer(shelf, layer));
      }
    });
  }

  /**
   * The same when there is no room even for the shelf without it: what it alone has goes first, in one step that stores
   * nothing, which leaves it as a machine with nothing of its own on its disk. Browsers count what was freed a little later.
   */
  async #removeInAnyCase(machineId: string): Promise<readonly number[]> {
    try {
      return await this.#remove(machineId);
    } catch (error) {
      if (!isFull(error)) throw error;
    }
    await this.#empty(machineId);
    for (let left = ROOM_TRIES; ; left--) {
      try {
        return await this.#remove(machineId);
      } catch (error) {
        if (!isFull(error) || left === 0) throw error;
        await new Promise((resolve) => setTimeout(resolve, ROOM_WAIT_MS));
      }
    }
  }

  async #empty(machineId: string): Promise<void> {
    const { shelf } = await readShelf(this.#store);
    const own = exclusiveTo(shelf, machineId);
    const remove = momentKeys(machineId);
    for (const { id, layer } of shelf.generations) {
      if (!own.has(id)) continue;
      remove.push(headsOf(layer));
      for (const value of await this.#store.list(headsOf(layer))) {
        const head = decodeHead(value);
        if (head) remove.push(dataKey(head.id));
      }
    }
    await this.#store.commit({ kind: 'shelf', guards: [], remove, put: [] });
  }

  /**
   * Takes a machine off the shelf and all records of its own away, in one step: one that is made later under the same
   * id must find nothing of it. Gives the layers that are to be swept, which anybody may finish after a crash.
   */
  async #remove(machineId: string): Promise<readonly number[]> {
    const remove = [writerKey, discKey, importKey].map((keyOf) => keyOf(machineId));
    remove.push(...momentKeys(machineId));
    for (;;) {
      const layers = await readImportLayers(this.#store, machineId);
      const { shelf, version } = await readShelf(this.#store);
      const { base } = machineOf(shelf, machineId);
      const without = moves.removeMachine(shelf, machineId);
      const isUsed = without.machines.some((other) => other.base?.fingerprint === base?.fingerprint);
      const handles = base && !isUsed ? [baseKey(base.fingerprint)] : [];
      const next = { ...without, dropped: [...without.dropped, ...layers] };
      if (
        (await this.#store.commit({
          ...shelfStep('shelf', next, version),
          remove: [...remove, ...handles],
        })) === 'done'
      )
        return next.dropped;
    }
  }

  /** Remembers the disc of a machine: anything that structured clone can carry, a file handle too. */
  async rememberDisc(machineId: string, disc: unknown): Promise<void> {
    await this.#store.commit({ kind: 'shelf', guards: [], remove: [], put: [[discKey(machineId), disc]] });
  }

  /** What `rememberDisc` was given last, or undefined. */
  async recallDisc(machineId: string): Promise<unknown> {
    return (await this.#store.read([discKey(machineId)]))[0];
  }

  /** Remembers how to have an image again: anything that structured clone can carry, file handles too. */
  async rememberBase(fingerprint: string, base: unknown): Promise<void> {
    const put = [[baseKey(fingerprint), base] as const];
    await this.#store.commit({ kind: 'shelf', guards: [], remove: [], put });
  }

  /** What `rememberBase` was given last, or undefined. */
  async recallBase(fingerprint: string): Promise<unknown> {
    return (await this.#store.read([baseKey(fingerprint)]))[0];
  }

  /**
   * An image is known by a fuller fingerprint from here on: of every machine on it, and in what is remembered of it.
   * `base` is as for `rememberBase`; undefined leaves what was remembered before.
   */
  async completeBase(fingerprint: string, full: string, base: unknown): Promise<void> {
    for (;;) {
      const { shelf, version } = await readShelf(this.#store);
      const remembered = base ?? (await this.recallBase(fingerprint));
      const machines = shelf.machines.map((machine) =>
        machine.base?.fingerprint === fingerprint
          ? { ...machine, base: { ...machine.base, fingerprint: full } }
          : machine,
      );
      const step = shelfStep('shelf', { ...shelf, machines }, version);
      const put = remembered === undefined ? [] : [[baseKey(full), remembered] as const];
      const remove = [baseKey(fingerprint)];
      if ((await this.#store.commit({ ...step, put: [...step.put, ...put], remove })) === 'done') return;
    }
  }

  /** The first 4 KiB of a machine's disk as last saved; null where they show its base, or cannot be read. */
  async firstBlock(machineId: string): Promise<Uint8Array | null> {
    const block = await readFirstBlock(this.#store, machineId);
    return typeof block === 'string' ? null : block;
  }

  /**
   * Removes what imports of new machines left that were killed half-way. Call it once the shelf is open; what cannot be
   * removed now is tried again the next time.
   */
  removeOrphans(): Promise<void> {
    return removeOrphans(this.#store, this.#lock);
  }

  async close(): Promise<void> {
    await this.#store.close();
  }

  async #whileClosed(machineId: string, work: () => Promise<void>): Promise<void> {
    const lock = await this.#lock(machineId);
    if (!lock) {
      const { shelf } = await readShelf(this.#store);
      throw new VitrineError('store/machine-in-use', { name: machineOf(shelf, machineId).name });
    }
    try {
      await work();
    } finally {
      lock.release();
    }
  }
}

function isFull(error: unknown): boolean {
  return error instanceof VitrineError && error.code === 'store/full';
}

function lockIfFree(machineId: string): Promise<MachineLock | null> {
  // Held for a moment only, so whoever asks for it just waits for that.
  return takeMachineLock(machineId, { kind: 'if-free' }, () => undefined);
}

function summarize(
  shelf: Shelf,
  machine: MachineEntry,
  writer: WriterRecord | null,
  layerBytes: Readonly<Record<number, number>>,
  moments: MomentSummary,
): MachineSummary {
  const { id, name, sizeBytes, base, profile, createdAt, top, kept } = machine;
  const own = exclusiveTo(shelf, id);
  let ownBytes = 0;
  let sharedBytes = 0;
  for (const generation of reachedFrom(shelf, [top, ...kept])) {
    const bytes = layerBytes[generation.layer] ?? 0;
    if (own.has(generation.id)) ownBytes += bytes;
    else sharedBytes += bytes;
  }
  const committedAt = writer?.committedAt ?? 0;
  return {
    id,
    name,
    sizeBytes,
    base,
    profile,
    createdAt,
    committedAt,
    ownBytes,
    sharedBytes,
    moments,
  };
}
