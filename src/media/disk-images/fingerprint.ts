import { webCrypto } from '../../lib/secure-parts.ts';
import type { ByteSource } from '../../bytes/byte-source.ts';
import { imageError } from './disk-image.ts';

/** What an image file looked like: enough to notice that it is not the same any more. Survives structured clone. */
export interface ImageFingerprint {
  sizeBytes: number;
  /** The file's own time stamp in milliseconds; null where the source has none. */
  lastModified: number | null;
  /** SHA-256, in hex, of samples from the whole file. */
  sampleSha256: string;
}

const EDGE_BYTES = 64 << 10;
const SAMPLE_BYTES = 4 << 10;
const SAMPLES = 48;

/** Files up to this size are looked through whole; of larger ones as many pieces are. */
const WHOLE_BYTES = 64 << 20;
const PIECE_BYTES = 64 << 10;
const PIECES = 512;
const PART_BYTES = 1 << 20;

/**
 * Samples a file: its first and last 64 KiB, where the tables of every format begin or end, and 48 pieces of 4 KiB
 * spread over the rest. Under 0.4 MB whatever the size. A change that keeps size and time and misses every sample
 * goes unnoticed; nothing that writes to a disk image does all three by accident.
 */
export async function fingerprintImage(
  source: ByteSource,
  options: { lastModified?: number } = {},
): Promise<ImageFingerprint> {
  return {
    sizeBytes: source.sizeBytes,
    lastModified: options.lastModified ?? null,
    sampleSha256: toHex(await sha256(await readPlaces(source, samplePlaces(source.sizeBytes)))),
  };
}

/**
 * Rejects with `image/changed` unless the file is, as far as size and samples tell, the one that had the fingerprint.
 * Whether it has the same time as well is the answer: where it has another one, or none is known, the bytes are to be
 * looked at more closely (`sumMore`). Times change without contents: by an hour on a FAT stick when the clocks change,
 * and with every copy.
 */
export async function checkFingerprint(
  source: ByteSource,
  expected: ImageFingerprint,
  options: { lastModified?: number } = {},
): Promise<{ isSameTime: boolean }> {
  if (source.sizeBytes !== expected.sizeBytes) {
    throw imageError(source, 'image/changed', {}, `size ${expected.sizeBytes} → ${source.sizeBytes}`);
  }
  const { sampleSha256 } = await fingerprintImage(source);
  if (sampleSha256 !== expected.sampleSha256) throw imageError(source, 'image/changed', {}, 'contents');
  const time = options.lastModified ?? null;
  return { isSameTime: time !== null && time === expected.lastModified };
}

/**
 * SHA-256, in hex, of much more of a file than its samples: all of it up to 64 MiB, else 512 pieces of 64 KiB spread
 * over it; and of `places` that tell the most. Reads up to 64 MiB.
 */
export async function sumMore(source: ByteSource, places: readonly Uint8Array[]): Promise<string> {
  const sums: Uint8Array[] = [];
  for (const { offset, length } of manyPlaces(source.sizeBytes))
    sums.push(await sha256(await source.read(offset, length)));
  for (const place of places) sums.push(await sha256(place));
  return toHex(await sha256(join(sums)));
}

function manyPlaces(sizeBytes: number): { offset: number; length: number }[] {
  const isWhole = sizeBytes <= WHOLE_BYTES;
  const count = isWhole ? Math.ceil(sizeBytes / PART_BYTES) : PIECES;
  return Array.from({ length: count }, (_, index) =>
    isWhole
      ? { offset: index * PART_BYTES, length: Math.min(PART_BYTES, sizeBytes - index * PART_BYTES) }
      : { offset: Math.floor(((sizeBytes - PIECE_BYTES) * index) / (PIECES - 1)), length: PIECE_BYTES },
  );
}

async function readPlaces(
  source: ByteSource,
  places: readonly { offset: number; length: number }[],
): Promise<Uint8Array<ArrayBuffer>> {
  return join(await Promise.all(places.map(({ offset, length }) => source.read(offset, length))));
}

function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

async function sha256(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await webCrypto().digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
}

const toHex = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

function samplePlaces(sizeBytes: number): { offset: number; length: number }[] {
  if (sizeBytes <= 2 * EDGE_BYTES + SAMPLES * SAMPLE_BYTES) return [{ offset: 0, length: sizeBytes }];
  const inner = sizeBytes - 2 * EDGE_BYTES - SAMPLE_BYTES;
  const places = [{ offset: 0, length: EDGE_BYTES }];
  for (let index = 0; index < SAMPLES; index++) {
    const offset = EDGE_BYTES + Math.floor((inner * index) / (SAMPLES - 1));
    places.push({ offset, length: SAMPLE_BYTES });
  }
  places.push({ offset: sizeBytes - EDGE_BYTES, length: EDGE_BYTES });
  return places;
}
