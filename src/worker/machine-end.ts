import { VitrineError } from '../lib/errors.ts';
import { within } from '../lib/within.ts';
import type { DiskState } from '../disk/disk-state.ts';
import type { UnsavedWish } from '../protocol/machine-messages.ts';
import type { GuestRun } from './guest-run.ts';

/** What of a machine comes to an end with it. */
export interface EndingMachine {
  /** Null while it is being built. */
  readonly guest: Pick<GuestRun, 'stop'> | null;
  /** `hard-disk.ts`; null for a machine without one. */
  readonly disk: EndingDisk | null;
  /** `disk-exporter.ts`. */
  readonly exporter: { end(): Promise<void> };
  /** `snapshots.ts` and `snapshots-clock.ts`; null where nothing is stored. */
  readonly moments: { leave(leaving: 'off'): Promise<void> } | null;
  readonly checkpoints: { leave(): Promise<void> } | null;
  /** Hears what could not be done on the way, and does not matter to what is kept. */
  readonly tell: (error: unknown) => void;
}

export interface EndingDisk {
  readonly state: DiskState;
  /** Saves; rejects with `store/full` when there is no room, and everything waits on. */
  retry(): Promise<void>;
  /** Saves, closes and lets go of the machine. */
  close(): Promise<void>;
  /** Closes and lets go without saving. */
  abandon(): Promise<void>;
}

/**
 * Cuts the power. What the guest wrote is made durable first; without room for it the machine is refused with
 * `store/full` and stays as it is, or with `drop` turned off all the same, its disk as it was saved last. Whatever else
 * cannot be done for want of room is left out: the next opening finds that out.
 */
export async function shutDown(machine: EndingMachine, unsaved: UnsavedWish): Promise<void> {
  const { guest, disk, exporter, moments, tell } = machine;
  // Room may have come since.
  if (disk?.state.phase === 'full' && unsaved === 'keep') await disk.retry();
  try {
    await guest?.stop();
    // Before anything is noted: a machine that is refused goes on as one that runs.
    await disk?.retry();
  } catch (error) {
    if (unsaved === 'keep' || !isFull(error)) throw error;
  }
  await exporter.end().catch(tell);
  await moments?.leave('off').catch(tell);
  await letGo(disk);
}

/**
 * Another tab takes the machine: saves what can be saved and lets go, for the other one has it soon whatever happens
 * here. False when what the guest wrote last is lost for want of room.
 */
export async function yieldMachine(machine: EndingMachine): Promise<boolean> {
  const { guest, disk, exporter, checkpoints, tell } = machine;
  try {
    await guest?.stop();
    await checkpoints?.leave();
  } catch (error) {
    tell(error);
  }
  await exporter.end().catch(tell);
  return letGo(disk);
}

/** How long a machine that failed may take to save: whoever is in front of it waits for its last words. */
const LAST_SAVE_MS = 10_000;

/**
 * A machine failed: saves what can be saved. It resolves whatever comes of that, for a disk that cannot save has a reason
 * of its own, and one that never answers has none, and what is to be told is what stopped the machine.
 */
export async function saveLast(disk: Pick<EndingDisk, 'close'> | null): Promise<void> {
  await within(
    disk?.close() ?? Promise.resolve(),
    LAST_SAVE_MS,
    () => new VitrineError('store/failed'),
  ).catch(() => undefined);
}

/** Whether everything was saved. */
async function letGo(disk: EndingDisk | null): Promise<boolean> {
  try {
    await disk?.close();
    return true;
  } catch (error) {
    if (!isFull(error)) throw error;
    await disk?.abandon();
    return false;
  }
}

function isFull(error: unknown): boolean {
  return error instanceof VitrineError && error.code === 'store/full';
}
