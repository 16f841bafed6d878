import { assert } from '../../lib/assert.ts';
import { CompressedDataError } from './compressed-data-error.ts';
import { BackwardBits, makeFseTable, makeRleTable, readFseTable, type FseTable } from './zstd-fse.ts';
import { decodeHuffmanStream, readHuffmanTable, type HuffmanTable } from './zstd-huffman.ts';

const MAX_BLOCK_BYTES = 128 * 1024;

/** What the blocks of one frame share: the output so far, and the tables and offsets that later blocks may repeat. */
export interface ZstdBlockState {
  readonly out: Uint8Array;
  /** Where the frame's output begins: matches may not reach before it. */
  readonly frameStart: number;
  at: number;
  huffman: HuffmanTable | null;
  tables: (FseTable | null)[];
  offsets: [number, number, number];
}

export function makeZstdBlockState(out: Uint8Array, frameStart: number): ZstdBlockState {
  return { out, frameStart, at: frameStart, huffman: null, tables: [null, null, null], offsets: [1, 4, 8] };
}

/** Extra bits and baselines of literal length and match length codes, RFC 8878 §3.1.1.3.2.1.1. */
const LITERAL_EXTRA = [
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14,
  15, 16,
];
const MATCH_EXTRA = [
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1,
  2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
];
const LITERAL_BASE = baselines(LITERAL_EXTRA, 0);
const MATCH_BASE = baselines(MATCH_EXTRA, 3);

function baselines(extra: number[], first: number): number[] {
  let next = first;
  return extra.map((bits) => {
    const base = next;
    next += 1 << bits;
    return base;
  });
}

/** Predefined tables, RFC 8878 §3.1.1.3.2.2. */
const LITERAL_DEFAULT = makeFseTable(
  [
    4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1,
    -1, -1,
  ],
  6,
);
const OFFSET_DEFAULT = makeFseTable(
  [1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1],
  5,
);
const MATCH_DEFAULT = makeFseTable(
  [1, 4, 3, 2, 2, 2, 2, 2, 2, ...Array.from({ length: 37 }, () => 1), -1, -1, -1, -1, -1, -1, -1],
  6,
);

/** The three kinds of code in the order in which their tables are described. */
const KINDS = [
  { preset: LITERAL_DEFAULT, maxAccuracyLog: 9, maxSymbol: 35 },
  { preset: OFFSET_DEFAULT, maxAccuracyLog: 8, maxSymbol: 31 },
  { preset: MATCH_DEFAULT, maxAccuracyLog: 9, maxSymbol: 52 },
];

/** Decodes the compressed block in `data[start, end)` and appends it to the output (RFC 8878 §3.1.1.3). */
export function readCompressedBlock(
  state: ZstdBlockState,
  data: Uint8Array,
  start: number,
  end: number,
): void {
  const literals = readLiterals(state, data, start, end);
  const limit = Math.min(state.out.length, state.at + MAX_BLOCK_BYTES);
  const sequences = readSequenceHeader(state, data, literals.end, end);
  let used = 0;
  if (sequences.count > 0) used = runSequences(state, data, sequences, end, literals.bytes, limit);
  const rest = literals.bytes.length - used;
  if (state.at + rest > limit) throw new CompressedDataError('more data than expected');
  state.out.set(literals.bytes.subarray(used), state.at);
  state.at += rest;
}

/** Literals section, RFC 8878 §3.1.1.3.1. */
function readLiterals(
  state: ZstdBlockState,
  data: Uint8Array,
  start: number,
  end: number,
): { bytes: Uint8Array; end: number } {
  const byte = (at: number): number => {
    if (at >= end) throw new CompressedDataError('literals that end early');
    return data[at];
  };
  const head = byte(start);
  const type = head & 3;
  const format = (head >> 2) & 3;
  if (type < 2) {
    const headBytes = format === 1 ? 2 : format === 3 ? 3 : 1;
    let size = headBytes === 1 ? head >> 3 : head >> 4;
    for (let index = 1; index < headBytes; index++) size |= byte(start + index) << (8 * index - 4);
    const at = start + headBytes;
    if (size > MAX_BLOCK_BYTES) throw new CompressedDataError('too many literals');
    if (type === 1) return { bytes: new Uint8Array(size).fill(byte(at)), end: at + 1 };
    if (at + size > end) throw new CompressedDataError('literals that end early');
    return { bytes: data.subarray(at, at + size), end: at + size };
  }
  const headBytes = format < 2 ? 3 : format + 2;
  const sizeBits = format < 2 ? 10 : format === 2 ? 14 : 18;
  let header = 0;
  for (let index = 0; index < headBytes; index++) header += byte(start + index) * 2 ** (8 * index);
  const size = Math.floor(header / 16) % 2 ** sizeBits;
  const packed = Math.floor(header / 2 ** (4 + sizeBits));
  if (size > MAX_BLOCK_BYTES) throw new CompressedDataError('too many literals');
  let at = start + headBytes;
  const after = at + packed;
  if (after > end) throw new CompressedDataError('literals that end early');
  if (type === 2) {
    const tree = readHuffmanTable(data, at, after);
    state.huffman = tree.table;
    at = tree.end;
  }
  if (state.huffman === null)
    throw new CompressedDataError('literals that repeat a tree that was never given');
  const bytes = new Uint8Array(size);
  if (format === 0) decodeHuffmanStream(state.huffman, data, at, after, bytes);
  else decodeFourStreams(state.huffman, data, at, after, bytes);
  return { bytes, end: after };
}

function decodeFourStreams(
  huffman: HuffmanTable,
  data: Uint8Array,
  start: number,
  end: number,
  out: Uint8Array,
): void {
  if (start + 6 > end) throw new CompressedDataError('a jump table that ends early');
  const quarter = (out.length + 3) >> 2;
  if (quarter * 3 > out.length) throw new CompressedDataError('too few literals for four streams');
  let at = start + 6;
  for (let stream = 0; stream < 4; stream++) {
    const table = start + stream * 2;
    const after = stream < 3 ? at + (data[table] | (data[table + 1] << 8)) : end;
    if (after > end) throw new CompressedDataError('literals that end early');
    const part = out.subarray(stream * quarter, stream < 3 ? (stream + 1) * quarter : out.length);
    decodeHuffmanStream(huffman, data, at, after, part);
    at = after;
  }
}

interface SequenceHeader {
  count: number;
  end: number;
}

/** Sequences section header and tables, RFC 8878 §3.1.1.3.2.1. */
function readSequenceHeader(
  state: ZstdBlockState,
  data: Uint8Array,
  start: number,
  end: number,
): SequenceHeader {
  let at = start;
  const byte = (): number => {
    if (at >= end) throw new CompressedDataError('sequences that end early');
    return data[at++];
  };
  const head = byte();
  let count = head;
  if (head === 255) count = byte() + (byte() << 8) + 0x7f00;
  else if (head > 127) count = ((head - 128) << 8) + byte();
  if (count === 0) {
    if (at !== end) throw new CompressedDataError('bytes after the last block part');
    return { count, end: at };
  }
  const modes = byte();
  if ((modes & 3) !== 0) throw new CompressedDataError('an unknown sequence mode');
  KINDS.forEach((kind, index) => {
    const mode = (modes >> (6 - 2 * index)) & 3;
    if (mode === 0) {
      state.tables[index] = kind.preset;
    } else if (mode === 1) {
      const symbol = byte();
      if (symbol > kind.maxSymbol) throw new CompressedDataError('an unknown sequence code');
      state.tables[index] = makeRleTable(symbol);
    } else if (mode === 2) {
      const read = readFseTable(data, at, end, kind);
      state.tables[index] = read.table;
      at = read.end;
    } else if (state.tables[index] === null) {
      throw new CompressedDataError('sequences that repeat a table that was never given');
    }
  });
  return { count, end: at };
}

/** Executes the sequences (RFC 8878 §3.1.1.3.2.1.2 and §3.1.1.4); gives the number of literals used. */
function runSequences(
  state: ZstdBlockState,
  data: Uint8Array,
  header: SequenceHeader,
  end: number,
  literals: Uint8Array,
  limit: number,
): number {
  const [literalTable, offsetTable, matchTable] = state.tables;
  assert(literalTable && offsetTable && matchTable, 'the header sets all three tables');
  const bits = new BackwardBits(data, header.end, end);
  let literalState = bits.read(literalTable.accuracyLog);
  let offsetState = bits.read(offsetTable.accuracyLog);
  let matchState = bits.read(matchTable.accuracyLog);
  const { out } = state;
  let { at } = state;
  let used = 0;
  for (let left = header.count; left > 0; left--) {
    const offsetCode = offsetTable.symbols[offsetState];
    // No output here is larger than 2 MiB, so a distance of 2^24 is out of it, whatever its low bits are.
    if (offsetCode > 24) throw new CompressedDataError('a distance too far back');
    const offsetValue = (1 << offsetCode) + bits.read(offsetCode);
    const matchCode = matchTable.symbols[matchState];
    const matchLength = MATCH_BASE[matchCode] + bits.read(MATCH_EXTRA[matchCode]);
    const literalCode = literalTable.symbols[literalState];
    const literalLength = LITERAL_BASE[literalCode] + bits.read(LITERAL_EXTRA[literalCode]);
    if (left > 1) {
      literalState = literalTable.baselines[literalState] + bits.read(literalTable.bitCounts[literalState]);
      matchState = matchTable.baselines[matchState] + bits.read(matchTable.bitCounts[matchState]);
      offsetState = offsetTable.baselines[offsetState] + bits.read(offsetTable.bitCounts[offsetState]);
    }
    if (bits.left < 0) throw new CompressedDataError('sequences that end early');
    const distance = nextDistance(state.offsets, offsetValue, literalLength);

    if (used + literalLength > literals.length) throw new CompressedDataError('more literals than there are');
    if (at + literalLength + matchLength > limit) throw new CompressedDataError('more data than expected');
    for (const stop = used + literalLength; used < stop;) out[at++] = literals[used++]!;
    if (distance > at - state.frameStart) throw new CompressedDataError('a distance too far back');
    if (distance >= matchLength) {
      out.copyWithin(at, at - distance, at - distance + matchLength);
      at += matchLength;
    } else {
      for (const stop = at + matchLength; at < stop; at++) out[at] = out[at - distance]!;
    }
  }
  if (bits.left !== 0) throw new CompressedDataError('sequences with bits left over');
  state.at = at;
  return used;
}

/** Repeat offsets, RFC 8878 §3.1.1.5. Changes `recent`. */
function nextDistance(recent: [number, number, number], value: number, literalLength: number): number {
  const index = value - 1 + (literalLength === 0 ? 1 : 0);
  if (value <= 3 && index === 0) return recent[0];
  const distance = value > 3 ? value - 3 : index === 3 ? recent[0] - 1 : recent[index];
  if (distance === 0) throw new CompressedDataError('a distance of zero');
  if (value > 3 || index !== 1) recent[2] = recent[1];
  recent[1] = recent[0];
  recent[0] = distance;
  return distance;
}
