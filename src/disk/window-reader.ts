import { assert } from '../lib/assert.ts';
import type { BlockRanges } from './block-ranges.ts';
import type { GenerationSource } from './generation-source.ts';
import { BLOCK_BYTES } from './segment.ts';

/** Bytes of blocks in a window. Two windows are in memory: one is read from while the next is filled. */
export const WINDOW_BYTES = 64 * 0x10_0000;

/** A stretch of the disk with all that is stored of it in memory. */
interface Window {
  /** Where it begins and ends, in blocks. */
  readonly first: number;
  readonly end: number;
  /** Blocks that anything is stored for, ascending, and their bytes in the same order. */
  readonly blocks: readonly number[];
  readonly bytes: Uint8Array;
}

/**
 * A generation for someone who reads it from its beginning to its end. What a guest wrote here and there lies in the
 * order of its writing, so neighbours on the disk are mostly in different segments, and reading piece by piece would
 * fetch nearly every segment for each piece. This fetches each once for a whole window of blocks (at first for two), in
 * the order they are stored. Memory: two windows, and what `readScattered` has under way.
 */
export class WindowReader {
  readonly #source: GenerationSource;
  readonly #baseHas: BlockRanges | undefined;
  readonly #windowBlocks: number;
  /** Null where the disk ends before it. */
  #window: Promise<Window | null> | null = null;
  #next: Promise<Window | null> | null = null;

  /** `baseHas` are the blocks of the base that hold anything but zeros (all, if not given). */
  constructor(source: GenerationSource, baseHas?: BlockRanges, windowBytes: number = WINDOW_BYTES) {
    this.#source = source;
    this.#baseHas = baseHas;
    this.#windowBlocks = Math.max(1, Math.floor(windowBytes / BLOCK_BYTES));
  }

  /** One read at a time, inside the disk; it may begin anywhere, but going on forward is what is quick. */
  async read(offset: number, length: number): Promise<Uint8Array> {
    const out = new Uint8Array(length);
    const end = offset + length;
    for (let at = offset; at < end;) {
      const window = await this.#windowAt(Math.floor(at / BLOCK_BYTES));
      copyWindow(window, out, offset);
      at = window.end * BLOCK_BYTES;
    }
    return out;
  }

  async #windowAt(block: number): Promise<Window> {
    for (const known of [this.#window, this.#next]) {
      const window = await known;
      if (!window || block < window.first || block >= window.end) continue;
      if (known === this.#next) this.#window = known;
      else if (this.#next) return window;
      this.#next = this.#fillAhead(window.end);
      return window;
    }
    // The first two at once: whatever is fetched for one mostly has blocks of the other.
    const [window, next] = this.#fill(block, 2);
    this.#window = window;
    this.#next = next;
    const filled = await window;
    assert(filled, 'what is read lies on the disk');
    return filled;
  }

  #fillAhead(first: number): Promise<Window | null> {
    return this.#fill(first, 1)[0];
  }

  /** Fills windows that follow each other, as far as the disk goes, each segment fetched once for all of them. */
  #fill(first: number, count: number): Promise<Window | null>[] {
    const filled = this.#fillAll(first, count);
    return Array.from({ length: count }, (_, nth) => {
      const ready = filled.then((windows) => windows[nth] ?? null);
      // Its failure is met by the read that needs it.
      ready.catch(() => undefined);
      return ready;
    });
  }

  async #fillAll(first: number, count: number): Promise<Window[]> {
    const windows: Window[] = [];
    for (let at = first; windows.length < count && at * BLOCK_BYTES < this.#source.sizeBytes;) {
      const window = await this.#emptyWindow(at);
      windows.push(window);
      at = window.end;
    }
    await this.#source.readScattered(
      windows.flatMap(({ blocks }) => blocks),
      (index, block) => {
        const nth = index < windows[0].blocks.length ? 0 : 1;
        const place = nth === 0 ? index : index - windows[0].blocks.length;
        windows[nth].bytes.set(block, place * BLOCK_BYTES);
      },
    );
    return windows;
  }

  async #emptyWindow(first: number): Promise<Window> {
    const blocks: number[] = [];
    let end = Math.ceil(this.#source.sizeBytes / BLOCK_BYTES);
    const room = () => this.#windowBlocks - blocks.length;
    for await (const stretch of this.#source.stretches(first * BLOCK_BYTES, this.#baseHas, room)) {
      const from = stretch.offsetBytes / BLOCK_BYTES;
      const to = from + Math.ceil(stretch.lengthBytes / BLOCK_BYTES);
      for (let block = from; block < to; block++) blocks.push(block);
      if (room() > 0) continue;
      end = to;
      break;
    }
    return { first, end, blocks, bytes: new Uint8Array(blocks.length * BLOCK_BYTES) };
  }
}

/** Copies what a window has of the bytes that `out` is to have, which begin at `offset` of the disk. */
function copyWindow({ blocks, bytes }: Window, out: Uint8Array, offset: number): void {
  const end = offset + out.length;
  for (let index = firstFrom(blocks, Math.floor(offset / BLOCK_BYTES)); index < blocks.length; index++) {
    const at = blocks[index] * BLOCK_BYTES;
    if (at >= end) return;
    const from = Math.max(0, offset - at);
    const to = Math.min(BLOCK_BYTES, end - at);
    out.set(bytes.subarray(index * BLOCK_BYTES + from, index * BLOCK_BYTES + to), at + from - offset);
  }
}

/** The index of the first block that is not before `block`. */
function firstFrom(blocks: readonly number[], block: number): number {
  let low = 0;
  let high = blocks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (blocks[middle] < block) low = middle + 1;
    else high = middle;
  }
  return low;
}
