import { assert } from '../lib/assert.ts';
import { BLOCK_BYTES, isZeroBlock, sealSegment, segmentBytes, type Segment } from './segment.ts';

/** Offsets and lengths that guests use are multiples of this. */
export const PIECE_BYTES = 256;

/** A bit for each piece of a block: all sixteen. */
export const WHOLE_BLOCK = 0xffff;

/** Bits of the pieces from byte `from` up to byte `to` of a block. */
export function piecesBetween(from: number, to: number): number {
  return (WHOLE_BLOCK >>> (16 - (to - from) / PIECE_BYTES)) << (from / PIECE_BYTES);
}

interface Slab {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** By slot: the pieces that were written; the others are still below. */
  readonly written: Uint16Array;
}

/**
 * All guest writes since the last commit, in memory that becomes the stored segments without another copy. A block
 * has one slot however often it is written. Blocks that were written in part are completed before the commit.
 */
export class WriteBatch {
  readonly #segmentBlocks: number;
  readonly #slots = new Map<number, number>();
  readonly #slabs: Slab[] = [];
  readonly #zeros = new Set<number>();
  #sealed: readonly Segment[] | null = null;

  constructor(segmentBlocks: number) {
    this.#segmentBlocks = segmentBlocks;
  }

  get isEmpty(): boolean {
    return this.#slots.size === 0 && this.#zeros.size === 0;
  }

  /** Memory taken, in bytes: whole slabs. */
  get sizeBytes(): number {
    return this.#slabs.length * segmentBytes(this.#segmentBlocks);
  }

  /** Blocks that were written; each once. */
  blocks(): Iterable<number> {
    return this.#slots.keys();
  }

  /** Copies bytes into one block, from byte `from` of it. */
  write(block: number, from: number, bytes: Uint8Array): void {
    assert(this.#sealed === null, 'a sealed batch takes no writes');
    const slot = this.#slots.get(block) ?? this.#newSlot(block);
    const slab = this.#slabOf(slot);
    slab.bytes.set(bytes, this.#offsetOf(slot) + from);
    slab.written[slot % this.#segmentBlocks] |= piecesBetween(from, from + bytes.length);
  }

  /** The pieces of a block that this batch has; 0 when it has none. */
  piecesOf(block: number): number {
    if (this.#zeros.has(block)) return WHOLE_BLOCK;
    const slot = this.#slots.get(block);
    return slot === undefined ? 0 : this.#slabOf(slot).written[slot % this.#segmentBlocks];
  }

  /** Copies `pieces` (that the batch has) of a block to `out`, where the block would begin at `outAt`. */
  copyPieces(block: number, pieces: number, out: Uint8Array, outAt: number): void {
    const slot = this.#slots.get(block);
    if (slot === undefined) fillPieces(pieces, out, outAt);
    else copyPieces(this.#slabOf(slot).bytes, this.#offsetOf(slot), pieces, out, outAt);
  }

  /** Gives the pieces that were never written: `below` is the whole block as it is under this batch. */
  complete(block: number, below: Uint8Array): void {
    const slot = this.#slots.get(block)!;
    const slab = this.#slabOf(slot);
    const missing = WHOLE_BLOCK & ~slab.written[slot % this.#segmentBlocks];
    copyPieces(below, 0, missing, slab.bytes, this.#offsetOf(slot));
    slab.written[slot % this.#segmentBlocks] = WHOLE_BLOCK;
  }

  /**
   * Ends the batch: takes out the blocks that are all zeros and makes segments of the others. Every block must be
   * complete. Reads go on working; calling it again gives the same.
   */
  seal(nextId: () => number): { segments: readonly Segment[]; zeros: ReadonlySet<number> } {
    this.#sealed ??= this.#makeSegments(nextId);
    return { segments: this.#sealed, zeros: this.#zeros };
  }

  #makeSegments(nextId: () => number): Segment[] {
    const blocks = [...this.#slots.keys()];
    for (let slot = 0; slot < blocks.length; slot++) {
      while (slot < blocks.length && isZeroBlock(this.#slabOf(slot).bytes, slot % this.#segmentBlocks)) {
        this.#takeOut(blocks, slot);
      }
    }
    const segments: Segment[] = [];
    for (let first = 0; first < blocks.length; first += this.#segmentBlocks) {
      const part = Uint32Array.from(blocks.slice(first, first + this.#segmentBlocks));
      segments.push(sealSegment(nextId(), this.#slabOf(first).bytes, part));
    }
    return segments;
  }

  /** Moves the last block into the slot of a zero one, so that slots stay without holes. */
  #takeOut(blocks: number[], slot: number): void {
    const last = blocks.length - 1;
    const lastOffset = this.#offsetOf(last);
    this.#zeros.add(blocks[slot]);
    this.#slots.delete(blocks[slot]);
    if (last !== slot) {
      const moved = this.#slabOf(last).bytes.subarray(lastOffset, lastOffset + BLOCK_BYTES);
      this.#slabOf(slot).bytes.set(moved, this.#offsetOf(slot));
      blocks[slot] = blocks[last]!;
      this.#slots.set(blocks[slot], slot);
    }
    blocks.pop();
  }

  #newSlot(block: number): number {
    const slot = this.#slots.size;
    this.#slots.set(block, slot);
    if (Math.floor(slot / this.#segmentBlocks) === this.#slabs.length) {
      this.#slabs.push({
        bytes: new Uint8Array(segmentBytes(this.#segmentBlocks)),
        written: new Uint16Array(this.#segmentBlocks),
      });
    }
    return slot;
  }

  #slabOf(slot: number): Slab {
    return this.#slabs[Math.floor(slot / this.#segmentBlocks)];
  }

  #offsetOf(slot: number): number {
    return (slot % this.#segmentBlocks) * BLOCK_BYTES;
  }
}

/**
 * Copies pieces of the block that begins at `from[fromAt]` to `out`, where the block would begin at `outAt` (which is
 * negative when `out` begins inside the block). Neighbouring pieces go in one copy.
 */
export function copyPieces(
  from: Uint8Array,
  fromAt: number,
  pieces: number,
  out: Uint8Array,
  outAt: number,
): void {
  forRuns(pieces, (start, end) => out.set(from.subarray(fromAt + start, fromAt + end), outAt + start));
}

/** The same with zeros. */
export function fillPieces(pieces: number, out: Uint8Array, outAt: number): void {
  forRuns(pieces, (start, end) => out.fill(0, outAt + start, outAt + end));
}

function forRuns(pieces: number, visit: (startBytes: number, endBytes: number) => void): void {
  for (let first = 0; first < 16; first++) {
    if (!(pieces & (1 << first))) continue;
    let end = first + 1;
    while (end < 16 && pieces & (1 << end)) end++;
    visit(first * PIECE_BYTES, end * PIECE_BYTES);
    first = end;
  }
}
