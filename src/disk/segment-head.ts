import { LARGEST_DISK_BYTES } from '../lib/disk-limit.ts';
import { BLOCK_BYTES, SEGMENT_BLOCKS } from './segment.ts';
import { xxh32 } from './xxh32.ts';

/**
 * What the index needs to know of a segment, kept apart from its bytes so that opening a disk reads no bytes.
 *
 * `order` says which of two segments of a layer is newer where both hold a block: the higher one. For a segment of
 * guest writes it is the id; compaction gives its output the highest order of what it copied from.
 */
export interface SegmentHead {
  readonly id: number;
  readonly order: number;
  /** Block numbers by slot. */
  readonly blocks: Uint32Array;
  /** Blocks that are all zeros and hide what lies below; they have no slot. */
  readonly zeros: Uint32Array;
}

const HEAD_VERSION = 1;
const FIXED_WORDS = 7;
/** Blocks of the largest disk there is. */
const MOST_BLOCKS = LARGEST_DISK_BYTES / BLOCK_BYTES;

/**
 * Version 1, little-endian u32 words: version, id low and high, order low and high, number of runs of blocks, number
 * of runs of zeros, the runs (first block, length), and the XXH32 of all that.
 */
export function encodeHead(head: SegmentHead): Uint32Array<ArrayBuffer> {
  const blocks = toRuns(head.blocks);
  const zeros = toRuns(head.zeros);
  const words = new Uint32Array(FIXED_WORDS + blocks.length + zeros.length + 1);
  words.set([HEAD_VERSION, ...split(head.id), ...split(head.order), blocks.length / 2, zeros.length / 2]);
  words.set(blocks, FIXED_WORDS);
  words.set(zeros, FIXED_WORDS + blocks.length);
  words[words.length - 1] = xxh32(words.subarray(0, -1), HEAD_VERSION);
  return words;
}

/** A head as it is stored, its runs not spread out: whatever they say, reading it takes no more room than it has. */
export interface StoredHead {
  readonly id: number;
  readonly order: number;
  /** How many blocks the runs name: those with a slot, and zeros. */
  readonly blockCount: number;
  readonly zeroCount: number;
  /** First block and length by turns. */
  readonly blockRuns: Uint32Array;
  readonly zeroRuns: Uint32Array;
}

/**
 * The head that `encodeHead` made, or null when it is damaged, of another version, or names what no segment of a disk of
 * `diskBlocks` can hold: a block behind its end, more blocks than a segment has slots, more zeros than there are blocks.
 */
export function readHead(value: unknown, diskBlocks: number = MOST_BLOCKS): StoredHead | null {
  if (!(value instanceof Uint32Array) || value.length < FIXED_WORDS + 1) return null;
  if (value[0] !== HEAD_VERSION || value.at(-1) !== xxh32(value.subarray(0, -1), HEAD_VERSION)) return null;
  const blockWords = value[5] * 2;
  const zeroWords = value[6] * 2;
  if (FIXED_WORDS + blockWords + zeroWords + 1 !== value.length) return null;
  const blockRuns = value.subarray(FIXED_WORDS, FIXED_WORDS + blockWords);
  const zeroRuns = value.subarray(FIXED_WORDS + blockWords, FIXED_WORDS + blockWords + zeroWords);
  const blockCount = countOf(blockRuns, diskBlocks, SEGMENT_BLOCKS);
  const zeroCount = countOf(zeroRuns, diskBlocks, diskBlocks);
  const id = value[1] + value[2] * 0x1_0000_0000;
  const order = value[3] + value[4] * 0x1_0000_0000;
  if (blockCount === null || zeroCount === null) return null;
  if (!Number.isSafeInteger(id) || !Number.isSafeInteger(order)) return null;
  return { id, order, blockCount, zeroCount, blockRuns, zeroRuns };
}

/** The same with its runs spread out. */
export function decodeHead(value: unknown): SegmentHead | null {
  const head = readHead(value);
  if (!head) return null;
  const { id, order, blockCount, zeroCount, blockRuns, zeroRuns } = head;
  return { id, order, blocks: spread(blockRuns, blockCount), zeros: spread(zeroRuns, zeroCount) };
}

/** The blocks of a stored head by slot: at most as many as a segment has. */
export function blocksOf({ blockRuns, blockCount }: StoredHead): Uint32Array {
  return spread(blockRuns, blockCount);
}

/** A whole stored head under another id and order. */
export function renumberHead(words: Uint32Array, id: number, order: number): Uint32Array<ArrayBuffer> {
  const copy = words.slice();
  copy.set([...split(id), ...split(order)], 1);
  copy[copy.length - 1] = xxh32(copy.subarray(0, -1), HEAD_VERSION);
  return copy;
}

function split(value: number): [low: number, high: number] {
  return [value % 0x1_0000_0000, Math.floor(value / 0x1_0000_0000)];
}

function toRuns(blocks: Uint32Array): number[] {
  const runs: number[] = [];
  for (const block of blocks) {
    const last = runs.length - 2;
    if (last >= 0 && runs[last] + runs[last + 1] === block) runs[last + 1]++;
    else runs.push(block, 1);
  }
  return runs;
}

/** How many blocks runs name; null when there is an empty one, one that ends behind `end`, or more than `most` in all. */
function countOf(runs: Uint32Array, end: number, most: number): number | null {
  let total = 0;
  for (let i = 0; i < runs.length; i += 2) {
    const length = runs[i + 1];
    total += length;
    if (length === 0 || runs[i] + length > end || total > most) return null;
  }
  return total;
}

function spread(runs: Uint32Array, count: number): Uint32Array {
  const blocks = new Uint32Array(count);
  let at = 0;
  for (let i = 0; i < runs.length; i += 2) {
    for (let k = 0; k < runs[i + 1]; k++) blocks[at++] = runs[i] + k;
  }
  return blocks;
}
