import { type DiskLayers, ShelfMoved } from './disk-layers.ts';
import { isZeroPlace, slotOf, sortByOrder, type Layer, type StoredSegment } from './layer.ts';
import type { RecordKey, RecordStore } from './record-store.ts';
import { decodeHead, readHead, type SegmentHead } from './segment-head.ts';
import { BLOCK_BYTES, openSegment, sealSegment, segmentBytes, type Segment } from './segment.ts';
import { chainOf, exclusiveTo, findMergeable, mergeIntoChild, type Shelf } from './shelf.ts';
import { dataKey, headKey, headsOf, readShelf, updateShelf } from './shelf-record.ts';

/**
 * The work behind: taking away what nobody reaches, making two generations one, and rewriting segments that are
 * mostly overwritten. None of it changes what any disk holds, each step of it is atomic, and it may stop after any.
 */

/** Share of a layer's stored blocks that may be overwritten ones before it is worth rewriting. */
const MOST_WASTE = 0.15;
/** Full segments that one round reads and writes at most: a bound on its memory and on how long writes wait. */
const ROUND_READS = 24;
const ROUND_WRITES = 8;
/** Blocks of zeros that one record names at most: 512 KiB where each lies alone. */
export const MOST_ZEROS = 65_536;
const SWEEP_SEGMENTS = 256;
/** Waste of less than so many segments (64 MiB) can wait. */
const BUSY_SEGMENTS = 128;

/** Does one piece of upkeep; false when there is nothing to do. */
export async function doUpkeep(layers: DiskLayers, segmentBlocks: number): Promise<boolean> {
  try {
    return (
      (await sweepOnce(layers)) || (await mergeOnce(layers)) || (await compactOnce(layers, segmentBlocks))
    );
  } catch (error) {
    // Another tab changed the shelf: there is something to do, in the next turn.
    if (error instanceof ShelfMoved) return true;
    throw error;
  }
}

/** Whether so much of a layer is waste that upkeep should not wait until the guest is quiet. */
export function isWasteful(layer: Layer, segmentBlocks: number): boolean {
  const waste = layer.slots - layer.liveSlots;
  return waste > BUSY_SEGMENTS * segmentBlocks && waste > layer.liveSlots;
}

/**
 * Removes a part of a layer that nobody reaches; true when that was the last and the shelf may forget it.
 * Two tabs may do it at once.
 */
export async function sweepPart(store: RecordStore, layer: number): Promise<boolean> {
  const heads = (await store.list(headsOf(layer), SWEEP_SEGMENTS)).map((value) => readHead(value));
  const known = heads.flatMap((head) => (head ? [head.id] : []));
  // A damaged head no longer tells which segment it named: when only such are left, they go together.
  const remove =
    known.length === 0
      ? [headsOf(layer)]
      : known.flatMap((id): RecordKey[] => [headKey(layer, id), dataKey(id)]);
  await store.commit({ kind: 'sweep', guards: [], remove, put: [] });
  return known.length === 0;
}

/** The shelf without a layer that was swept. */
export function forgetLayer(shelf: Shelf, layer: number): Shelf {
  return { ...shelf, dropped: shelf.dropped.filter((id) => id !== layer) };
}

/** Removes all layers that nobody reaches. */
export async function sweepDropped(store: RecordStore): Promise<void> {
  const { shelf } = await readShelf(store);
  for (const layer of shelf.dropped) {
    while (!(await sweepPart(store, layer)));
    await updateShelf(store, (current) => forgetLayer(current, layer));
  }
}

/** One part of one dropped layer. */
export async function sweepOnce(layers: DiskLayers): Promise<boolean> {
  const layer = layers.shelf.dropped[0];
  if (layer === undefined) return false;
  if (await sweepPart(layers.store, layer))
    await layers.change('sweep', (shelf) => forgetLayer(shelf, layer));
  return true;
}

/** Moves the heads of the smaller of two generations to the layer of the larger; no block is copied. */
async function mergeOnce(layers: DiskLayers): Promise<boolean> {
  const found = findMergeable(layers.shelf, layers.machineId);
  if (!found) return false;
  const { parent, child } = found;
  const childMoves = layers.bytesOf(child.layer) <= layers.bytesOf(parent.layer);
  const [from, to] = childMoves ? [child.layer, parent.layer] : [parent.layer, child.layer];
  const heads = sortByOrder(await layers.readHeads(from));
  await layers.mergeHeads(heads, { from, to, newer: childMoves }, (shelf) =>
    mergeIntoChild(shelf, parent, child, to),
  );
  return true;
}

/** Rewrites the worst segments of one layer that needs it. */
async function compactOnce(layers: DiskLayers, segmentBlocks: number): Promise<boolean> {
  const mine = exclusiveTo(layers.shelf, layers.machineId);
  const generations = chainOf(layers.shelf, layers.machine.top).filter(({ id }) => mine.has(id));
  for (const { layer: id } of generations) {
    const layer = layers.loaded(id)!;
    const victims = chooseVictims(layer, segmentBlocks);
    if (victims.length > 0 && (await rewrite(layers, layer, victims, segmentBlocks))) return true;
  }
  return false;
}

/**
 * The segments to rewrite in one round; none when the layer is well as it is: little waste, and not many more
 * segments than its blocks need. A round always takes waste away or leaves fewer segments, so rounds come to an end.
 */
export function chooseVictims(layer: Layer, segmentBlocks: number): StoredSegment[] {
  const needed = recordsFor(layer.liveSlots, layer.liveZeros, segmentBlocks);
  if (layer.slots - layer.liveSlots > MOST_WASTE * layer.slots) {
    const wasteful = [...layer.segments()].filter(({ liveSlots, slots }) => liveSlots < slots);
    return takeRound(
      sortBy(wasteful, ({ liveSlots, slots }) => liveSlots / slots),
      segmentBlocks,
    );
  }
  if (layer.segmentCount > 16 + 1.25 * needed) {
    const small = takeRound(
      sortBy(
        [...layer.segments()],
        ({ liveSlots, liveZeros }) => liveSlots / segmentBlocks + liveZeros / MOST_ZEROS,
      ),
      segmentBlocks,
    );
    const live = small.reduce((sum, { liveSlots }) => sum + liveSlots, 0);
    const zeros = small.reduce((sum, { liveZeros }) => sum + liveZeros, 0);
    return recordsFor(live, zeros, segmentBlocks) < small.length ? small : [];
  }
  return [];
}

/** Segments that so many blocks and zeros fill. */
function recordsFor(slots: number, zeros: number, segmentBlocks: number): number {
  return Math.ceil(slots / segmentBlocks) + Math.ceil(zeros / MOST_ZEROS);
}

function sortBy<T>(items: T[], rank: (item: T) => number): T[] {
  return items.sort((a, b) => rank(a) - rank(b));
}

function takeRound(worstFirst: StoredSegment[], segmentBlocks: number): StoredSegment[] {
  const round: StoredSegment[] = [];
  let reads = 0;
  let writes = 0;
  let zeros = 0;
  for (const segment of worstFirst) {
    reads += segment.liveSlots > 0 ? segment.slots : 0;
    writes += segment.liveSlots;
    zeros += segment.liveZeros;
    const isTooMuch =
      reads > ROUND_READS * segmentBlocks ||
      writes > ROUND_WRITES * segmentBlocks ||
      zeros > ROUND_WRITES * MOST_ZEROS;
    if (round.length > 0 && isTooMuch) break;
    round.push(segment);
  }
  return round;
}

/**
 * Copies what is live in `victims` to new segments, in the order of the disk, and removes them. A segment that
 * cannot be read whole stays as it is, so that its damage goes on being reported; false when nothing would be won.
 */
async function rewrite(
  layers: DiskLayers,
  layer: Layer,
  victims: readonly StoredSegment[],
  segmentBlocks: number,
): Promise<boolean> {
  const order = victims.reduce((highest, victim) => Math.max(highest, victim.order), 0);
  const copies: { block: number; from: Segment; slot: number }[] = [];
  const zeros: number[] = [];
  const done = new Map<number, Segment | null>();
  const stored = await layers.store.read(
    victims.flatMap(({ id }): RecordKey[] => [headKey(layer.id, id), dataKey(id)]),
  );
  for (const [i, victim] of victims.entries()) {
    const live = liveIn(layer, victim, stored[2 * i], stored[2 * i + 1]);
    if (!live) continue;
    for (const { block, slot } of live.blocks) copies.push({ block, from: live.segment!, slot });
    for (const block of live.zeros) zeros.push(block);
    done.set(victim.id, live.segment);
  }
  if (!isWorthIt(victims, done, { copies: copies.length, zeros: zeros.length }, segmentBlocks)) return false;
  sortBy(copies, ({ block }) => block);
  const outputs: { head: SegmentHead; segment: Segment | null }[] = [];
  for (let at = 0; at < copies.length; at += segmentBlocks) {
    const part = copies.slice(at, at + segmentBlocks);
    const bytes = new Uint8Array(segmentBytes(part.length));
    for (const [i, { from, slot }] of part.entries()) {
      bytes.set(from.bytes.subarray(slot * BLOCK_BYTES, (slot + 1) * BLOCK_BYTES), i * BLOCK_BYTES);
    }
    const blocks = Uint32Array.from(part, ({ block }) => block);
    const segment = sealSegment(layers.nextSegmentId(), bytes, blocks);
    outputs.push({ head: { id: segment.id, order, blocks, zeros: NONE }, segment });
  }
  const sorted = Uint32Array.from(zeros).sort();
  for (let at = 0; at < sorted.length; at += MOST_ZEROS) {
    const part = sorted.slice(at, at + MOST_ZEROS);
    outputs.push({ head: { id: layers.nextSegmentId(), order, blocks: NONE, zeros: part }, segment: null });
  }
  await layers.replaceSegments(layer, done, outputs);
  return true;
}

/**
 * Whether copying takes any waste away, or leaves fewer segments: of the victims that were chosen for that some may have to
 * stay, and the same round would come again and again.
 */
function isWorthIt(
  victims: readonly StoredSegment[],
  done: ReadonlyMap<number, unknown>,
  live: { copies: number; zeros: number },
  segmentBlocks: number,
): boolean {
  const going = victims.filter(({ id }) => done.has(id));
  const held = going.reduce((sum, { slots, zeros }) => sum + slots + zeros, 0);
  const outputs = recordsFor(live.copies, live.zeros, segmentBlocks);
  return outputs < going.length || live.copies + live.zeros < held;
}

/** What of a victim is live, with its bytes checked; null when it must not be touched. */
function liveIn(layer: Layer, victim: StoredSegment, headValue: unknown, dataValue: unknown) {
  if (victim.liveSlots === 0 && victim.liveZeros === 0) return { segment: null, blocks: [], zeros: [] };
  const head = decodeHead(headValue);
  const segment = victim.liveSlots > 0 ? openSegment(victim.id, dataValue) : null;
  if (!head || (victim.liveSlots > 0 && !segment)) return null;
  const isHere = (block: number, isPlace: (place: number) => boolean) => {
    const place = layer.find(block);
    return place !== 0 && layer.segmentOf(place) === victim && isPlace(place);
  };
  const blocks = [...head.blocks.entries()]
    .map(([slot, block]) => ({ slot, block }))
    .filter(({ slot, block }) => isHere(block, (place) => slotOf(place) === slot));
  if (blocks.some(({ slot }) => segment!.damaged.has(slot))) return null;
  return { segment, blocks, zeros: [...head.zeros].filter((block) => isHere(block, isZeroPlace)) };
}

const NONE = new Uint32Array(0);
