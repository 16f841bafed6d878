import { BitSet } from './bit-set.ts';

/**
 * Who owns which part of an image file, so that two tables that point to one place are noticed (an honest image
 * never has them). Parts are claimed when the table that points to them is read for the first time: an overlap
 * comes to light no later than the second of its two tables is used.
 */
export class ClusterClaims {
  readonly #whole = new BitSet();
  readonly #shared = new BitSet();

  /** Claims an aligned cluster for one owner; false when anybody had it. */
  claim(cluster: number): boolean {
    return !this.#shared.has(cluster) && this.#whole.add(cluster);
  }

  /** Claims a cluster that several may share (compressed data is packed byte by byte); false when it has one owner. */
  claimShared(cluster: number): boolean {
    this.#shared.add(cluster);
    return !this.#whole.has(cluster);
  }
}

const SLOTS = 1024;

/** The same for parts of one length that begin at any sector, such as VHD blocks. */
export class SpanClaims {
  readonly #spanSectors: number;
  /** Slot `n` holds 1 + the start, within the slot's span, of the part that begins in sectors n·span … (n+1)·span. */
  readonly #starts = new Map<number, Uint32Array>();

  constructor(spanSectors: number) {
    this.#spanSectors = spanSectors;
  }

  /** Claims the span that begins at `sector`; false when it overlaps one that was claimed. */
  claim(sector: number): boolean {
    const slot = Math.floor(sector / this.#spanSectors);
    const within = sector % this.#spanSectors;
    // Two parts in one slot always overlap; a neighbour does when it is less than a span away.
    if (this.#get(slot) !== 0 || this.#get(slot - 1) - 1 > within) return false;
    const after = this.#get(slot + 1);
    if (after !== 0 && after - 1 < within) return false;
    this.#set(slot, within + 1);
    return true;
  }

  #get(slot: number): number {
    return slot < 0 ? 0 : (this.#starts.get(Math.floor(slot / SLOTS))?.[slot % SLOTS] ?? 0);
  }

  #set(slot: number, value: number): void {
    const key = Math.floor(slot / SLOTS);
    let chunk = this.#starts.get(key);
    if (chunk === undefined) this.#starts.set(key, (chunk = new Uint32Array(SLOTS)));
    chunk[slot % SLOTS] = value;
  }
}
