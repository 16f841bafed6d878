import { xxh32 } from './xxh32.ts';

/** The unit of mapping, of zero detection and of checksums. Windows' own clusters have this size. */
export const BLOCK_BYTES = 4096;

/**
 * Blocks in a full segment: 512 KiB. Measured in Chromium on a disk (bench/store-format.ts): values of 512 KiB are
 * written nearly as fast as those of 1 to 4 MiB (201 against 198 to 242 MiB/s) and read as fast (454 against 369 to
 * 432), while one alone takes 1.9 ms instead of 3 to 9; smaller ones lose rate quickly (128 KiB: 82 MiB/s written).
 */
export const SEGMENT_BLOCKS = 128;

const FOOTER_WORDS = 4;

/**
 * The bytes of a stored segment, version 1, all words little-endian:
 *
 *     blocks      count × 4096 bytes
 *     numbers     count × u32   the block number of each
 *     checksums   count × u32   XXH32 of each block, seeded with its number
 *     footer      id low u32, id high u32, count u32, XXH32 of everything after the blocks, up to here
 *
 * A segment is written once and never changed. The checksum of a block is tied to its place on the disk and the
 * footer to the segment's id, so bytes in a wrong place are noticed like changed ones.
 */
export interface Segment {
  readonly id: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Block numbers by slot. */
  readonly blocks: Uint32Array;
  /** Slots whose checksum does not match: their bytes must not be served. */
  readonly damaged: ReadonlySet<number>;
}

/** Bytes that a segment of `count` blocks takes. */
export function segmentBytes(count: number): number {
  return count * (BLOCK_BYTES + 8) + FOOTER_WORDS * 4;
}

/** The same for what is stored: a segment without slots is only a head. */
export function storedSize(slots: number): number {
  return slots === 0 ? 0 : segmentBytes(slots);
}

/**
 * Completes a segment in place: `bytes` begins with the `blocks.length` blocks and has room for the rest; it may be
 * longer when it is not full, then the result is a copy of the right size.
 */
export function sealSegment(id: number, bytes: Uint8Array<ArrayBuffer>, blocks: Uint32Array): Segment {
  const count = blocks.length;
  const exact = bytes.length === segmentBytes(count) ? bytes : bytes.slice(0, segmentBytes(count));
  const words = wordsOf(exact);
  const tail = tailOf(words, count);
  tail.set(blocks);
  for (let slot = 0; slot < count; slot++) tail[count + slot] = xxh32(blockWords(words, slot), blocks[slot]);
  tail.set([id % 0x1_0000_0000, Math.floor(id / 0x1_0000_0000), count], count * 2);
  tail[tail.length - 1] = xxh32(tail.subarray(0, -1), 0);
  return { id, bytes: exact, blocks, damaged: NONE };
}

/**
 * Reads back what `sealSegment` made, checking the checksums of all blocks, or of those in `slots` for a reader that
 * uses no others. Null when the segment as a whole cannot be trusted: missing, of a wrong size, another one, or damaged
 * in its own tables.
 */
export function openSegment(id: number, value: unknown, slots?: readonly number[]): Segment | null {
  if (!(value instanceof Uint8Array) || value.length % 4 !== 0) return null;
  const bytes = value.byteOffset % 4 === 0 && isPlain(value) ? value : new Uint8Array(value);
  const words = wordsOf(bytes);
  const count = words[words.length - 2] ?? 0;
  if (segmentBytes(count) !== bytes.length) return null;
  const tail = tailOf(words, count);
  if (tail[tail.length - 1] !== xxh32(tail.subarray(0, -1), 0)) return null;
  if (tail[count * 2] + tail[count * 2 + 1] * 0x1_0000_0000 !== id) return null;
  const blocks = tail.slice(0, count);
  const damaged = new Set<number>();
  for (const slot of slots ?? blocks.keys()) {
    if (slot >= count || xxh32(blockWords(words, slot), blocks[slot]) !== tail[count + slot])
      damaged.add(slot);
  }
  return { id, bytes, blocks, damaged };
}

/** Whether a block holds nothing but zeros. */
export function isZeroBlock(bytes: Uint8Array<ArrayBuffer>, slot: number): boolean {
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset + slot * BLOCK_BYTES, BLOCK_BYTES / 4);
  for (let i = 0; i < words.length; i++) if (words[i] !== 0) return false;
  return true;
}

const NONE: ReadonlySet<number> = new Set();

function isPlain(bytes: Uint8Array): bytes is Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer;
}

function wordsOf(bytes: Uint8Array<ArrayBuffer>): Uint32Array {
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
}

function blockWords(words: Uint32Array, slot: number): Uint32Array {
  return words.subarray((slot * BLOCK_BYTES) / 4, ((slot + 1) * BLOCK_BYTES) / 4);
}

function tailOf(words: Uint32Array, count: number): Uint32Array {
  return words.subarray((count * BLOCK_BYTES) / 4);
}
