import { inflateSync } from 'fflate';
import { CompressedDataError } from './compressed-data-error.ts';

/**
 * DEFLATE (RFC 1951) into an output of known size. The platform's `DecompressionStream` is not used: a qcow2
 * cluster is padded to sectors, so the end of its stream is not known beforehand, and bytes after the end make a
 * `DecompressionStream` fail, in some engines together with the output that nobody has read yet.
 *
 * Inflates a raw DEFLATE stream that begins at `start` in `input`, to exactly `outputBytes`; what lies after the
 * stream, or goes beyond the output, is ignored. A stream that ends before gives a shorter output when that has
 * `leastBytes`. Throws `CompressedDataError` when the stream is damaged or gives fewer bytes.
 */
export function inflateRaw(
  input: Uint8Array,
  outputBytes: number,
  start = 0,
  leastBytes = outputBytes,
): Uint8Array {
  const out = inflate(input.subarray(start), outputBytes);
  if (out.length < leastBytes) {
    throw new CompressedDataError(`the stream holds ${out.length} bytes, not ${leastBytes}`);
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

function inflate(input: Uint8Array, outputBytes: number): Uint8Array {
  try {
    return inflateSync(input, { out: new Uint8Array(outputBytes) }).subarray(0, outputBytes);
  } catch (error) {
    throw new CompressedDataError(error instanceof Error ? error.message : String(error));
  }
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
