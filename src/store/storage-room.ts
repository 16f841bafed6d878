import { storageManager } from '../lib/secure-parts.ts';

/** How much the site may store and does, in bytes. */
export interface StorageRoom {
  /** Stored by the site, everything included. */
  readonly usedBytes: number;
  /**
   * What the browser says that the site may still store. It may be less in truth: the drive fills otherwise, and
   * Chromium tells every site of up to 10 GiB, whatever there is, so that nobody is recognised by it.
   */
  readonly freeBytes: number;
  /** Whether the browser promised not to throw things away by itself. */
  readonly isPersistent: boolean;
}

/** Asks the browser; null where it does not tell. */
export async function readStorageRoom(): Promise<StorageRoom | null> {
  const storage = storageManager();
  if (!storage) return null;
  const { usage, quota } = await storage.estimate();
  if (usage === undefined || quota === undefined) return null;
  const isPersistent = await storage.persisted();
  return { usedBytes: usage, freeBytes: Math.max(0, quota - usage), isPersistent };
}

/**
 * Asks the browser to keep what is stored. To be called from a click that shows the visitor means to keep something
 * (making a disk, taking a snapshot): some browsers ask then, others decide by themselves. In a window only.
 */
export async function askForPersistence(): Promise<boolean> {
  const manager: (StorageManager & { persist?: () => Promise<boolean> }) | null = storageManager();
  if (!manager) return false;
  return (await manager.persisted()) || ((await manager.persist?.()) ?? false);
}
