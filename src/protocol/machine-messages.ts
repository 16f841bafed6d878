import type { NamedFile } from '../bytes/named-file.ts';
import type { WireError } from '../lib/errors.ts';
import type { Reply, Request } from '../lib/rpc.ts';
import type { BaseWish, DiskExportCalls } from './disk-messages.ts';
import type { ForgetInputMessage, KeyLights, PointerMessage } from './input-messages.ts';
import type { BootRecord } from '../machine/milestones/milestones.ts';
import type { MachineProfile } from '../machine/profile.ts';
import type {
  MomentCalls,
  MomentWish,
  Restored,
  RestoreProgress,
  RestoreWish,
  SnapshotInfo,
} from './snapshot-messages.ts';

export interface StartOptions {
  profile: MachineProfile;
  /** Transferred once; the worker draws on it for as long as it lives. */
  canvas: OffscreenCanvas;
  /** The machine's disk in this browser; null for a machine without one. */
  disk: DiskWish | null;
  /** Where sound goes (`sound-messages.ts`), null for a silent machine. */
  soundPort: MessagePort | null;
  disc: NamedFile | null;
  floppy: NamedFile | null;
  /** Pages per compiled module and other engine settings that a figure may ask to vary. */
  tuning: EngineTuning;
  /** The moment to go on from, instead of starting; needs a disk. */
  restore: RestoreWish | null;
  /** How often a running machine is saved by itself, in seconds; null for never. */
  checkpointSeconds: number | null;
}

export interface DiskWish {
  machineId: string;
  /** Take the machine from another tab that has it open. */
  takeOver: boolean;
  /** The image that the disk began as, for one that stands on an image. */
  base: BaseWish | null;
}

/** What the page may say about the disk: `DiskState` of src/disk/disk-state.ts, without its error. */
export interface DiskStanding {
  phase: 'saved' | 'unsaved' | 'full' | 'failed' | 'closed';
  /** Milliseconds since the epoch of the last commit, 0 for none. */
  committedAt: number;
  /** What is not durable yet. */
  waitingBytes: number;
}

export interface DiskMap {
  sizeBytes: number;
  blockBytes: number;
  /** For each of equal parts of the disk: stored blocks in the top layer and in frozen ones. */
  top: Uint32Array;
  frozen: Uint32Array;
}

export interface EngineTuning {
  /** Guest pages in one compiled wasm module (v86 `set_jit_config`): docs/engine.md, speed. */
  jitPages: number;
}

export interface ScreenMode {
  width: number;
  height: number;
  mode: 'text' | 'graphics';
  bitsPerPixel: number;
}

export interface WorkerStats {
  /** Guest instructions since power-on; never falls. */
  instructions: number;
  uptimeMs: number;
  screen: ScreenMode;
  discReadBytes: number;
  diskReadBytes: number;
  diskWrittenBytes: number;
  floppyReadBytes: number;
  dirtyBytes: number;
  cacheBytes: number;
  storedBytes: number;
  /** Milliseconds since the epoch, null before the first commit ever. */
  lastCommitAt: number | null;
}

/**
 * What becomes of what the guest wrote when there is no room for it: `keep`, and the machine stays on with it; or `drop`,
 * and the disk is as it was saved last.
 */
export type UnsavedWish = 'keep' | 'drop';

/** What the page may ask of the worker's machine and what comes back. Every call is answered once. */
export interface MachineCalls extends MomentCalls, DiskExportCalls {
  pause(): void;
  resume(): void;
  reset(): void;
  /**
   * Every write so far is durable, the engine is stopped; the worker can be ended after it. Refused with 'store/full'
   * when there is no room for what is unsaved and that is to be kept.
   */
  shutDown(unsaved: UnsavedWish): void;
  insertDisc(disc: NamedFile): void;
  ejectDisc(): void;
  insertFloppy(floppy: NamedFile): void;
  ejectFloppy(): void;
  /** Answered when every write so far is durable. */
  flush(): void;
  /** After a full storage: tries to save what waits once more, and runs on; refused with 'store/full' otherwise. */
  retryDisk(): void;
  /** Null without a disk. */
  diskMap(cells: number): DiskMap | null;
  pressPowerButton(): void;
  /** Scan codes of set 1, whole strokes. Answered when the keyboard controller has room for more. */
  sendKeys(scancodes: number[]): void;
  screenText(): string[];
  screenshot(): Blob;
  stats(): WorkerStats;
  /** How far the machine's system has come since power-on. */
  bootRecord(): BootRecord;
  /** Rejects with 'snapshot/not-stored' for a machine without a disk, as all calls about moments do. */
  takeMoment(wish: MomentWish): SnapshotInfo;
  /** When it is refused the machine goes on as it was. */
  restoreMoment(wish: RestoreWish): Restored;
  /** The page may go away any moment: saves a checkpoint, if anything changed, and notes that all is well. */
  prepareToLeave(): void;
}

export type CallName = keyof MachineCalls;

/** What the visitor does; nothing waits for it. */
export type MachineInput = PointerMessage | ForgetInputMessage | { type: 'serial'; text: string };

/** From the page to the worker. */
export type PageToMachine = { type: 'start'; options: StartOptions } | Request<MachineCalls> | MachineInput;

export type Drive = 'disc' | 'disk' | 'floppy';

/** From the worker to the page. */
export type MachineToPage =
  /** `restored`: it goes on from a moment, and these are its drives. */
  | { type: 'started'; restored: Restored | null }
  /** The machine goes back to a moment, and so much of its memory is there. */
  | { type: 'going-back'; progress: RestoreProgress }
  /** The rolling checkpoint was saved (at this time), or could not be; the machine goes on either way. */
  | { type: 'checkpoint'; at: number; error: WireError | null }
  | Reply
  | { type: 'serial'; text: string }
  | { type: 'screen'; mode: ScreenMode }
  /** Traffic of a drive since the last such message; at most ten a second for each drive and direction. */
  | { type: 'activity'; drive: Drive; direction: 'read' | 'write'; bytes: number }
  | { type: 'speed'; mips: number; instructions: number; uptimeMs: number }
  /** How far the machine's system has come: when that is news, every few seconds otherwise, and last of all. */
  | { type: 'boot-record'; record: BootRecord }
  /** Whether the guest's driver wants absolute pointer positions. */
  | { type: 'pointer-mode'; absolute: boolean }
  | { type: 'key-lights'; lights: KeyLights }
  | { type: 'disc-ejected' }
  /** The disc in the drive could not be read; the guest was told as a drive tells it, and the machine runs on. */
  | { type: 'disc-unreadable'; error: WireError }
  | { type: 'disk'; standing: DiskStanding }
  /** Another tab has the machine now. `allSaved`: false when there was no room for what the guest wrote last. */
  | { type: 'taken-over'; allSaved: boolean }
  | { type: 'guest-power-off' }
  /** The guest executed HLT with interrupts off: nothing will happen any more, yet it is no fault of ours. */
  | { type: 'guest-halted' }
  | { type: 'guest-reboot'; tripleFault: boolean }
  | { type: 'failed'; error: WireError };
