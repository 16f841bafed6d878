import { VirtualDisk, type VirtualDiskOptions } from '../disk/virtual-disk.ts';
import { IdbRecordStore } from './idb-record-store.ts';
import { takeMachineLock, type LockWish } from './machine-lock.ts';

export interface MachineDiskOptions extends VirtualDiskOptions {
  /** What to do when another tab has the machine open (default: nothing, the answer is 'in-use'). */
  readonly ifInUse?: LockWish;
  /**
   * Another tab takes the machine over: stop the guest. The disk is saved and closed when what this returns has
   * settled; only then does the other tab get it.
   */
  readonly onTakenOver?: () => Promise<void>;
}

/** The disk of a machine and the lock that goes with it. */
export interface MachineDisk {
  readonly disk: VirtualDisk;
  /** Saves, closes and lets go of the machine. Rejects, and holds on, when what is unsaved cannot be saved. */
  close(): Promise<void>;
  /** Lets go of the machine without saving. */
  abandon(): Promise<void>;
}

/**
 * Opens the disk of a machine for its worker, as the only writer; 'in-use' when another tab has it and should keep it.
 * Rejects as `VirtualDisk.open` does, and with `store/unavailable`.
 */
export async function openMachineDisk(options: MachineDiskOptions): Promise<MachineDisk | 'in-use'> {
  let asked = false;
  let letGo: (() => void) | null = null;
  const lock = await takeMachineLock(options.machineId, options.ifInUse ?? { kind: 'if-free' }, () => {
    asked = true;
    letGo?.();
  });
  if (!lock) return 'in-use';
  let disk: VirtualDisk;
  try {
    disk = await openDisk(options);
  } catch (error) {
    lock.release();
    throw error;
  }
  const opened: MachineDisk = {
    disk,
    async close() {
      await disk.close();
      lock.release();
    },
    async abandon() {
      await disk.abandon();
      lock.release();
    },
  };
  // One that cannot save holds on: the other tab waits until its patience ends, and then this one has lost.
  letGo = () => void yieldTo(opened, options.onTakenOver).catch(() => undefined);
  if (asked) letGo();
  return opened;
}

async function openDisk(options: MachineDiskOptions): Promise<VirtualDisk> {
  const store = await IdbRecordStore.open();
  try {
    return await VirtualDisk.open(store, options);
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Saves if that can be done, and lets go then. */
async function yieldTo(opened: MachineDisk, onTakenOver: MachineDiskOptions['onTakenOver']): Promise<void> {
  await onTakenOver?.();
  if (opened.disk.state.phase === 'failed') await opened.abandon();
  else await opened.close();
}
