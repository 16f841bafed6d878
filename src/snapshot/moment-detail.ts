import { openSealed, sealBytes } from './sealed-bytes.ts';
import { decodePlaces, encodePlaces, type Places } from './places.ts';
import type { PageCodec } from './page-codec.ts';

/** What it takes to go on from a moment, beside its pages. */
export interface MomentDetail {
  readonly places: Places;
  /** The devices' state, as the engine made it. */
  readonly devices: Uint8Array;
}

/** A small picture of the screen. */
export interface Thumbnail {
  /** A media type: 'image/png'. */
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * The most that is read as a detail: places of 2 GiB of memory that are all apart take 4.4 MiB, the largest floppy 3.8,
 * and the devices less than one.
 */
export const MOST_DETAIL_BYTES = 10 * 2 ** 20;

/** Sealed: length of the places (u32), the places, the devices. */
export function encodeDetail(codec: PageCodec, { places, devices }: MomentDetail): Uint8Array<ArrayBuffer> {
  const runs = encodePlaces(places);
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, runs.length, true);
  return sealBytes(codec, length, runs, devices);
}

/** Null when it is damaged or of a machine with another number of pages; with `pageCount` null any number will do. */
export function decodeDetail(
  codec: PageCodec,
  value: unknown,
  pageCount: number | null,
): MomentDetail | null {
  const bytes = openSealed(codec, value, MOST_DETAIL_BYTES);
  if (!bytes || bytes.length < 4) return null;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  if (length > bytes.length - 4) return null;
  const places = decodePlaces(bytes.subarray(4, 4 + length), pageCount);
  return places && { places, devices: bytes.subarray(4 + length) };
}
