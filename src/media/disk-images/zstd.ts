import { CompressedDataError } from './compressed-data-error.ts';
import { xxh64 } from './xxh64.ts';
import { makeZstdBlockState, readCompressedBlock, type ZstdBlockState } from './zstd-block.ts';

const FRAME_MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a50;
const MAX_BLOCK_BYTES = 128 * 1024;

/**
 * Decompresses Zstandard frames (RFC 8878) that begin at the start of `input` to exactly `outputBytes`, and ignores
 * what follows the frame that fills the output (a qcow2 cluster is padded to sectors). Time and memory follow the
 * sizes of input and output; the window size that a frame asks for allocates nothing.
 *
 * Written here because it has to be strict: a decoder that gives zeros for a distance too far back, or a short
 * output, would put wrong bytes on a disk. Throws `CompressedDataError` for anything that is not such frames,
 * dictionaries included.
 */
export function decompressZstd(input: Uint8Array, outputBytes: number): Uint8Array {
  const out = new Uint8Array(outputBytes);
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  let at = 0;
  let filled = 0;
  while (filled < outputBytes) {
    if (at + 8 > input.length) throw new CompressedDataError('the frames end early');
    const magic = view.getUint32(at, true);
    if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE_MAGIC) {
      at += 8 + view.getUint32(at + 4, true);
      continue;
    }
    if (magic !== FRAME_MAGIC) throw new CompressedDataError('not a zstd frame');
    const frame = readFrame(input, view, at + 4, out, filled);
    at = frame.end;
    filled = frame.filled;
  }
  return out;
}

interface FrameHeader {
  end: number;
  contentBytes: number | null;
  hasChecksum: boolean;
}

/** Frame header, RFC 8878 §3.1.1.1; `at` is the byte after the magic number. */
function readFrameHeader(input: Uint8Array, at: number): FrameHeader {
  const byte = (offset: number): number => {
    const value = input[offset];
    if (value === undefined) throw new CompressedDataError('the frame header ends early');
    return value;
  };
  const descriptor = byte(at);
  if ((descriptor & 8) !== 0) throw new CompressedDataError('a frame of an unknown kind');
  const singleSegment = (descriptor & 0x20) !== 0;
  let next = at + 1 + (singleSegment ? 0 : 1);
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3];
  for (let index = 0; index < dictionaryBytes; index++) {
    if (byte(next + index) !== 0) throw new CompressedDataError('a frame that needs a dictionary');
  }
  next += dictionaryBytes;
  const sizeFlag = descriptor >> 6;
  const sizeBytes = sizeFlag === 0 ? (singleSegment ? 1 : 0) : 1 << sizeFlag;
  let contentBytes: number | null = null;
  if (sizeBytes > 0) {
    contentBytes = sizeBytes === 2 ? 256 : 0;
    for (let index = 0; index < sizeBytes; index++) contentBytes += byte(next + index) * 2 ** (8 * index);
  }
  return { end: next + sizeBytes, contentBytes, hasChecksum: (descriptor & 4) !== 0 };
}

function readFrame(
  input: Uint8Array,
  view: DataView,
  start: number,
  out: Uint8Array,
  filledBefore: number,
): { end: number; filled: number } {
  const header = readFrameHeader(input, start);
  const state: ZstdBlockState = makeZstdBlockState(out, filledBefore);
  let at = header.end;
  let last = false;
  while (!last) {
    if (at + 3 > input.length) throw new CompressedDataError('a block header is missing');
    const head = input[at] | (input[at + 1] << 8) | (input[at + 2] << 16);
    at += 3;
    last = (head & 1) === 1;
    const type = (head >> 1) & 3;
    const size = head >> 3;
    if (size > MAX_BLOCK_BYTES) throw new CompressedDataError('a block that is too large');
    const stored = type === 1 ? 1 : size;
    if (at + stored > input.length) throw new CompressedDataError('a block that ends early');
    if (type === 2) {
      readCompressedBlock(state, input, at, at + size);
    } else {
      if (type === 3) throw new CompressedDataError('an unknown block type');
      if (state.at + size > out.length) throw new CompressedDataError('more data than expected');
      if (type === 0) out.set(input.subarray(at, at + size), state.at);
      else out.fill(input[at], state.at, state.at + size);
      state.at += size;
    }
    at += stored;
  }
  if (header.contentBytes !== null && state.at - filledBefore !== header.contentBytes) {
    throw new CompressedDataError('a frame of another length than its header says');
  }
  if (header.hasChecksum) {
    if (at + 4 > input.length) throw new CompressedDataError('the checksum is missing');
    const sum = Number(xxh64(out.subarray(filledBefore, state.at)) & 0xffffffffn);
    if (view.getUint32(at, true) !== sum) throw new CompressedDataError('the checksum does not fit');
    at += 4;
  }
  return { end: at, filled: state.at };
}
