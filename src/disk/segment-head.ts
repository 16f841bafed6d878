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

/** The head that `encodeHead` made, or null when it is damaged or of another version. */
export function decodeHead(value: unknown): SegmentHead | null {
  if (!(value instanceof Uint32Array) || value.length < FIXED_WORDS + 1) return null;
  if (value[0] !== HEAD_VERSION || value.at(-1) !== xxh32(value.subarray(0, -1), HEAD_VERSION)) return null;
  const blockWords = value[5] * 2;
  const zeroWords = value[6] * 2;
  if (FIXED_WORDS + blockWords + zeroWords + 1 !== value.length) return null;
  return {
    id: value[1] + value[2] * 0x1_0000_0000,
    order: value[3] + value[4] * 0x1_0000_0000,
    blocks: fromRuns(value.subarray(FIXED_WORDS, FIXED_WORDS + blockWords)),
    zeros: fromRuns(value.subarray(FIXED_WORDS + blockWords, FIXED_WORDS + blockWords + zeroWords)),
  };
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

function fromRuns(runs: Uint32Array): Uint32Array {
  let total = 0;
  for (let i = 1; i < runs.length; i += 2) total += runs[i];
  const blocks = new Uint32Array(total);
  let at = 0;
  for (let i = 0; i < runs.length; i += 2) {
    for (let k = 0; k < runs[i + 1]; k++) blocks[at++] = runs[i] + k;
  }
  return blocks;
}
