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

/**
 * Samples a file: its first and last 64 KiB, where the tables of every format begin or end, and 48 pieces of 4 KiB
 * spread over the rest. Under 0.4 MB whatever the size. A change that keeps size and time and misses every sample
 * goes unnoticed; nothing that writes to a disk image does all three by accident.
 */
export async function fingerprintImage(
  source: ByteSource,
  options: { lastModified?: number } = {},
): Promise<ImageFingerprint> {
  const parts = await Promise.all(
    samplePlaces(source.sizeBytes).map(({ offset, length }) => source.read(offset, length)),
  );
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', all));
  return {
    sizeBytes: source.sizeBytes,
    lastModified: options.lastModified ?? null,
    sampleSha256: [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join(''),
  };
}

/**
 * Rejects with `image/changed` unless the file is, as far as size, time and samples tell, the one that had the
 * fingerprint. A time that is unknown on either side is not compared.
 */
export async function checkFingerprint(
  source: ByteSource,
  expected: ImageFingerprint,
  options: { lastModified?: number } = {},
): Promise<void> {
  const time = options.lastModified ?? null;
  if (source.sizeBytes !== expected.sizeBytes) {
    throw imageError(source, 'image/changed', {}, `size ${expected.sizeBytes} → ${source.sizeBytes}`);
  }
  if (time !== null && expected.lastModified !== null && time !== expected.lastModified) {
    throw imageError(source, 'image/changed', {}, `time ${expected.lastModified} → ${time}`);
  }
  const { sampleSha256 } = await fingerprintImage(source);
  if (sampleSha256 !== expected.sampleSha256) throw imageError(source, 'image/changed', {}, 'contents');
}

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
