import type { NamedFile } from '../bytes/named-file.ts';
import { VitrineError } from '../lib/errors.ts';
import { nextTask } from '../lib/next-task.ts';
import { checkDisc, checkMachine, type MachineIdentity } from '../machine/machine-identity.ts';
import type { MachineProfile } from '../machine/profile.ts';
import type {
  KnownPictures,
  MomentWish,
  Restored,
  RestoreProgress,
  RestoreWish,
  SnapshotInfo,
} from '../protocol/snapshot-messages.ts';
import { dropImport } from '../disk/import-leftovers.ts';
import { machineOf } from '../disk/shelf.ts';
import { readShelf } from '../disk/shelf-record.ts';
import { isWrittenSince } from '../disk/written-since.ts';
import { UNUSED_CHECKPOINT_LABEL } from '../machine/opening.ts';
import type { RecordStore } from '../disk/record-store.ts';
import { SerialLane } from '../disk/serial-lane.ts';
import type { VirtualDisk } from '../disk/virtual-disk.ts';
import { MemoryTracker, type PagedMemory } from '../snapshot/memory-tracker.ts';
import {
  addMoment,
  changeMoment,
  checkpointOf,
  keepUnused,
  momentOf,
  pinFirst,
  removeMoment,
  reservePacks,
  retireMoment,
  type Leaving,
  type MomentEntry,
  type MomentIndex,
} from '../snapshot/moment-index.ts';
import type { Thumbnail } from '../snapshot/moment-detail.ts';
import { compactPacks } from '../snapshot/compact-packs.ts';
import { MomentStore } from '../snapshot/moment-store.ts';
import { PACK_PAGES } from '../snapshot/page-codec.ts';
import { packsOf } from '../snapshot/places.ts';
import { PackWriter } from '../snapshot/pack-writer.ts';
import type { GuestRun } from './guest-run.ts';
import { bytesOfAll, identityOf, listMoments } from './snapshots-list.ts';
import type { Tray } from './snapshots-tray.ts';
import type { SavedDevices } from './v86/state/device-state.ts';
import { V86_VERSION } from './v86/internals.ts';

/** Width of a moment's picture on the shelf, in pixels. */
const THUMBNAIL_WIDTH = 320;
/** How often, and how far apart, room is looked for that was made a moment ago. */
const ROOM_TRIES = 10;
const ROOM_WAIT_MS = 200;

/** The machine's part in going back. */
type RestoredMachine = Omit<Restored, 'kept'>;

/** What of the engine (`v86/engine.ts`, whose words these are) is saved and put back. */
export interface MomentEngine {
  readonly memory: PagedMemory;
  readonly hasDisc: boolean;
  saveDevices(): Uint8Array;
  readDevices(bytes: Uint8Array): SavedDevices;
  restoreDevices(saved: SavedDevices, disc: NamedFile | null): Blob | null;
  thumbnail(width: number): () => Promise<Blob>;
  /** What the clock chip says at a time: both in milliseconds since the epoch, the former of its own wall time. */
  chipTime(atMs: number): number;
  reset(): void;
}

export interface MomentParts {
  readonly engine: MomentEngine;
  readonly guest: GuestRun;
  readonly disk: VirtualDisk;
  readonly tray: Tray;
  readonly profile: MachineProfile;
  /** Where the moments are kept: the store of the disk, opened once more. */
  readonly records: RecordStore;
  /** Lets time pass: `setTimeout` unless given. */
  readonly pause?: (ms: number) => Promise<void>;
  /** Hears how far going back has come. */
  readonly onGoingBack?: (progress: RestoreProgress) => void;
}

/**
 * Saves moments of the running machine and goes back to them: memory, devices and the disk as they were at one
 * instant. One thing at a time. A moment is there when one small step of the store is done, and not before; whatever
 * happens on the way leaves garbage that the next opening removes.
 */
export class MomentKeeper {
  readonly #parts: MomentParts;
  readonly #store: MomentStore;
  readonly #tracker: MemoryTracker;
  readonly #lane = new SerialLane();
  /** Whether the machine runs, or went on from a moment, since it was opened: before that, how it was left counts. */
  #hasRun = false;
  /** Packs that compaction met and could not read. */
  readonly #damaged = new Set<number>();
  #mayHoldWaste = true;

  /** Opens the machine's moments and removes what a crash left behind. */
  static async open(parts: MomentParts): Promise<MomentKeeper> {
    const { engine, profile, records } = parts;
    const store = await MomentStore.open(records, profile.machineId, engine.memory.codec);
    const keeper = new MomentKeeper(parts, store);
    await keeper.#lane.run(() => keeper.#clean());
    return keeper;
  }

  private constructor(parts: MomentParts, store: MomentStore) {
    this.#parts = parts;
    this.#store = store;
    this.#tracker = new MemoryTracker(parts.engine.memory);
  }

  /**
   * Saves the machine as it is at one instant. The guest stands still while what changed since the last moment is
   * copied; most of it was copied before, and is packed and stored afterwards. Rejects with `store/full` when there is
   * no room; nothing is saved then and the machine goes on.
   */
  async take(wish: MomentWish): Promise<SnapshotInfo> {
    const id = await this.#lane.run(() => this.#take(wish));
    const { moments } = this.#store.index;
    const others = new Map(
      moments.filter((moment) => moment.id !== id).map((moment) => [moment.id, moment.createdAt]),
    );
    return (await this.list(others)).find((info) => info.id === id)!;
  }

  /** The same as the rolling checkpoint, of which nobody wants to see anything; gives when that was. */
  takeCheckpoint(): Promise<number> {
    return this.#lane.run(async () => {
      const id = await this.#take({ kind: 'checkpoint', label: '' });
      return momentOf(this.#store.index, id).createdAt;
    });
  }

  /**
   * Makes the machine what it was at a moment. Refused, with nothing touched, when the moment is not whole or does not
   * fit: `snapshot/no-moment`, `snapshot/other-machine`, `snapshot/disc-missing`, `snapshot/other-disc`,
   * `snapshot/damaged`; `store/full` when there is no room for what is to be kept, or to note it. What fails after that
   * is a `BrokenMachine`. It does not wait for the drives: with a full storage, or a file that is gone, they never rest.
   */
  restore(wish: RestoreWish): Promise<Restored> {
    return this.#lane.run(() => this.#restore(wish));
  }

  /** Pictures that are `known` are left out. */
  async list(known?: KnownPictures): Promise<SnapshotInfo[]> {
    const stored = new Map(this.#parts.disk.generations().map((generation) => [generation.id, generation]));
    return listMoments(this.#store, stored, known);
  }

  /** Bytes stored for all moments together. */
  bytes(): Promise<number> {
    return bytesOfAll(this.#parts.records, this.#parts.profile.machineId, this.#store.index);
  }

  async #isWrittenSince({ generation }: MomentEntry): Promise<boolean> {
    const { records, profile } = this.#parts;
    const { shelf } = await readShelf(records);
    return isWrittenSince(records, shelf, machineOf(shelf, profile.machineId).top, generation);
  }

  /** What is stored, and what shares what. */
  get index(): MomentIndex {
    return this.#store.index;
  }

  /** Deletes a moment; those that went on from it stay whole. */
  remove(id: string): Promise<void> {
    return this.#lane.run(() => this.#change((index) => removeMoment(index, id)));
  }

  rename(id: string, label: string): Promise<void> {
    return this.#lane.run(() => this.#change((index) => changeMoment(index, id, { label })));
  }

  pinFirst(id: string | null): Promise<void> {
    return this.#lane.run(() => this.#change((index) => pinFirst(index, id)));
  }

  /** Notes how the machine is left. A machine that was turned off has nothing to go on from. */
  leave(leaving: Leaving): Promise<void> {
    return this.#lane.run(() =>
      this.#change((index) => {
        // Found by whoever has the machine's lock: another tab may have left it so a moment ago.
        const kept = this.#hasRun ? index : keepUnused(index, UNUSED_CHECKPOINT_LABEL);
        this.#hasRun = true;
        const checkpoint = leaving === 'off' ? checkpointOf(kept) : null;
        return { ...(checkpoint ? retireMoment(kept, checkpoint.id) : kept), leaving };
      }),
    );
  }

  /** Whether moments went since everything was last found compact: a few may go on holding whole packs. */
  get mayHoldWaste(): boolean {
    return this.#mayHoldWaste;
  }

  /**
   * Moves what is needed out of packs that hold little else than what no moment needs any more: one round of some
   * tenths of a second, in turns; the guest runs on. False when there is nothing to do. Rejects with `store/full`.
   */
  compact(): Promise<boolean> {
    return this.#lane.run(() => this.#compact());
  }

  async close(): Promise<void> {
    await this.#lane.run(() => this.#store.close());
  }

  /** `except`: the moment that must not make room for this one. */
  async #take(
    wish: MomentWish | { label: string; kind: 'before' },
    except: string | null = null,
  ): Promise<string> {
    const { engine, guest, tray } = this.#parts;
    const { memory } = engine;
    // With a full storage the drives never come to rest.
    if (this.#parts.disk.state.phase === 'full') throw new VitrineError('store/full');
    const identity = await this.#identity();
    // What an earlier attempt left, if it could not be removed then.
    await this.#store.sweep();
    await this.#store.change((index) =>
      reservePacks(index, 3 * Math.ceil(memory.pageCount / PACK_PAGES) + 8),
    );
    const writer = new PackWriter(memory.codec, this.#store.index.pending![0], this.#store.storePacks);
    let generation: number | null = null;
    try {
      this.#leaveWastefulPacks();
      if (guest.wanted) await this.#tracker.copyAhead(writer, nextTask);
      let startedAt = 0;
      const instant = await guest.hold(async () => {
        startedAt = performance.now();
        await this.#tracker.copy(writer);
        const devices = engine.saveDevices();
        const discIsIn = engine.hasDisc && tray.medium !== null;
        const picture = engine.thumbnail(THUMBNAIL_WIDTH);
        const createdAt = Date.now();
        generation = await this.#parts.disk.freezeTop();
        return { devices, discIsIn, picture, createdAt, places: this.#tracker.places() };
      });
      const pausedMs = performance.now() - startedAt;
      while (await writer.store(true));
      const { devices, places, picture, createdAt, discIsIn } = instant;
      const thumbnail = await pngOf(picture);
      const id = `m${this.#store.index.nextMoment}`;
      const { put, recordBytes } = this.#store.recordsOf(id, { places, devices }, thumbnail);
      await this.#change(
        (index) =>
          addMoment(
            index,
            {
              ...wish,
              createdAt,
              pausedMs,
              generation,
              packs: packsOf(places),
              recordBytes,
              identity: { ...identity, disc: discIsIn ? identity.disc : null },
              profile: this.#parts.profile,
            },
            writer.written,
            except,
          ),
        put,
      );
      return id;
    } catch (error) {
      this.#tracker.invalidate();
      // When even that fails, the next time or the next opening does it; what is told is what went wrong first.
      if (generation !== null) await this.#parts.disk.deleteGeneration(generation).catch(() => undefined);
      await this.#store.sweep().catch(() => undefined);
      throw error;
    }
  }

  async #restore({ id, keep }: RestoreWish): Promise<Restored> {
    const { guest, disk, tray } = this.#parts;
    const moment = momentOf(this.#store.index, id);
    const saved = identityOf(moment);
    checkMachine(saved, await this.#identity());
    checkDisc(saved, await tray.identity());
    if (!disk.generations().some((generation) => generation.id === moment.generation)) {
      throw new VitrineError('disk/no-generation');
    }
    const goOn = moment.kind === 'disk' ? this.#diskStarter() : await this.#memoryRestorer(moment, saved);
    let kept: string | null = null;
    if (keep === 'moment') kept = await this.#take({ kind: 'before', label: moment.label }, id);
    if (keep === 'disk' || (keep === 'disk-if-written' && (await this.#isWrittenSince(moment))))
      kept = await this.#keepDisk();
    const note = () =>
      this.#change((index) => {
        const isUnused = !this.#hasRun && keep !== 'nothing' && checkpointOf(index)?.id !== id;
        const noted = isUnused ? keepUnused(index, UNUSED_CHECKPOINT_LABEL) : index;
        return { ...noted, current: id, leaving: 'running' };
      });
    // Noted beforehand, so that the machine is not half way when there is no room for it. Where there is none, and
    // nothing is to be kept, what the disk was written since makes room: that can be removed without any.
    const isNoted = await this.#isDone(note, keep === 'nothing' && disk.topBytes > 0);
    this.#hasRun = true;
    // When the memory cannot be had it is neither one nor the other, and the disk is as it was.
    const restored = await guest.replace(async () => {
      const media = await goOn();
      if (!isNoted) {
        await disk.emptyTop();
        await this.#whenRoomIsThere(note);
      }
      await disk.newTopOn(moment.generation);
      return media;
    });
    if (!restored.hasDisc) tray.put(null);
    // Undone: what was undone can be undone in turn, and takes the place of this one. Where there is no room even for
    // that, this one stays until the next one takes its place.
    if (keep === 'moment' && moment.kind === 'before')
      await this.#change((index) => removeMoment(index, id)).catch(ignoreFull);
    return { ...restored, kept };
  }

  /** False when there is no room for it, and `mayFail`. Of a full storage, what nobody needs is removed first. */
  async #isDone(note: () => Promise<void>, mayFail: boolean): Promise<boolean> {
    const { disk } = this.#parts;
    if (disk.state.phase === 'full') await disk.sweep();
    try {
      await note();
      return true;
    } catch (error) {
      if (!mayFail) throw error;
      ignoreFull(error);
      return false;
    }
  }

  /** Browsers count what was freed a little later. */
  async #whenRoomIsThere(note: () => Promise<void>): Promise<void> {
    for (let left = ROOM_TRIES; left > 0; left--) {
      try {
        return await note();
      } catch (error) {
        ignoreFull(error);
        await (this.#parts.pause ?? pause)(ROOM_WAIT_MS);
      }
    }
    await note();
  }

  async #memoryRestorer(
    moment: MomentEntry,
    saved: MachineIdentity,
  ): Promise<() => Promise<RestoredMachine>> {
    const { engine, tray } = this.#parts;
    const detail = await this.#store.readDetail(moment.id, engine.memory.pageCount);
    const devices = readDevices(engine, detail.devices, moment.id);
    return async () => {
      await this.#tracker.restore(detail.places, (packs) => this.#readPacks(packs));
      const disc = saved.disc ? tray.medium : null;
      const floppy = engine.restoreDevices(devices, disc);
      const clock = {
        chipMs: engine.chipTime(Date.now()),
        systemMs: engine.chipTime(moment.createdAt),
      };
      return { hasDisc: disc !== null, floppy, clock };
    };
  }

  async *#readPacks(packs: readonly number[]): ReturnType<MomentStore['readPacks']> {
    let done = 0;
    for await (const read of this.#store.readPacks(packs)) {
      yield read;
      this.#parts.onGoingBack?.({ done: ++done, total: packs.length });
    }
  }

  /** A moment without memory: the machine starts from its disk. */
  #diskStarter(): () => Promise<RestoredMachine> {
    const { engine, tray } = this.#parts;
    return async () => {
      engine.reset();
      return { hasDisc: tray.medium !== null, floppy: null, clock: null };
    };
  }

  /** The disk as it stands becomes a moment of its own. */
  async #keepDisk(): Promise<string> {
    const generation = await this.#parts.disk.freezeTop();
    const identity = await this.#identity();
    await this.#change((index) =>
      addMoment(
        { ...index, pending: null },
        {
          label: '',
          kind: 'disk',
          createdAt: Date.now(),
          pausedMs: 0,
          generation,
          packs: [],
          recordBytes: 0,
          identity: { ...identity, disc: null },
          profile: this.#parts.profile,
        },
        new Map(),
      ),
    );
    return this.#store.index.current!;
  }

  /**
   * Changes the index in one step, with the records of moments that go, and then lets go of what they needed: none of
   * that matters to what is kept, and a crash in between leaves it to the next opening.
   */
  async #change(
    change: (index: MomentIndex) => MomentIndex,
    put: Awaited<ReturnType<MomentStore['recordsOf']>>['put'] = [],
  ): Promise<void> {
    const before = this.#store.index;
    const next = change(before);
    const stays = new Set(next.moments.map(({ id }) => id));
    const gone = before.moments.filter(({ id }) => !stays.has(id));
    await this.#store.change(() => next, { put, remove: this.#store.keysOf(gone.map(({ id }) => id)) });
    if (gone.length === 0) return;
    this.#mayHoldWaste = true;
    this.#tracker.forgetPacks(new Set(next.doomed));
    try {
      for (const { generation } of gone) {
        if (generation !== null) await this.#parts.disk.deleteGeneration(generation);
      }
      await this.#store.sweep();
    } catch (error) {
      // What was asked for is done. The rest goes with the next one, or at the next opening.
      ignoreFull(error);
    }
  }

  async #compact(): Promise<boolean> {
    if (this.#parts.disk.state.phase === 'full') throw new VitrineError('store/full');
    const moves = await compactPacks(this.#store, this.#parts.engine.memory.codec, {
      damaged: this.#damaged,
      rest: nextTask,
    });
    if (!moves) {
      this.#mayHoldWaste = false;
      return false;
    }
    // In the turn of the step: what is known of the running memory and what is stored stay together.
    this.#tracker.relocate(moves);
    await this.#store.sweep().catch(ignoreFull);
    return true;
  }

  /** After a crash: packs of a moment or an import that never came to be, and generations that no moment names. */
  async #clean(): Promise<void> {
    const { disk, records, profile } = this.#parts;
    await dropImport(records, profile.machineId);
    // A machine whose storage is full must be turned on all the same; the rest goes when there is room.
    await this.#store.sweep().catch(ignoreFull);
    const named = new Set(this.#store.index.moments.map(({ generation }) => generation));
    for (const { id } of disk.generations()) if (!named.has(id)) await disk.deleteGeneration(id);
  }

  #leaveWastefulPacks(): void {
    const { moments, packs } = this.#store.index;
    // A pack that a moment which stays needs anyway is not freed by leaving it.
    const kept = new Set(
      moments.filter(({ kind }) => kind !== 'checkpoint').flatMap((moment) => moment.packs),
    );
    this.#tracker.leaveWastefulPacks(
      (pack) => packs[pack]?.[1] ?? PACK_PAGES,
      (pack) => !kept.has(pack),
    );
  }

  async #identity(): Promise<MachineIdentity> {
    const { profile, disk, tray } = this.#parts;
    const { memoryMiB, videoMemoryMiB, acpi, apic, clock } = profile;
    return {
      engine: V86_VERSION,
      memoryMiB,
      videoMemoryMiB,
      acpi,
      apic,
      clock,
      diskBytes: disk.sizeBytes,
      disc: await tray.identity(),
    };
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Devices that this version did not save are no state to go back to: it is told before anything is touched. */
function readDevices(engine: MomentEngine, bytes: Uint8Array, id: string): SavedDevices {
  try {
    return engine.readDevices(bytes);
  } catch (cause) {
    throw new VitrineError('snapshot/damaged', {}, { cause, detail: `the devices of moment ${id}` });
  }
}

function ignoreFull(error: unknown): void {
  if (!(error instanceof VitrineError && error.code === 'store/full')) throw error;
}

async function pngOf(picture: () => Promise<Blob>): Promise<Thumbnail> {
  const blob = await picture();
  return { type: blob.type, bytes: new Uint8Array(await blob.arrayBuffer()) };
}
