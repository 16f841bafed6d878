import type { ByteSource } from '../bytes/byte-source.ts';
import { allSettled } from '../lib/all-settled.ts';
import { VitrineError } from '../lib/errors.ts';
import type { DiskLayers } from './disk-layers.ts';
import type { Layer } from './layer.ts';
import { ReadAhead } from './read-ahead.ts';
import { SegmentCache } from './segment-cache.ts';
import { BLOCK_BYTES, openSegment, type Segment } from './segment.ts';
import { dataKey } from './shelf-record.ts';
import { copyPieces, piecesBetween, WHOLE_BLOCK, type WriteBatch } from './write-batch.ts';

/** The base is read and cached in pieces of this many blocks (256 KiB). */
const CHUNK_BLOCKS = 64;
const AHEAD_BYTES = 8 * 0x10_0000;
/** Units fetched ahead at the same time, however scattered the blocks are: 8 MiB of segments. */
const AHEAD_UNITS = 16;
/** Units that `readScattered` fetches at once; two of such parts are in memory. */
const SCATTERED_UNITS = 8;

/** Blocks in memory: a segment, or a chunk of the base. */
interface Unit {
  readonly bytes: Uint8Array;
  readonly damaged: ReadonlySet<number>;
}

/** Who reads: which batches lie over which layers, and how they have been reading. */
export interface ReadView {
  readonly batches: readonly WriteBatch[];
  readonly chain: readonly Layer[];
  readonly ahead: ReadAhead | null;
}

/** A piece of a read that has to be fetched. */
interface Missing {
  readonly unit: number;
  readonly slot: number;
  readonly pieces: number;
  readonly outAt: number;
}

/**
 * Reading through everything: unsaved batches, the layers from the top down, the base. A read takes what is in
 * memory and looks up where the rest is in one turn, so it never sees later writes, and what it asks the store for
 * is still there (rule 3 of `RecordStore`).
 */
export class BlockReader {
  readonly #layers: DiskLayers;
  readonly #base: ByteSource | null;
  /** Segments by id; chunks of the base by -1, -2, … */
  readonly #cache: SegmentCache<Unit>;
  #fetchingAhead = 0;

  constructor(layers: DiskLayers, base: ByteSource | null, ceilingBytes: () => number) {
    this.#layers = layers;
    this.#base = base;
    this.#cache = new SegmentCache(ceilingBytes);
  }

  get cacheBytes(): number {
    return this.#cache.sizeBytes;
  }

  /** Lets go of clean units when dirty ones need the room. */
  trim(): void {
    this.#cache.trim();
  }

  /** A segment that was just stored is likely to be read soon. */
  keep(id: number, unit: Unit): void {
    this.#cache.put(id, unit);
  }

  newReadAhead(): ReadAhead {
    return new ReadAhead(AHEAD_BYTES);
  }

  /** The bytes if all of them are in memory and undamaged, else null; as a view where they lie together in one unit. */
  readShared(offset: number, length: number, view: ReadView): Uint8Array | null {
    const first = Math.floor(offset / BLOCK_BYTES);
    const end = Math.ceil((offset + length) / BLOCK_BYTES);
    const place = length > 0 ? this.#unitBelow(first, view) : null;
    const unit = place && this.#inMemory(place.unit);
    if (!unit) return this.readCached(offset, length, view);
    for (let block = first; block < end; block++) {
      const next = this.#unitBelow(block, view);
      const slot = place.slot + block - first;
      if (next?.unit !== place.unit || next.slot !== slot || unit.damaged.has(slot))
        return this.readCached(offset, length, view);
    }
    this.#fetchAhead(offset, length, view);
    const at = place.slot * BLOCK_BYTES + offset - first * BLOCK_BYTES;
    return unit.bytes.subarray(at, at + length);
  }

  /** The bytes if all of them are in memory and undamaged, else null. */
  readCached(offset: number, length: number, view: ReadView): Uint8Array | null {
    const out = new Uint8Array(length);
    const complete = this.#gather(offset, out, view, () => false);
    if (complete) this.#fetchAhead(offset, length, view);
    return complete ? out : null;
  }

  async read(offset: number, length: number, view: ReadView): Promise<Uint8Array> {
    const out = new Uint8Array(length);
    const missing: Missing[] = [];
    this.#gather(offset, out, view, (piece) => missing.push(piece) > 0);
    const fetched = this.#fetch(new Set(missing.map(({ unit }) => unit)));
    this.#fetchAhead(offset, length, view);
    for (const { unit: id, slot, pieces, outAt } of missing) {
      const unit = await fetched.get(id)!;
      if (unit === 'damaged' || unit.damaged.has(slot))
        throw await this.#damageOf(id, slot, offset + Math.max(0, outAt));
      copyPieces(unit.bytes, slot * BLOCK_BYTES, pieces, out, outAt);
    }
    return out;
  }

  /** A whole block below the batches. */
  readBlock(block: number): Promise<Uint8Array> {
    const view = { batches: [], chain: this.#layers.chain, ahead: null };
    return this.read(block * BLOCK_BYTES, BLOCK_BYTES, view);
  }

  /**
   * Reads many blocks below the batches, each once, in the order in which they are stored, whatever their order on the
   * disk: every unit is fetched once, a few at a time, and kept only where there is room to spare. `take` gets the place of a block in `blocks` and its
   * bytes as a view; blocks of zeros are not given. `chain` is asked in every turn that looks something up.
   */
  async readScattered(
    blocks: readonly number[],
    chain: () => readonly Layer[],
    take: (index: number, bytes: Uint8Array) => void,
  ): Promise<void> {
    let left: Iterable<number> = blocks.keys();
    for (;;) {
      const units = this.#byUnit(blocks, left, chain());
      if (units.size === 0) return;
      const moved: number[] = [];
      let before: Promise<void> = Promise.resolve();
      const order = [...units.keys()].sort((a, b) => Math.abs(a) - Math.abs(b));
      for (let at = 0; at < order.length; at += SCATTERED_UNITS) {
        const part = new Map(order.slice(at, at + SCATTERED_UNITS).map((id) => [id, units.get(id)!]));
        const reading = this.#readPart(blocks, part, chain(), moved, take);
        // Whoever waits for the part before it meets that one's failure; this one's comes in its turn.
        reading.catch(() => undefined);
        await before;
        before = reading;
      }
      await before;
      left = moved;
    }
  }

  /** Whether a block shows bytes of the base when no layer has it. */
  baseCovers(block: number): boolean {
    return block < this.baseBlocks;
  }

  /** Blocks of the base, the last one perhaps in part; 0 where there is none. */
  get baseBlocks(): number {
    return this.#base === null ? 0 : Math.ceil(this.#base.sizeBytes / BLOCK_BYTES);
  }

  /** Copies what is in memory; calls `onMissing` for the rest and stops when that says false. */
  #gather(offset: number, out: Uint8Array, view: ReadView, onMissing: (piece: Missing) => boolean): boolean {
    const end = offset + out.length;
    for (let at = offset; at < end;) {
      const block = Math.floor(at / BLOCK_BYTES);
      const blockAt = block * BLOCK_BYTES;
      const outAt = blockAt - offset;
      let pieces = piecesBetween(at - blockAt, Math.min(end - blockAt, BLOCK_BYTES));
      at = blockAt + BLOCK_BYTES;
      for (const batch of view.batches) {
        const here = batch.piecesOf(block) & pieces;
        if (here) batch.copyPieces(block, here, out, outAt);
        pieces &= ~here & WHOLE_BLOCK;
      }
      if (pieces === 0) continue;
      const place = this.#unitOf(block, view.chain);
      if (!place) continue;
      const unit = this.#inMemory(place.unit);
      if (unit && !unit.damaged.has(place.slot)) {
        copyPieces(unit.bytes, place.slot * BLOCK_BYTES, pieces, out, outAt);
      } else if (!onMissing({ ...place, pieces, outAt })) {
        return false;
      }
    }
    return true;
  }

  #inMemory(unit: number): Unit | undefined {
    return this.#layers.leaving(unit) ?? this.#cache.get(unit);
  }

  /** The unit and slot of a block that no batch has a part of; null for any other, and when it is all zeros. */
  #unitBelow(block: number, { batches, chain }: ReadView): { unit: number; slot: number } | null {
    return batches.some((batch) => batch.piecesOf(block) !== 0) ? null : this.#unitOf(block, chain);
  }

  /** The unit and slot of a block below the batches; null when it is all zeros. */
  #unitOf(block: number, chain: readonly Layer[]): { unit: number; slot: number } | null {
    const location = this.#layers.locate(block, chain);
    if (location === 'zeros') return null;
    if (location !== 'base') return { unit: location.segment, slot: location.slot };
    if (!this.baseCovers(block)) return null;
    return { unit: -1 - Math.floor(block / CHUNK_BLOCKS), slot: block % CHUNK_BLOCKS };
  }

  /** Places in `blocks`, those of one unit together. */
  #byUnit(
    blocks: readonly number[],
    places: Iterable<number>,
    chain: readonly Layer[],
  ): Map<number, number[]> {
    const units = new Map<number, number[]>();
    for (const index of places) {
      const place = this.#unitOf(blocks[index], chain);
      if (!place) continue;
      const known = units.get(place.unit);
      if (known) known.push(index);
      else units.set(place.unit, [index]);
    }
    return units;
  }

  /** Reads blocks of a few units; what upkeep has moved since they were looked up goes to `moved`. */
  async #readPart(
    blocks: readonly number[],
    units: ReadonlyMap<number, readonly number[]>,
    chain: readonly Layer[],
    moved: number[],
    take: (index: number, bytes: Uint8Array) => void,
  ): Promise<void> {
    const wanted = new Map<number, { index: number; slot: number }[]>();
    for (const [id, indexes] of units) {
      const here: { index: number; slot: number }[] = [];
      for (const index of indexes) {
        const place = this.#unitOf(blocks[index], chain);
        if (place?.unit === id) here.push({ index, slot: place.slot });
        else moved.push(index);
      }
      if (here.length > 0) wanted.set(id, here);
    }
    const read = new Map<number, Unit | undefined>([...wanted.keys()].map((id) => [id, this.#inMemory(id)]));
    const stored = [...wanted.keys()].filter((id) => id >= 0 && !read.get(id));
    const chunks = [...wanted.keys()].filter((id) => id < 0 && !read.get(id));
    // At once, and all of them awaited: a file that is gone fails many reads together.
    const [bytes] = await allSettled([
      this.#layers.store.read(stored.map(dataKey)),
      ...chunks.map(async (id) => void read.set(id, await this.#readChunk(-1 - id))),
    ]);
    for (const [id, here] of wanted) {
      const unit = read.get(id) ?? this.#openOrKeep(id, bytes![stored.indexOf(id)], here);
      for (const { index, slot } of here) {
        if (!unit || unit.damaged.has(slot))
          throw await this.#damageOf(id, slot, blocks[index] * BLOCK_BYTES);
        take(index, unit.bytes.subarray(slot * BLOCK_BYTES, (slot + 1) * BLOCK_BYTES));
      }
    }
  }

  /**
   * A stored segment, checked in the slots that are asked for; or whole, and kept, while the cache has room that nobody
   * uses: whoever reads a large disk comes by again, and throwing away what was kept for that would help nobody.
   */
  #openOrKeep(id: number, value: unknown, here: readonly { slot: number }[]): Segment | null {
    const isKept = value instanceof Uint8Array && this.#cache.hasRoomFor(value.length);
    const slots = isKept ? undefined : here.map(({ slot }) => slot);
    const segment = openSegment(id, value, slots);
    if (isKept && segment) this.#cache.put(id, segment);
    return segment;
  }

  async #damageOf(segment: number, slot: number, offset: number): Promise<VitrineError> {
    // A session that came after this one may have moved it: then that is what is to be told.
    await this.#layers.checkStillWriter();
    return new VitrineError('disk/damaged', { offset }, { detail: `segment ${segment}, slot ${slot}` });
  }

  /** Starts reading every unit now, all segments in one turn of the store. */
  #fetch(units: ReadonlySet<number>): Map<number, Promise<Unit | 'damaged'>> {
    const wanted = [...units].filter((id) => id >= 0 && !this.#cache.expects(id));
    const values = wanted.length > 0 ? this.#layers.store.read(wanted.map(dataKey)) : Promise.resolve([]);
    const read = async (id: number) =>
      id < 0 ? this.#readChunk(-1 - id) : (openSegment(id, (await values)[wanted.indexOf(id)]) ?? 'damaged');
    const fetched = new Map([...units].map((id) => [id, this.#cache.load(id, () => read(id))]));
    // Not every one is awaited: a read stops at the first that fails, and nobody waits for what is fetched ahead. The
    // failure is met again by the read that needs the unit, since it is not kept.
    for (const unit of fetched.values()) unit.catch(() => undefined);
    return fetched;
  }

  async #readChunk(chunk: number): Promise<Unit> {
    const base = this.#base!;
    const offset = chunk * CHUNK_BLOCKS * BLOCK_BYTES;
    const length = Math.min(CHUNK_BLOCKS * BLOCK_BYTES, base.sizeBytes - offset);
    const read = await base.read(offset, length);
    if (length % BLOCK_BYTES === 0) return { bytes: read, damaged: UNDAMAGED };
    const bytes = new Uint8Array(Math.ceil(length / BLOCK_BYTES) * BLOCK_BYTES);
    bytes.set(read);
    return { bytes, damaged: UNDAMAGED };
  }

  #fetchAhead(offset: number, length: number, { chain, ahead }: ReadView): void {
    const range = ahead?.note(offset, length);
    if (!range) return;
    const units = new Set<number>();
    const last = Math.floor((range.to - 1) / BLOCK_BYTES);
    for (let block = Math.floor(range.from / BLOCK_BYTES); block <= last; block++) {
      const place = this.#unitOf(block, chain);
      if (!place || units.has(place.unit) || this.#cache.expects(place.unit)) continue;
      if (this.#fetchingAhead + units.size === AHEAD_UNITS) {
        ahead!.fetchedUntil(block * BLOCK_BYTES);
        break;
      }
      units.add(place.unit);
    }
    const oneLess = () => this.#fetchingAhead--;
    this.#fetchingAhead += units.size;
    for (const unit of this.#fetch(units).values()) unit.then(oneLess, oneLess);
  }
}

const UNDAMAGED: ReadonlySet<number> = new Set();
