import type { ByteSource } from '../../bytes/byte-source.ts';
import { VitrineError, type ErrorCode, type ErrorParams } from '../../lib/errors.ts';

export type DiskImageFormat = 'raw' | 'qcow2' | 'vhd' | 'vmdk' | 'vdi';

/** A part of the virtual disk, in bytes. */
export interface ByteRange {
  offset: number;
  length: number;
}

/**
 * A disk that knows where it is empty: what the exporters read. Bytes outside `allocatedRanges` are zeros; ranges
 * come in ascending order, without overlap, and inside `sizeBytes`. `read` has the contract of `ByteSource`.
 */
export interface SparseReader {
  readonly sizeBytes: number;
  read(offsetBytes: number, lengthBytes: number): Promise<Uint8Array>;
  allocatedRanges(): AsyncIterable<ByteRange>;
}

/**
 * The virtual disk inside an image file, read in place and lazily. As a `ByteSource` it gives the bytes of the
 * disk, `sizeBytes` is the size that the guest sees (a multiple of 512).
 *
 * A read that meets a table that cannot be (outside the file, two parts of the disk in one place, data that does
 * not decompress) rejects with an `image/…` error, and from then on so does every other read: a damaged image
 * gives no more bytes. A medium that fails rejects with `bytes/unreadable` and may be read again.
 */
export interface DiskImage extends ByteSource, SparseReader {
  readonly format: DiskImageFormat;
  /** The kind within the format, for people: "dynamic", "version 3, zstd", "stream-optimized". */
  readonly variant: string;
  /** Size of the file. */
  readonly storedSizeBytes: number;
}

export const SECTOR_BYTES = 512;

/** 64 TiB. A size above it is damage or a joke, and every number of bytes below it is exact in a double. */
export const MAX_DISK_BYTES = 2 ** 46;

/** The error of `code` for this image, its name filled in. */
export function imageError(
  image: { name: string },
  code: ErrorCode,
  params: ErrorParams = {},
  detail?: string,
): VitrineError {
  return new VitrineError(code, { name: image.name, ...params }, detail === undefined ? {} : { detail });
}

/** The refusal of a field that contradicts its format; `detail` says which. */
export function damaged(image: { name: string }, detail: string): VitrineError {
  return imageError(image, 'image/damaged', {}, detail);
}

/** Rejects a virtual size that is no whole number of sectors, zero, or beyond `MAX_DISK_BYTES`. */
export function checkVirtualSize(image: { name: string }, sizeBytes: number): number {
  if (sizeBytes > MAX_DISK_BYTES) throw imageError(image, 'image/too-large', {}, `virtual size ${sizeBytes}`);
  if (sizeBytes === 0 || sizeBytes % SECTOR_BYTES !== 0) throw damaged(image, `virtual size ${sizeBytes}`);
  return sizeBytes;
}

/** The first `length` bytes from `offset` on as a view, or `image/cut` where the file ends before. */
export async function readView(source: ByteSource, offset: number, length: number): Promise<DataView> {
  checkInFile(source, offset, length, 'header');
  return viewOf(await source.read(offset, length));
}

/** Rejects with `image/cut` a part of the file that lies, or ends, beyond its end. */
export function checkInFile(source: ByteSource, offset: number, length: number, what: string): void {
  // Values above 2^53 lose precision on the way here; they are all outside, which is all that is asked.
  if (!(offset >= 0 && length >= 0 && offset + length <= source.sizeBytes)) {
    const detail = `${what}: ${length} bytes at ${offset} of ${source.sizeBytes}`;
    throw imageError(source, 'image/cut', {}, detail);
  }
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** An unsigned 64-bit number as a double: exact up to 2^53, and above 2^53 whenever it is. */
export function readU64(view: DataView, offset: number, littleEndian = false): number {
  const first = view.getUint32(offset, littleEndian);
  const second = view.getUint32(offset + 4, littleEndian);
  return littleEndian ? second * 2 ** 32 + first : first * 2 ** 32 + second;
}

/** Text of a fixed field: Latin-1, up to the first NUL. */
export function readText(view: DataView, offset: number, length: number): string {
  let text = '';
  for (let at = offset; at < offset + length && view.getUint8(at) !== 0; at++) {
    text += String.fromCharCode(view.getUint8(at));
  }
  return text;
}

export const isPowerOfTwo = (value: number): boolean => value > 0 && Number.isInteger(Math.log2(value));
