import type { RecordKey } from '../../disk/record-store.ts';
import { blocksOf, readHead, renumberHead, type StoredHead } from '../../disk/segment-head.ts';
import { BLOCK_BYTES, openSegment, sealSegment, storedSize } from '../../disk/segment.ts';
import { dataKey, headKey } from '../../disk/shelf-record.ts';
import type { ChunkIndex } from '../../snapshot/archive-manifest.ts';
import type { OpenArchive } from './open-archive.ts';

/**
 * How often the heads of one layer may name each block of the disk: once would do, were nothing overwritten since the
 * layer was last compacted. It bounds how long opening the disk takes.
 */
const MOST_NAMINGS = 16;

/** Where the records of a disk go. `session`: the number that new segments' ids begin with. */
export interface DiskTarget {
  readonly session: number;
  /** The new number of a layer of the file. */
  layerOf(layer: number): number;
  put(key: RecordKey, value: Uint8Array | Uint32Array): Promise<void>;
}

/**
 * Copies the heads and segments of a file's disk, all under new numbers, and gives the bytes that are stored for each new
 * layer. Throws `archive/damaged` where they do not belong together.
 */
export async function importDisk(archive: OpenArchive, target: DiskTarget): Promise<Record<number, number>> {
  const { heads, segments, machine } = archive.manifest;
  const diskBlocks = Math.ceil(machine.sizeBytes / BLOCK_BYTES);
  const headOf = async (chunk: ChunkIndex): Promise<{ words: Uint32Array; head: StoredHead }> => {
    const bytes = await archive.read(chunk);
    const words = bytes.length % 4 === 0 ? new Uint32Array(bytes.buffer) : null;
    const head = readHead(words, diskBlocks);
    if (!words || !head) throw archive.damaged('a segment head');
    return { words, head };
  };
  // Each head is read as often as it is needed: all of them together are too much to hold.
  const withData = new Map<number, ChunkIndex>();
  const ids = new Set<number>();
  const orders: number[] = [];
  const namings = new Map<number, number>();
  const layerBytes: Record<number, number> = {};
  for (const { layer, chunk } of heads) {
    const { head } = await headOf(chunk);
    if (ids.has(head.id)) throw archive.damaged('a segment twice');
    const blocks = blocksOf(head);
    if (new Set(blocks).size !== blocks.length) throw archive.damaged('a block twice');
    const count = (namings.get(layer) ?? 0) + head.blockCount + head.zeroCount;
    if (count > MOST_NAMINGS * diskBlocks) throw archive.damaged('blocks that are named too often');
    namings.set(layer, count);
    ids.add(head.id);
    orders.push(head.order);
    if (blocks.length > 0) withData.set(head.id, chunk);
    const own = target.layerOf(layer);
    layerBytes[own] = (layerBytes[own] ?? 0) + storedSize(head.blockCount);
  }
  if (withData.size !== segments.length) throw archive.damaged('the segments');
  const rank = ranks([...ids, ...orders], target.session);
  for (const { layer, chunk } of heads) {
    const { words, head } = await headOf(chunk);
    const own = rank(head.id);
    await target.put(headKey(target.layerOf(layer), own), renumberHead(words, own, rank(head.order)));
  }
  for (const { id, chunk } of segments) {
    const headChunk = withData.get(id);
    const segment = openSegment(id, await archive.read(chunk));
    if (!segment || headChunk === undefined || segment.damaged.size > 0)
      throw archive.damaged(`segment ${id}`);
    const { head } = await headOf(headChunk);
    if (String(segment.blocks) !== String(blocksOf(head))) throw archive.damaged(`segment ${id}`);
    const { bytes } = sealSegment(rank(id), segment.bytes, segment.blocks);
    await target.put(dataKey(rank(id)), bytes);
  }
  return layerBytes;
}

/** The same order among new ids of a session. */
function ranks(values: readonly number[], session: number): (value: number) => number {
  const sorted = [...new Set(values)].sort((a, b) => a - b);
  const rank = new Map(sorted.map((value, i) => [value, session * 0x1_0000_0000 + i]));
  return (value) => rank.get(value)!;
}
