import { PACK_PAGES } from './page-codec.ts';

/**
 * Where each page of a moment is stored: `pack × 256 + slot`, or 0 for a page of zeros, which is stored nowhere. Packs
 * are numbered from 1. A `Places` has one word for each page: the memory's first, then the video memory's.
 */
export type Places = Uint32Array<ArrayBuffer>;

export const packOf = (place: number): number => Math.floor(place / PACK_PAGES);
export const slotOf = (place: number): number => place % PACK_PAGES;
export const placeAt = (pack: number, slot: number): number => pack * PACK_PAGES + slot;

/** The packs that any page is in, in order. */
export function packsOf(places: Places): number[] {
  return [...livePages(places).keys()].sort((a, b) => a - b);
}

/** How many pages of these are in each pack. */
export function livePages(places: Places): Map<number, number> {
  const live = new Map<number, number>();
  let last = 0;
  let count = 0;
  for (const place of places) {
    const pack = packOf(place);
    if (pack === last) {
      count++;
      continue;
    }
    if (last !== 0) live.set(last, (live.get(last) ?? 0) + count);
    last = pack;
    count = 1;
  }
  if (last !== 0) live.set(last, (live.get(last) ?? 0) + count);
  return live;
}

/** As runs of two words: first place and length. A run of zeros has the first place 0; others count up. */
export function encodePlaces(places: Places): Uint8Array<ArrayBuffer> {
  const runs: number[] = [];
  for (const place of places) {
    const end = runs.length - 2;
    const expected = end < 0 ? -1 : runs[end] === 0 ? 0 : runs[end] + runs[end + 1];
    if (place === expected) runs[end + 1]++;
    else runs.push(place, 1);
  }
  return new Uint8Array(Uint32Array.from(runs).buffer);
}

/** A machine has at most 2047 MiB of memory and some video memory. */
const MOST_PAGES = 2 ** 20;

/** The places of exactly `expected` pages (null: of as many as there are), or null. */
export function decodePlaces(bytes: Uint8Array, expected: number | null): Places | null {
  if (bytes.length % 8 !== 0) return null;
  const runs = new Uint32Array(bytes.slice().buffer);
  const count = expected ?? runs.reduce((sum, word, i) => (i % 2 === 0 ? sum : sum + word), 0);
  if (count > MOST_PAGES) return null;
  const places = new Uint32Array(count);
  let at = 0;
  for (let i = 0; i < runs.length; i += 2) {
    const [first, length] = runs.subarray(i, i + 2);
    if (length > count - at) return null;
    if (first !== 0) for (let k = 0; k < length; k++) places[at + k] = first + k;
    at += length;
  }
  return at === count ? places : null;
}
