import type { RecordStore } from './record-store.ts';
import { generationOf, type Shelf } from './shelf.ts';
import { headsOf } from './shelf-record.ts';

/**
 * Whether the disk whose top is `top` differs from a generation below it. There may be layers in between on which
 * nothing was written: of a checkpoint that the page began to save when it ended. Also true when it does not stand on it.
 */
export async function isWrittenSince(
  store: RecordStore,
  shelf: Shelf,
  top: number,
  generation: number | null,
): Promise<boolean> {
  for (let at: number | null = top; at !== generation;) {
    if (at === null) return true;
    const { layer, parent } = generationOf(shelf, at);
    if ((await store.list(headsOf(layer), 1)).length > 0) return true;
    at = parent;
  }
  return false;
}
