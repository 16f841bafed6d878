import { isZeroPlace, slotOf, buildLayer } from './layer.ts';
import type { RecordStore } from './record-store.ts';
import { decodeHead, type SegmentHead } from './segment-head.ts';
import { BLOCK_BYTES, openSegment } from './segment.ts';
import { chainOf, machineOf } from './shelf.ts';
import { dataKey, headsOf, readShelf } from './shelf-record.ts';

/**
 * The first 4 KiB of a machine's disk as they were last saved, without opening it: what a PC would start from.
 * 'base' where nothing was ever written there, 'unknown' where it cannot be read: somebody who opens the disk will
 * be told why. Rejects with `store/no-machine`.
 */
export async function readFirstBlock(
  store: RecordStore,
  machineId: string,
): Promise<Uint8Array | 'base' | 'unknown'> {
  const { shelf } = await readShelf(store);
  for (const { layer: id } of chainOf(shelf, machineOf(shelf, machineId).top)) {
    const heads: SegmentHead[] = [];
    for (const value of await store.list(headsOf(id))) {
      const head = decodeHead(value);
      if (!head) return 'unknown';
      if (head.blocks.includes(0) || head.zeros.includes(0)) heads.push(head);
    }
    const layer = buildLayer(id, heads);
    const place = layer.find(0);
    if (place === 0) continue;
    if (isZeroPlace(place)) return new Uint8Array(BLOCK_BYTES);
    const segmentId = layer.segmentOf(place).id;
    // A running machine may have rewritten it since the list was read.
    const segment = openSegment(segmentId, (await store.read([dataKey(segmentId)]))[0]);
    const slot = slotOf(place);
    if (!segment || segment.damaged.has(slot)) return 'unknown';
    return segment.bytes.slice(slot * BLOCK_BYTES, (slot + 1) * BLOCK_BYTES);
  }
  return 'base';
}
