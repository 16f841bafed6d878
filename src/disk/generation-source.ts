import { checkRange, type ByteSource } from '../bytes/byte-source.ts';
import { VitrineError } from '../lib/errors.ts';
import { nextTask } from '../lib/next-task.ts';
import { PART_ENTRIES } from './block-index.ts';
import type { BlockReader } from './block-reader.ts';
import type { DiskLayers } from './disk-layers.ts';
import { BLOCK_BYTES } from './segment.ts';

/** Blocks that are looked at in one turn, 64 MiB of the disk: about a millisecond. */
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
   * The next stretch at or after `fromBytes` that anything is stored for (in whole blocks of 4 KiB), or null at the end of
   * the disk: what lies between reads as zeros. Stretches may touch. `baseHas` says which blocks of the base hold anything
   * (all, if not given).
   *
   * It looks at no more than `LOOK_BLOCKS` blocks, so that a large disk does not keep its worker from everything else, and
   * gives no more than `mostBlocks`: a stretch may end early for that, and one of length 0 says that there is nothing
   * before its offset. Whoever goes through a disk goes on at the end of what was given.
   */
  nextExtent(
    fromBytes: number,
    baseHas: (block: number) => boolean = () => true,
    mostBlocks: number = LOOK_BLOCKS,
  ): Stretch | null {
    const chain = this.#chain();
    const end = Math.ceil(this.sizeBytes / BLOCK_BYTES);
    const isStored = (block: number) => {
      const location = this.#layers.locate(block, chain);
      return location === 'base' ? this.#reader.baseCovers(block) && baseHas(block) : location !== 'zeros';
    };
    const isNear = (block: number) =>
      this.#reader.baseCovers(block) || chain.some((layer) => layer.hasNear(block));
    let first = Math.floor(fromBytes / BLOCK_BYTES);
    let last = first;
    let left = LOOK_BLOCKS;
    for (; first < end && left > 0; left--) {
      const wasNear = isNear(first);
      last = wasNear && isStored(first) ? first + 1 : first;
      if (last > first) break;
      first = wasNear ? first + 1 : nextPart(first);
    }
    if (first >= end) return null;
    left = Math.min(left, mostBlocks) - 1;
    if (last > first) for (; last < end && left > 0 && isStored(last); left--) last++;
    else last = first;
    const offsetBytes = first * BLOCK_BYTES;
    return { offsetBytes, lengthBytes: Math.min(last * BLOCK_BYTES, this.sizeBytes) - offsetBytes };
  }

  /**
   * All stretches from `fromBytes` on that anything is stored for, found in turns of `LOOK_BLOCKS`. `baseHas` as for
   * `nextExtent`, `mostBlocks` asked before each.
   */
  async *stretches(
    fromBytes: number,
    baseHas?: (block: number) => boolean,
    mostBlocks = () => LOOK_BLOCKS,
  ): AsyncGenerator<Stretch> {
    let restedAt = fromBytes;
    for (let at = fromBytes; at < this.sizeBytes;) {
      const stretch = this.nextExtent(at, baseHas, mostBlocks());
      if (!stretch) return;
      at = stretch.offsetBytes + stretch.lengthBytes;
      if (stretch.lengthBytes > 0) yield stretch;
      if (at - restedAt < LOOK_BLOCKS * BLOCK_BYTES) continue;
      restedAt = at;
      await nextTask();
    }
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

function nextPart(block: number): number {
  return (Math.floor(block / PART_ENTRIES) + 1) * PART_ENTRIES;
}
