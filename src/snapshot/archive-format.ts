import { webCrypto } from '../lib/secure-parts.ts';
import { VitrineError } from '../lib/errors.ts';

/**
 * The container of a whole machine, a file ending in `.vitrine`, version 1:
 *
 *     head       16 bytes   "VITRINE\n", version u32, 0 u32
 *     chunks     one after the other, without gaps, each once however often it is used
 *     manifest   JSON in UTF-8 (archive-manifest.ts): what the machine is, and each chunk's length and SHA-256
 *     trailer    64 bytes   "VITRINE\0", version u32, 0 u32, offset and length of the manifest (u64 each), its SHA-256
 *
 * Numbers are little-endian. It is written front to back without going back, and a file that is cut has no trailer.
 * Every byte of it is covered: by a checksum, by having one allowed value, or by having to add up to the file's size.
 */
export const ARCHIVE_VERSION = 1;
export const HEAD_BYTES = 16;
export const TRAILER_BYTES = 64;

const HEAD_MAGIC = 'VITRINE\n';
const TRAILER_MAGIC = 'VITRINE\0';
/**
 * How long a manifest may be: it grows with what it lists. A segment of one block, the smallest chunk there are many of, has
 * 4.1 KiB and some 250 bytes in the manifest; the longest is that of a full disk of 127 GiB.
 */
const SHORT_MANIFEST_BYTES = 3 * 2 ** 20;
const LONGEST_MANIFEST_BYTES = 128 * 2 ** 20;

/** The most for a file whose chunks end at `fileBytes`. */
export function mostManifestBytes(fileBytes: number): number {
  return Math.min(SHORT_MANIFEST_BYTES + fileBytes / 16, LONGEST_MANIFEST_BYTES);
}

export interface ManifestPlace {
  readonly offset: number;
  readonly length: number;
  /** In hex. */
  readonly sha256: string;
}

export function encodeHead(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(HEAD_BYTES);
  bytes.set(new TextEncoder().encode(HEAD_MAGIC));
  new DataView(bytes.buffer).setUint32(8, ARCHIVE_VERSION, true);
  return bytes;
}

export function encodeTrailer({ offset, length, sha256 }: ManifestPlace): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(TRAILER_BYTES);
  bytes.set(new TextEncoder().encode(TRAILER_MAGIC));
  const view = new DataView(bytes.buffer);
  view.setUint32(8, ARCHIVE_VERSION, true);
  view.setBigUint64(16, BigInt(offset), true);
  view.setBigUint64(24, BigInt(length), true);
  for (let i = 0; i < 32; i++) bytes[32 + i] = Number.parseInt(sha256.slice(i * 2, i * 2 + 2), 16);
  return bytes;
}

/** Throws `archive/foreign`, `archive/newer` or `archive/damaged` unless these are a file's first 16 bytes. */
export function checkHead(bytes: Uint8Array, name: string): void {
  if (bytes.length < HEAD_BYTES || textOf(bytes) !== HEAD_MAGIC)
    throw new VitrineError('archive/foreign', { name });
  checkVersion(bytes, name);
}

/** Where the manifest is, from a file's last 64 bytes; throws `archive/cut`, `archive/newer` or `archive/damaged`. */
export function decodeTrailer(bytes: Uint8Array, fileBytes: number, name: string): ManifestPlace {
  if (bytes.length < TRAILER_BYTES || textOf(bytes) !== TRAILER_MAGIC)
    throw new VitrineError('archive/cut', { name });
  checkVersion(bytes, name);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const offset = Number(view.getBigUint64(16, true));
  const length = Number(view.getBigUint64(24, true));
  if (offset < HEAD_BYTES || offset + length + TRAILER_BYTES !== fileBytes) {
    throw new VitrineError('archive/damaged', { name }, { detail: 'the trailer does not fit the file' });
  }
  // Of the chunks alone: a long manifest must not make room for itself.
  if (length > mostManifestBytes(offset)) {
    throw new VitrineError('archive/damaged', { name }, { detail: 'the manifest is too long' });
  }
  return { offset, length, sha256: hexOf(bytes.subarray(32, 64)) };
}

export async function sha256Of(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return hexOf(new Uint8Array(await webCrypto().digest('SHA-256', bytes)));
}

function checkVersion(bytes: Uint8Array, name: string): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getUint32(8, true);
  // What no version ever was is damage; what one may become needs another page.
  if (version === 0 || version > 1000 || view.getUint32(12, true) !== 0) {
    throw new VitrineError('archive/damaged', { name }, { detail: 'the head' });
  }
  if (version > ARCHIVE_VERSION) throw new VitrineError('archive/newer', { name, version });
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes.subarray(0, 8));
}

function hexOf(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
