import { CompressedDataError } from './compressed-data-error.ts';

/**
 * DEFLATE (RFC 1951) into an output of known size. The platform's `DecompressionStream` is not used: a qcow2
 * cluster is padded to sectors, so the end of its stream is not known beforehand, and bytes after the end make a
 * `DecompressionStream` fail, in some engines together with the output that nobody has read yet.
 */
const PRIMARY_BITS = 10;
const MAX_BITS = 15;

const LENGTH_BASE = new Uint16Array([
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
  227, 258,
]);
const LENGTH_EXTRA = new Uint8Array([
  0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
]);
const DISTANCE_BASE = new Uint16Array([
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
  6145, 8193, 12289, 16385, 24577,
]);
const DISTANCE_EXTRA = new Uint8Array([
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
]);
const CODE_LENGTH_ORDER = new Uint8Array([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]);

/**
 * A canonical Huffman code. `primary[low bits]` is `symbol << 4 | bits` for codes of up to `PRIMARY_BITS` bits and
 * 0 for the rest, which are then found bit by bit through `counts` and `symbols`.
 */
interface HuffmanCode {
  primary: Uint16Array;
  counts: Uint16Array;
  symbols: Uint16Array;
}

function makeCode(lengths: Uint8Array, mayBeIncomplete: boolean): HuffmanCode {
  const counts = new Uint16Array(MAX_BITS + 1);
  for (const length of lengths) counts[length]++;
  const used = lengths.length - counts[0];
  counts[0] = 0;
  let left = 1;
  for (let bits = 1; bits <= MAX_BITS; bits++) {
    left = left * 2 - counts[bits];
    if (left < 0) throw new CompressedDataError('an over-subscribed Huffman code');
  }
  // RFC 1951 §3.2.7 lets a distance code be empty or of one single code; every other code is complete.
  if (left > 0 && !(mayBeIncomplete && used <= 1))
    throw new CompressedDataError('an incomplete Huffman code');

  const firstIndex = new Uint16Array(MAX_BITS + 2);
  const nextCode = new Uint16Array(MAX_BITS + 2);
  let code = 0;
  for (let bits = 1; bits <= MAX_BITS; bits++) {
    firstIndex[bits + 1] = firstIndex[bits] + counts[bits];
    nextCode[bits] = code;
    code = (code + counts[bits]) << 1;
  }
  const symbols = new Uint16Array(used);
  const primary = new Uint16Array(1 << PRIMARY_BITS);
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const bits = lengths[symbol];
    if (bits === 0) continue;
    symbols[firstIndex[bits]++] = symbol;
    const own = nextCode[bits]++;
    if (bits > PRIMARY_BITS) continue;
    let reversed = 0;
    for (let bit = 0; bit < bits; bit++) reversed |= ((own >> bit) & 1) << (bits - 1 - bit);
    for (let at = reversed; at < primary.length; at += 1 << bits) primary[at] = (symbol << 4) | bits;
  }
  return { primary, counts, symbols };
}

const FIXED_LENGTHS = new Uint8Array(288)
  .fill(8, 0, 144)
  .fill(9, 144, 256)
  .fill(7, 256, 280)
  .fill(8, 280, 288);
const FIXED_LITERALS = makeCode(FIXED_LENGTHS, false);
const FIXED_DISTANCES = makeCode(new Uint8Array(32).fill(5), false);

class BitReader {
  readonly #input: Uint8Array;
  #at: number;
  #hold = 0;
  #held = 0;

  constructor(input: Uint8Array, at: number) {
    this.#input = input;
    this.#at = at;
  }

  bits(count: number): number {
    while (this.#held < count) {
      if (this.#at >= this.#input.length) throw new CompressedDataError('the stream ends early');
      this.#hold |= this.#input[this.#at++] << this.#held;
      this.#held += 8;
    }
    const value = this.#hold & ((1 << count) - 1);
    this.#hold >>>= count;
    this.#held -= count;
    return value;
  }

  symbol(code: HuffmanCode): number {
    while (this.#held < MAX_BITS && this.#at < this.#input.length) {
      this.#hold |= this.#input[this.#at++] << this.#held;
      this.#held += 8;
    }
    const entry = code.primary[this.#hold & ((1 << PRIMARY_BITS) - 1)];
    const bits = entry & 15;
    if (bits !== 0 && bits <= this.#held) {
      this.#hold >>>= bits;
      this.#held -= bits;
      return entry >> 4;
    }
    return this.#longSymbol(code);
  }

  #longSymbol({ counts, symbols }: HuffmanCode): number {
    let code = 0;
    let first = 0;
    let index = 0;
    for (let bits = 1; bits <= MAX_BITS; bits++) {
      code |= this.bits(1);
      const count = counts[bits];
      if (code - count < first) return symbols[index + (code - first)];
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    throw new CompressedDataError('a code that is not in its table');
  }

  /** Drops the rest of the current byte and hands out `length` bytes as they are. */
  bytes(length: number): Uint8Array {
    this.#at -= this.#held >> 3;
    this.#hold = 0;
    this.#held = 0;
    if (this.#at + length > this.#input.length) throw new CompressedDataError('the stream ends early');
    return this.#input.subarray(this.#at, (this.#at += length));
  }
}

/**
 * Inflates a raw DEFLATE stream that begins at `start` in `input`, to exactly `outputBytes`. Stops as soon as the
 * output is full and ignores what follows, so padding is fine and no input can make it run for longer than its
 * input and output are. A stream that ends before gives a shorter output when that has `leastBytes`. Throws
 * `CompressedDataError` when the stream is damaged or gives fewer bytes.
 */
export function inflateRaw(
  input: Uint8Array,
  outputBytes: number,
  start = 0,
  leastBytes = outputBytes,
): Uint8Array {
  const out = new Uint8Array(outputBytes);
  const reader = new BitReader(input, start);
  let at = 0;
  let last = false;
  while (at < outputBytes) {
    if (last && at >= leastBytes) return out.subarray(0, at);
    if (last) throw new CompressedDataError(`the stream holds ${at} bytes, not ${leastBytes}`);
    last = reader.bits(1) === 1;
    const type = reader.bits(2);
    if (type === 0) at = copyStoredBlock(reader, out, at);
    else if (type === 1) at = inflateBlock(reader, out, at, FIXED_LITERALS, FIXED_DISTANCES);
    else if (type === 2) at = inflateBlock(reader, out, at, ...readDynamicCodes(reader));
    else throw new CompressedDataError('an unknown block type');
  }
  return out;
}

/** The same for a stream with the zlib header (RFC 1950), whose Adler-32 sum ends the input and is checked. */
export function inflateZlib(
  input: Uint8Array,
  outputBytes: number,
  start = 0,
  leastBytes = outputBytes,
): Uint8Array {
  const method = input[start] ?? 0;
  const flags = input[start + 1] ?? 0;
  if ((method & 15) !== 8 || ((method << 8) | flags) % 31 !== 0 || (flags & 0x20) !== 0) {
    throw new CompressedDataError('not a zlib stream');
  }
  const out = inflateRaw(input, outputBytes, start + 2, leastBytes);
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  if (input.length < 4 || view.getUint32(input.length - 4) !== adler32(out)) {
    throw new CompressedDataError('the checksum does not fit');
  }
  return out;
}

function copyStoredBlock(reader: BitReader, out: Uint8Array, at: number): number {
  const head = reader.bytes(4);
  const length = head[0] | (head[1] << 8);
  if (length !== (~(head[2] | (head[3] << 8)) & 0xffff)) {
    throw new CompressedDataError('a stored block with a wrong length');
  }
  const bytes = reader.bytes(length);
  out.set(bytes.subarray(0, out.length - at), at);
  return Math.min(out.length, at + length);
}

function readDynamicCodes(reader: BitReader): [HuffmanCode, HuffmanCode] {
  const literalCount = reader.bits(5) + 257;
  const distanceCount = reader.bits(5) + 1;
  const orderCount = reader.bits(4) + 4;
  if (literalCount > 286 || distanceCount > 30) throw new CompressedDataError('too many codes');
  const lengths = new Uint8Array(19);
  for (let index = 0; index < orderCount; index++) lengths[CODE_LENGTH_ORDER[index]] = reader.bits(3);
  const code = makeCode(lengths, false);

  const all = new Uint8Array(literalCount + distanceCount);
  let at = 0;
  while (at < all.length) {
    const symbol = reader.symbol(code);
    if (symbol < 16) {
      all[at++] = symbol;
      continue;
    }
    if (symbol === 16 && at === 0) throw new CompressedDataError('a repeat of nothing');
    const value = symbol === 16 ? all[at - 1] : 0;
    const repeat =
      symbol === 16 ? 3 + reader.bits(2) : symbol === 17 ? 3 + reader.bits(3) : 11 + reader.bits(7);
    if (at + repeat > all.length) throw new CompressedDataError('too many code lengths');
    all.fill(value, at, at + repeat);
    at += repeat;
  }
  if (all[256] === 0) throw new CompressedDataError('a block without an end');
  return [makeCode(all.subarray(0, literalCount), true), makeCode(all.subarray(literalCount), true)];
}

function inflateBlock(
  reader: BitReader,
  out: Uint8Array,
  at: number,
  literals: HuffmanCode,
  distances: HuffmanCode,
): number {
  while (at < out.length) {
    const symbol = reader.symbol(literals);
    if (symbol < 256) {
      out[at++] = symbol;
      continue;
    }
    if (symbol === 256) return at;
    if (symbol > 285) throw new CompressedDataError('an unknown length code');
    const length = LENGTH_BASE[symbol - 257] + reader.bits(LENGTH_EXTRA[symbol - 257]);
    const distanceSymbol = reader.symbol(distances);
    if (distanceSymbol > 29) throw new CompressedDataError('an unknown distance code');
    const distance = DISTANCE_BASE[distanceSymbol] + reader.bits(DISTANCE_EXTRA[distanceSymbol]);
    if (distance > at) throw new CompressedDataError('a distance too far back');
    const end = Math.min(out.length, at + length);
    if (distance >= length) {
      out.copyWithin(at, at - distance, end - distance);
      at = end;
    } else {
      for (; at < end; at++) out[at] = out[at - distance]!;
    }
  }
  return at;
}

function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (let start = 0; start < bytes.length; start += 3800) {
    const end = Math.min(bytes.length, start + 3800);
    for (let at = start; at < end; at++) b += a += bytes[at];
    a %= 65521;
    b %= 65521;
  }
  return ((b << 16) | a) >>> 0;
}
