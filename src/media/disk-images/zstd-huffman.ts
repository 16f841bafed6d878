import { CompressedDataError } from './compressed-data-error.ts';
import { BackwardBits, highBit, peekBits, readFseTable, type FseTable } from './zstd-fse.ts';

const MAX_CODE_BITS = 11;
const MAX_SYMBOLS = 256;

/** A Huffman code as a table over its longest code: the next bits give the symbol and how many bits it takes. */
export interface HuffmanTable {
  maxBits: number;
  symbols: Uint8Array;
  bitCounts: Uint8Array;
}

/** Reads a Huffman tree description (RFC 8878 §4.2.1) and gives the table and the byte after it. */
export function readHuffmanTable(
  data: Uint8Array,
  start: number,
  end: number,
): { table: HuffmanTable; end: number } {
  if (start >= end) throw new CompressedDataError('a Huffman tree that is missing');
  const head = data[start];
  const weights: number[] = [];
  let after: number;
  if (head < 128) {
    after = start + 1 + head;
    if (after > end) throw new CompressedDataError('a Huffman tree that ends early');
    const fse = readFseTable(data, start + 1, after, { maxAccuracyLog: 6, maxSymbol: MAX_CODE_BITS + 1 });
    readWeights(fse.table, new BackwardBits(data, fse.end, after), weights);
  } else {
    const count = head - 127;
    after = start + 1 + ((count + 1) >> 1);
    if (after > end) throw new CompressedDataError('a Huffman tree that ends early');
    for (let index = 0; index < count; index++) {
      const pair = data[start + 1 + (index >> 1)];
      weights.push(index % 2 === 0 ? pair >> 4 : pair & 15);
    }
  }
  return { table: makeHuffmanTable(weights), end: after };
}

/** Two interleaved states take turns until the bits run out (RFC 8878 §4.2.1.2). */
function readWeights(table: FseTable, bits: BackwardBits, weights: number[]): void {
  let state = bits.read(table.accuracyLog);
  let other = bits.read(table.accuracyLog);
  if (bits.left < 0) throw new CompressedDataError('Huffman weights that end early');
  while (weights.length < MAX_SYMBOLS - 1) {
    weights.push(table.symbols[state]);
    const next = table.baselines[state] + bits.read(table.bitCounts[state]);
    if (bits.left < 0) {
      weights.push(table.symbols[other]);
      return;
    }
    state = other;
    other = next;
  }
  throw new CompressedDataError('too many Huffman weights');
}

function makeHuffmanTable(weights: number[]): HuffmanTable {
  let sum = 0;
  for (const weight of weights) {
    if (weight > MAX_CODE_BITS + 1) throw new CompressedDataError('a Huffman weight that is too large');
    if (weight > 0) sum += 1 << (weight - 1);
  }
  if (sum === 0) throw new CompressedDataError('a Huffman tree without symbols');
  const maxBits = highBit(sum) + 1;
  const rest = (1 << maxBits) - sum;
  if (maxBits > MAX_CODE_BITS || (rest & (rest - 1)) !== 0) {
    throw new CompressedDataError('Huffman weights that do not add up');
  }
  const all = [...weights, highBit(rest) + 1];
  if (all.length > MAX_SYMBOLS) throw new CompressedDataError('too many Huffman weights');

  const symbols = new Uint8Array(1 << maxBits);
  const bitCounts = new Uint8Array(1 << maxBits);
  // Codes are handed out from the lightest weight (the longest code) up, symbols of one weight in their order.
  let at = 0;
  for (let weight = 1; weight <= maxBits; weight++) {
    for (let symbol = 0; symbol < all.length; symbol++) {
      if (all[symbol] !== weight) continue;
      const span = 1 << (weight - 1);
      symbols.fill(symbol, at, at + span);
      bitCounts.fill(maxBits + 1 - weight, at, at + span);
      at += span;
    }
  }
  return { maxBits, symbols, bitCounts };
}

/** Decodes the stream in `data[start, end)` so that it fills `out` exactly (RFC 8878 §4.2.2). */
export function decodeHuffmanStream(
  table: HuffmanTable,
  data: Uint8Array,
  start: number,
  end: number,
  out: Uint8Array,
): void {
  const bits = new BackwardBits(data, start, end);
  const { maxBits, symbols, bitCounts } = table;
  const first = bits.start;
  let position = bits.position;
  for (let index = 0; index < out.length; index++) {
    const from = position - maxBits;
    const code =
      from >= first
        ? peekBits(data, from, maxBits)
        : peekBits(data, first, Math.max(0, position - first)) << Math.min(maxBits, first - from);
    out[index] = symbols[code]!;
    position -= bitCounts[code];
    if (position < first) throw new CompressedDataError('Huffman literals that end early');
  }
  if (position !== first) throw new CompressedDataError('Huffman literals that are too long');
}
