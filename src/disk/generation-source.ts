import { checkRange, type ByteSource } from '../bytes/byte-source.ts';
import { VitrineError } from '../lib/errors.ts';
import { nextTask } from '../lib/next-task.ts';
import { PART_ENTRIES } from './block-index.ts';
import { BlockRanges } from './block-ranges.ts';
import type { BlockReader } from './block-reader.ts';
import type { DiskLayers } from './disk-layers.ts';
import { isZeroPlace } from './layer.ts';
import { BLOCK_BYTES } from './segment.ts';

/** Blocks that are looked at in one turn: about a millisecond. */
export const LOOK_BLOCKS = 16_384;

/** A part of a disk that something is stored for. */
export interface Stretch {
  readonly offsetBytes: number;
  readonly lengthBytes: number;
}

/**
 * A frozen generation as a whole disk, read-only, at any offset and length; reads reject with `disk/no-generation`
 * once it was let go of, and with `disk/closed` after `close`. Its index stays in memory until `close`.
 */
export class GenerationSource implements ByteSource {
  readonly name = 'disk';
  readonly sizeBytes: number;
  readonly #layers: DiskLayers;
  readonly #reader: BlockReader;
  readonly #generation: number;
  readonly #ahead;
  readonly #onClose: () => void;
  #closed = false;
  #parts: Uint32Array | null = null;

  /** The generation is pinned; `close` ends that. */
  constructor(
    layers: DiskLayers,
    reader: BlockReader,
    generation: number,
    sizeBytes: number,
    onClose: () => void,
  ) {
    this.#layers = layers;
    this.#reader = reader;
    this.#generation = generation;
    this.sizeBytes = sizeBytes;
    this.#onClose = onClose;
    this.#ahead = reader.newReadAhead();
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    checkRange(this, offset, length);
    const start = Math.floor(offset / BLOCK_BYTES) * BLOCK_BYTES;
    const end = Math.ceil((offset + length) / BLOCK_BYTES) * BLOCK_BYTES;
    const chain = this.#chain();
    const view = { batches: [], chain, ahead: this.#ahead };
    const bytes =
      this.#reader.readCached(start, end - start, view) ??
      (await this.#reader.read(start, end - start, view));
    return bytes.length === length ? bytes : bytes.slice(offset - start, offset - start + length);
  }

  /**
   * Reads whole blocks, each once, in whatever order is quickest (`BlockReader.readScattered`).
   */
  readScattered(blocks: readonly number[], take: (index: number, bytes: Uint8Array) => void): Promise<void> {
    return this.#reader.readScattered(blocks, () => this.#chain(), take);
  }

  /**
   * All stretches from `fromBytes` on that anything is stored for (in whole blocks of 4 KiB), ascending: what lies between
   * them reads as zeros. `baseHas` are the blocks of the base that hold anything (all, if not given); a stretch has no
   * more than `mostBlocks`, which is asked before each, so two of them may touch.
   *
   * The steps for it grow with the number of stretches and of written parts (1 MiB) of the disk, not with its size, and
   * they are done in turns, so that a large disk does not keep its worker from everything else.
   */
  async *stretches(
    fromBytes: number,
    baseHas: BlockRanges = BlockRanges.of(0, this.#blocks),
    mostBlocks: () => number = () => Infinity,
  ): AsyncGenerator<Stretch> {
    const parts = this.#writtenParts();
    let looked = 0;
    let first: number | null = null;
    for (let at = Math.floor(fromBytes / BLOCK_BYTES); at < this.#blocks;) {
      const run = this.#runAt(at, parts, baseHas);
      looked += run.looked;
      if (run.isStored) {
        first ??= at;
        at = Math.min(run.end, first + mostBlocks());
      }
      if (first !== null && (!run.isStored || at < run.end)) {
        yield this.#stretch(first, at);
        first = null;
      }
      if (!run.isStored) at = run.end;
      if (looked < LOOK_BLOCKS) continue;
      looked = 0;
      await nextTask();
    }
    if (first !== null) yield this.#stretch(first, this.#blocks);
  }

  /** The blocks from one on that are all stored, or all not: to the end of a written part at most, or to the next one. */
  #runAt(
    block: number,
    parts: Uint32Array,
    baseHas: BlockRanges,
  ): { end: number; isStored: boolean; looked: number } {
    const number = Math.floor(block / PART_ENTRIES);
    const places = this.#chain().flatMap((layer) => layer.findPart(number) ?? []);
    if (places.length === 0) {
      const next = parts[indexFrom(parts, number + 1)] ?? Infinity;
      const { end, isStored } = this.#runInBase(block, baseHas);
      return { end: Math.min(end, next * PART_ENTRIES), isStored, looked: 1 };
    }
    const partEnd = Math.min((number + 1) * PART_ENTRIES, this.#blocks);
    let inBase = this.#runInBase(block, baseHas);
    const isStored = (at: number): boolean => {
      for (const part of places) {
        const place = part[at % PART_ENTRIES];
        if (place !== 0) return !isZeroPlace(place);
      }
      while (inBase.end <= at) inBase = this.#runInBase(inBase.end, baseHas);
      return inBase.isStored;
    };
    const first = isStored(block);
    let end = block + 1;
    while (end < partEnd && isStored(end) === first) end++;
    return { end, isStored: first, looked: end - block };
  }

  /** The same of the base alone. */
  #runInBase(block: number, baseHas: BlockRanges): { end: number; isStored: boolean } {
    const end = Math.min(this.#blocks, this.#reader.baseBlocks);
    if (block >= end) return { end: this.#blocks, isStored: false };
    const range = baseHas.at(block);
    if (!range) return { end: this.#blocks, isStored: false };
    return range.first > block
      ? { end: Math.min(range.first, this.#blocks), isStored: false }
      : { end: Math.min(range.end, end), isStored: true };
  }

  /** Ascending. Layers may be merged later on, and what was written in all of them together stays the same. */
  #writtenParts(): Uint32Array {
    if (this.#parts) return this.#parts;
    const numbers = new Set<number>();
    for (const layer of this.#chain()) for (const number of layer.partNumbers()) numbers.add(number);
    return (this.#parts = Uint32Array.from(numbers).sort());
  }

  #stretch(first: number, end: number): Stretch {
    const offsetBytes = first * BLOCK_BYTES;
    return { offsetBytes, lengthBytes: Math.min(end * BLOCK_BYTES, this.sizeBytes) - offsetBytes };
  }

  get #blocks(): number {
    return Math.ceil(this.sizeBytes / BLOCK_BYTES);
  }

  #chain() {
    if (this.#closed) throw new VitrineError('disk/closed');
    return this.#layers.pinnedChain(this.#generation);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#layers.unpin(this.#generation);
    this.#onClose();
  }
}

/** The index of the first of `numbers`, which ascend, that is not below `number`. */
function indexFrom(numbers: Uint32Array, number: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (numbers[middle] < number) low = middle + 1;
    else high = middle;
  }
  return low;
}
