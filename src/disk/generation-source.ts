import { checkRange, type ByteSource } from '../bytes/byte-source.ts';
import { VitrineError } from '../lib/errors.ts';
import { PART_ENTRIES } from './block-index.ts';
import type { BlockReader } from './block-reader.ts';
import type { DiskLayers } from './disk-layers.ts';
import { BLOCK_BYTES } from './segment.ts';

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
   * The next stretch at or after `fromBytes` that anything is stored for (in whole blocks of 4 KiB), or null: what
   * lies between reads as zeros. Stretches may touch. `baseHas` says which blocks of the base hold anything (all, if
   * not given).
   */
  nextExtent(
    fromBytes: number,
    baseHas: (block: number) => boolean = () => true,
  ): { offsetBytes: number; lengthBytes: number } | null {
    const chain = this.#chain();
    const end = Math.ceil(this.sizeBytes / BLOCK_BYTES);
    const isStored = (block: number) => {
      const location = this.#layers.locate(block, chain);
      return location === 'base' ? this.#reader.baseCovers(block) && baseHas(block) : location !== 'zeros';
    };
    const isNear = (block: number) =>
      this.#reader.baseCovers(block) || chain.some((layer) => layer.hasNear(block));
    let first = Math.floor(fromBytes / BLOCK_BYTES);
    while (first < end && !isStored(first)) first = isNear(first) ? first + 1 : nextPart(first);
    if (first >= end) return null;
    let last = first + 1;
    while (last < end && isStored(last)) last++;
    const offsetBytes = first * BLOCK_BYTES;
    return { offsetBytes, lengthBytes: Math.min(last * BLOCK_BYTES, this.sizeBytes) - offsetBytes };
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
