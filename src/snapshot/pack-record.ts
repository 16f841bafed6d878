import { PACK_PAGES, PAGE_BYTES, type PageCodec } from './page-codec.ts';

const MAGIC = 0x4b504d56; // "VMPK"
const VERSION = 1;
const HEADER_BYTES = 32;
const RAW = 0;
const LZ4 = 1;

/**
 * A stored pack of up to 256 pages, version 1: little-endian u32 words magic, version, number of the pack, pages,
 * method (0 as they are, 1 LZ4 block), stored length, XXH64 of the pages (two words), then the stored bytes. A pack is
 * written once and never changed; the number ties it to its place.
 *
 * Why LZ4: on the memory of a Linux guest, packs of 1 MiB, processor time on one machine: LZ4 in wasm packs 349 MB/s and
 * unpacks 695 MB/s to 62 %; zstd 1 in wasm 242 and 573 MB/s to 55 %; deflate 1 (what a CompressionStream does) 74 and
 * 296 MB/s to 54 %. A moment has to be there again in two seconds, and an eighth more room is a fair price.
 */
export function encodePack(codec: PageCodec, pack: number, pages: Uint8Array): Uint8Array<ArrayBuffer> {
  return encodePackInto(new Uint8Array(MOST_PACK_BYTES), codec, pack, pages).slice();
}

/** Bytes that a stored pack takes at most. */
export const MOST_PACK_BYTES = HEADER_BYTES + PACK_PAGES * PAGE_BYTES;

/** The same at the beginning of `room`, of `MOST_PACK_BYTES`; gives the part of it that was filled. */
export function encodePackInto(
  room: Uint8Array<ArrayBuffer>,
  codec: PageCodec,
  pack: number,
  pages: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const check = codec.hash(pages);
  const packed = codec.packed(pages);
  const stored = packed ?? pages;
  room.set(stored, HEADER_BYTES);
  const header = new Uint32Array([
    MAGIC,
    VERSION,
    pack,
    pages.length / PAGE_BYTES,
    packed ? LZ4 : RAW,
    stored.length,
    Number(check & 0xffff_ffffn),
    Number(check >> 32n),
  ]);
  room.set(new Uint8Array(header.buffer));
  return room.subarray(0, HEADER_BYTES + stored.length);
}

/** The pages of a pack, as a view that the codec's next call may overwrite; null when it is not that pack, whole. */
export function decodePack(codec: PageCodec, pack: number, value: unknown): Uint8Array | null {
  if (!(value instanceof Uint8Array) || value.length < HEADER_BYTES) return null;
  const words = new Uint32Array(value.slice(0, HEADER_BYTES).buffer);
  const [magic, version, number, count, method, length, low, high] = words;
  if (magic !== MAGIC || version !== VERSION || number !== pack) return null;
  if (count === 0 || count > PACK_PAGES || length !== value.length - HEADER_BYTES) return null;
  const stored = value.subarray(HEADER_BYTES);
  const pages = method === LZ4 ? codec.unpack(stored, count * PAGE_BYTES) : method === RAW ? stored : null;
  if (!pages || pages.length !== count * PAGE_BYTES) return null;
  // Hashing copies the pages to where packed bytes go, which is beside where they were unpacked to.
  const check = codec.hash(pages);
  return check === (BigInt(high) << 32n) + BigInt(low) ? pages : null;
}

/** A stored pack that `decodePack` took, under another number. */
export function renumberPack(bytes: Uint8Array, pack: number): Uint8Array<ArrayBuffer> {
  const copy = bytes.slice();
  new DataView(copy.buffer).setUint32(8, pack, true);
  return copy;
}

/** How many pages a pack holds, from its header. */
export function pagesOfPack(bytes: Uint8Array): number {
  return new Uint32Array(bytes.slice(12, 16).buffer)[0];
}
