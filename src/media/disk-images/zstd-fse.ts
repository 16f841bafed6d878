import { CompressedDataError } from './compressed-data-error.ts';

/** A finite state entropy decoding table (RFC 8878 §4.1): for each state its symbol and how to reach the next. */
export interface FseTable {
  accuracyLog: number;
  symbols: Uint8Array;
  bitCounts: Uint8Array;
  baselines: Uint16Array;
}

/** Position of the highest set bit of a positive number. */
export const highBit = (value: number): number => 31 - Math.clz32(value);

/** The table with which every state means `symbol` and no bits are read (RLE mode). */
export function makeRleTable(symbol: number): FseTable {
  return {
    accuracyLog: 0,
    symbols: new Uint8Array([symbol]),
    bitCounts: new Uint8Array(1),
    baselines: new Uint16Array(1),
  };
}

/** Spreads normalised counts (−1: "less than one") over a table of `1 << accuracyLog` states (RFC 8878 §4.1.1). */
export function makeFseTable(counts: ArrayLike<number>, accuracyLog: number): FseTable {
  const size = 1 << accuracyLog;
  const symbols = new Uint8Array(size);
  const next = new Uint16Array(counts.length);
  let high = size;
  for (let symbol = 0; symbol < counts.length; symbol++) {
    if (counts[symbol] !== -1) continue;
    symbols[--high] = symbol;
    next[symbol] = 1;
  }
  const step = (size >> 1) + (size >> 3) + 3;
  let position = 0;
  for (let symbol = 0; symbol < counts.length; symbol++) {
    const count = counts[symbol];
    if (count <= 0) continue;
    next[symbol] = count;
    for (let index = 0; index < count; index++) {
      symbols[position] = symbol;
      do position = (position + step) & (size - 1);
      while (position >= high);
    }
  }
  const bitCounts = new Uint8Array(size);
  const baselines = new Uint16Array(size);
  for (let state = 0; state < size; state++) {
    const value = next[symbols[state]]++;
    const bits = accuracyLog - highBit(value);
    bitCounts[state] = bits;
    baselines[state] = (value << bits) - size;
  }
  return { accuracyLog, symbols, bitCounts, baselines };
}

/** Reads a table description at byte `start` of `data`, not beyond `end`; gives the table and the byte after it. */
export function readFseTable(
  data: Uint8Array,
  start: number,
  end: number,
  limits: { maxAccuracyLog: number; maxSymbol: number },
): { table: FseTable; end: number } {
  let bit = start * 8;
  const read = (count: number): number => {
    const value = peekBits(data, bit, count);
    bit += count;
    if (bit > end * 8) throw new CompressedDataError('an FSE table that ends early');
    return value;
  };
  const accuracyLog = read(4) + 5;
  if (accuracyLog > limits.maxAccuracyLog) throw new CompressedDataError('an FSE table that is too large');
  const counts: number[] = [];
  const push = (count: number): void => {
    if (counts.length > limits.maxSymbol) throw new CompressedDataError('an FSE table with too many symbols');
    counts.push(count);
  };
  let remaining = 1 << accuracyLog;
  while (remaining > 0) {
    const bits = highBit(remaining + 1) + 1;
    const lowMask = (1 << (bits - 1)) - 1;
    const threshold = (1 << bits) - 1 - (remaining + 1);
    // One bit fewer for the small values, so look before taking the last one.
    let value = read(bits - 1);
    if (value >= threshold) {
      value |= read(1) << (bits - 1);
      if (value > lowMask) value -= threshold;
    }
    const count = value - 1;
    remaining -= Math.abs(count);
    push(count);
    if (count !== 0) continue;
    for (let repeat = 3; repeat === 3;) {
      repeat = read(2);
      for (let index = 0; index < repeat; index++) push(0);
    }
  }
  if (remaining < 0) throw new CompressedDataError('an FSE table that does not add up');
  return { table: makeFseTable(counts, accuracyLog), end: (bit + 7) >> 3 };
}

/** `count` (≤ 24) bits of `data` from bit `from` on, lowest first; bits before or after the array are zeros. */
export function peekBits(data: Uint8Array, from: number, count: number): number {
  if (from < 0) {
    const missing = -from;
    return missing >= count ? 0 : peekBits(data, 0, count - missing) << missing;
  }
  const at = from >> 3;
  const four =
    (data[at] ?? 0) | ((data[at + 1] ?? 0) << 8) | ((data[at + 2] ?? 0) << 16) | ((data[at + 3] ?? 0) << 24);
  return (four >>> (from & 7)) & ((1 << count) - 1);
}

/** Bits read from the end of a part of `data` to its start, as zstd writes them (RFC 8878 §4.1). */
export class BackwardBits {
  readonly data: Uint8Array;
  /** Absolute bit number below which the next bits lie. */
  position: number;
  /** Absolute bit number of the first bit of the part. */
  readonly start: number;

  constructor(data: Uint8Array, start: number, end: number) {
    const last = end > start ? data[end - 1] : 0;
    // The highest set bit of the last byte marks where the bits end.
    if (last === 0) throw new CompressedDataError('a bit stream without its end mark');
    this.data = data;
    this.start = start * 8;
    this.position = (end - 1) * 8 + highBit(last);
  }

  /** Bits left; negative after more were read than there are, which read as zeros. */
  get left(): number {
    return this.position - this.start;
  }

  read(count: number): number {
    this.position -= count;
    const before = this.start - this.position;
    if (before > 0) {
      return before >= count ? 0 : peekBits(this.data, this.start, count - before) << before;
    }
    return peekBits(this.data, this.position, count);
  }
}
