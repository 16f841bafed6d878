import { assert } from '../../lib/assert.ts';
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

/** Slots that are kept together. */
const SLOTS = 1024;
/** Up to so many of them are listed; a table of all takes hardly more room for more. */
const MOST_LISTED = 512;
/** Of a listed word, the bits of a value; the others are its slot's. */
const VALUE_BITS = 22;

/**
 * The same for parts of one length that begin at any sector, such as VHD blocks. Takes memory for what is claimed, however
 * far apart that lies in the file: at most 8 bytes for each part, and some hundred for each 1024 slots.
 */
export class SpanClaims {
  readonly #spanSectors: number;
  /** Slot `n` holds 1 + the start, within the slot's span, of the part that begins in sectors n·span … (n+1)·span. */
  readonly #starts = new Map<number, SlotGroup>();

  /** Parts of up to two GiB. */
  constructor(spanSectors: number) {
    assert(spanSectors < 2 ** VALUE_BITS, 'a place in a part fits into its bits');
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
    return slot < 0 ? 0 : (this.#starts.get(Math.floor(slot / SLOTS))?.get(slot % SLOTS) ?? 0);
  }

  #set(slot: number, value: number): void {
    const key = Math.floor(slot / SLOTS);
    let group = this.#starts.get(key);
    if (group === undefined) this.#starts.set(key, (group = new SlotGroup()));
    group.set(slot % SLOTS, value);
  }
}

/** 1024 slots of which some have a value: a list of both in order, or the values of all when there are many. */
class SlotGroup {
  /** Listed: slot and value in one word. A table when it is as long as there are slots. */
  #words = new Uint32Array(16);
  #count = 0;

  get(slot: number): number {
    if (this.#isTable) return this.#words[slot];
    const at = this.#placeOf(slot);
    return at < this.#count && this.#words[at] >>> VALUE_BITS === slot
      ? this.#words[at] & (2 ** VALUE_BITS - 1)
      : 0;
  }

  /** Sets a slot that has no value yet. */
  set(slot: number, value: number): void {
    if (this.#count === MOST_LISTED && !this.#isTable) this.#makeTable();
    if (this.#isTable) {
      this.#words[slot] = value;
      return;
    }
    if (this.#count === this.#words.length) {
      const words = new Uint32Array(this.#words.length * 2);
      words.set(this.#words);
      this.#words = words;
    }
    const at = this.#placeOf(slot);
    this.#words.copyWithin(at + 1, at, this.#count);
    this.#words[at] = slot * 2 ** VALUE_BITS + value;
    this.#count++;
  }

  get #isTable(): boolean {
    return this.#words.length === SLOTS;
  }

  #makeTable(): void {
    const table = new Uint32Array(SLOTS);
    for (const word of this.#words) table[word >>> VALUE_BITS] = word & (2 ** VALUE_BITS - 1);
    this.#words = table;
  }

  /** Where in the list the slot is or belongs. */
  #placeOf(slot: number): number {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#words[middle] >>> VALUE_BITS < slot) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
