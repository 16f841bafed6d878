import type { MachineIdentity } from '../machine/machine-identity.ts';
import type { MachineProfile } from '../machine/profile.ts';
import type { Opening } from '../machine/opening.ts';
import type { Reply, Request } from '../lib/rpc.ts';
import type { ShelfDiskCalls } from './disk-messages.ts';

/** A saved moment, as the contract names it, with what a shelf of them shows. */
export interface SnapshotInfo {
  readonly id: string;
  readonly label: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** What it takes in this browser by itself and in what it shares. */
  readonly storedBytes: number;
  /** How long the guest stood still for it. */
  readonly pausedMs: number;
  /** image/png; null where there was no picture. */
  readonly thumbnail: Blob | null;
  /**
   * `kept` by the visitor; `checkpoint`, the rolling one; `before`, what was there before the visitor went back;
   * `disk`, a disk without memory, which starts as after a power cut.
   */
  readonly kind: 'kept' | 'checkpoint' | 'before' | 'disk';
  /** The moment that it went on from. */
  readonly parent: string | null;
  /** Whether the exhibit goes back to it after each visitor. */
  readonly isFirst: boolean;
  /** Whether what is there now went on from it. */
  readonly isCurrent: boolean;
  /** Bytes that deleting it would free, and bytes that others need too. */
  readonly ownBytes: number;
  readonly sharedBytes: number;
  readonly identity: MachineIdentity;
  readonly profile: MachineProfile;
}

export interface MomentWish {
  readonly label: string;
  readonly kind: 'kept' | 'checkpoint';
}

/** What becomes of what is there when the machine goes back. */
export interface RestoreWish {
  readonly id: string;
  /**
   * `nothing`: it is lost. `moment`: it becomes the moment of kind `before` (undo). `disk`: the disk as it stands
   * becomes a moment of kind `disk`; for a machine that is off. `disk-if-written`: likewise, but only where anything was
   * written on it since the moment; this is decided by whoever has the machine's lock, on what is there then.
   */
  readonly keep: 'nothing' | 'moment' | 'disk' | 'disk-if-written';
}

/** What the page has to know of the drives after going back. */
export interface Restored {
  readonly hasDisc: boolean;
  /** What was in the floppy drive, null for an empty one. */
  readonly floppy: Blob | null;
  /** Null for a moment without memory: a system that starts looks at the clock chip. */
  readonly clock: RestoredClock | null;
  /** The moment that what was there before became; null when it was lost, or nothing was there. */
  readonly kept: string | null;
}

/** The machine's clock after going back, as milliseconds of its own wall time: read them as if they were UTC. */
export interface RestoredClock {
  /** What the clock chip says: it is right at once. */
  readonly chipMs: number;
  /** What it said at the moment, from where a system that was running goes on counting. */
  readonly systemMs: number;
}

/** How far going back has come, in parts of the saved memory. */
export interface RestoreProgress {
  readonly done: number;
  readonly total: number;
}

/** Moments by id, with when they were saved: an imported machine may have other moments under the same ids. */
export type KnownPictures = ReadonlyMap<string, number>;

/** What both the machine's worker and the shelf's worker answer. */
export interface MomentCalls {
  /**
   * In the order they were saved. `known`: moments whose picture the page has, by id with `createdAt`; theirs are left
   * out (null).
   */
  moments(known?: KnownPictures): SnapshotInfo[];
  /** Bytes stored for all of them together: what several share counts once. */
  momentBytes(): number;
  deleteMoment(id: string): void;
  renameMoment(id: string, label: string): void;
  /** Makes one moment the exhibit's first state, null for none. */
  pinMoment(id: string | null): void;
}

/** What the shelf's worker does for a machine that is off. */
export interface ShelfCalls extends MomentCalls, ShelfDiskCalls {
  opening(): Opening;
  /** Keeps the rolling checkpoint as a moment of its own, because the machine starts from its disk instead. */
  keepCheckpoint(label: string): void;
  /** Begins a `.vitrine` file; the machine cannot be turned on or changed until it is at its end or given up. */
  beginExport(): void;
  /** The next piece of the file, null at its end. */
  exportNext(): Uint8Array<ArrayBuffer> | null;
  endExport(): void;
  /** Replaces the machine by what the file holds, once all of it was read and found whole; `cancel` gives up. */
  importMachine(file: Blob, name: string): void;
}

/** How much of an export or import is done; of an export, as far as is known before its end. */
export interface ArchiveProgress {
  readonly doneBytes: number;
  readonly totalBytes: number;
}

export type ShelfCallName = keyof ShelfCalls;

/** The same as they go to the shelf's worker: the machine comes first. */
export type ShelfWorkerCalls = {
  [K in ShelfCallName]: (machineId: string, ...args: Parameters<ShelfCalls[K]>) => ReturnType<ShelfCalls[K]>;
};

/** From the page to the shelf's worker, and what it replies. */
export type PageToShelf = Request<ShelfWorkerCalls>;
export type ShelfToPage = Reply<ArchiveProgress>;
