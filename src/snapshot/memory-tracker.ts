import { assert } from '../lib/assert.ts';
import { PACK_PAGES, PAGE_BYTES, type PageCodec } from './page-codec.ts';
import { livePages, packOf, slotOf, type Places } from './places.ts';
import type { PackWriter } from './pack-writer.ts';

/** The memory of a machine, page by page: its RAM, then its video memory. */
export interface PagedMemory {
  readonly pageCount: number;
  readonly codec: PageCodec;
  /** The bytes of a page as a view, valid until the machine runs or anything is allocated. */
  page(page: number): Uint8Array;
  /** The bytes of up to `count` pages from a page on, at least of one, as such a view: those that lie together. */
  run(first: number, count: number): Uint8Array;
  /** Pages, to `to` exclusive, that are zeros because the machine was never run; none once it was. */
  readonly untouched: { readonly from: number; readonly to: number };
  /** Scans from a page on; may look at fewer than `count`, at least at one. Numbers in `changed` are relative. */
  scan(first: number, count: number): { looked: number; changed: Uint32Array };
}

/** Bytes that may wait in memory while the guest stands still, before it has to wait for the store. */
const MOST_WAITING_BYTES = 64 * 2 ** 20;
/** Bytes that wait at most while the guest runs on. */
const RUNNING_WAITING_BYTES = 8 * 2 ** 20;
/** Pages looked at in one turn while the guest runs: 4 MiB, a few milliseconds. */
const TURN_PAGES = 1024;
/** Packs of which a moment keeps less than this are written anew with what changed, so that the old ones can go. */
const WORTH_KEEPING = 0.25;
const MOST_REWRITTEN_PAGES = 16 * PACK_PAGES;

/**
 * Knows where each page of a running machine is stored as it was when last looked at, so that only what changed since
 * is copied. What it knows and the codec's marks belong together: both are of the same moment, page by page.
 */
export class MemoryTracker {
  readonly #memory: PagedMemory;
  #places: Places;
  #valid = true;
  /** Whether anything was ever looked at or put in. */
  #used = false;

  /** A memory that was never looked at counts as zeros, as fresh memory is. */
  constructor(memory: PagedMemory) {
    this.#memory = memory;
    this.#places = new Uint32Array(memory.pageCount);
  }

  /** Where everything is, as a copy. */
  places(): Places {
    return this.#places.slice();
  }

  /**
   * While the guest runs: copies and stores what changed since the last time, in turns, so that little is left for
   * the moment when it stands still. `rest` lets the guest run between two turns.
   */
  async copyAhead(writer: PackWriter, rest: () => Promise<void>): Promise<void> {
    this.#begin();
    for (let at = 0; at < this.#memory.pageCount;) {
      at = this.#copy(writer, at, Math.min(at + TURN_PAGES, this.#memory.pageCount));
      if (writer.waitingBytes > RUNNING_WAITING_BYTES) await writer.store();
      await rest();
    }
  }

  /**
   * While the guest stands still: copies what changed since the last time. Waits for the store only when more would
   * wait in memory than may.
   */
  async copy(writer: PackWriter): Promise<void> {
    this.#begin();
    for (let at = 0; at < this.#memory.pageCount;) {
      at = this.#copy(writer, at, this.#memory.pageCount, MOST_WAITING_BYTES);
      while (writer.waitingBytes > MOST_WAITING_BYTES) if (!(await writer.store())) break;
    }
  }

  /** Has pages of packs that are hardly used any more copied again, so that nothing refers to those packs afterwards. */
  leaveWastefulPacks(pagesInPack: (pack: number) => number, mayLeave: (pack: number) => boolean): void {
    const leave = new Set<number>();
    let pages = 0;
    for (const [pack, live] of [...livePages(this.#places)].sort((a, b) => a[1] - b[1])) {
      if (live > WORTH_KEEPING * pagesInPack(pack) || !mayLeave(pack)) continue;
      if ((pages += live) > MOST_REWRITTEN_PAGES) break;
      leave.add(pack);
    }
    this.forgetPacks(leave);
  }

  /** These packs go: what is in them is copied again the next time. */
  forgetPacks(packs: ReadonlySet<number>): void {
    if (packs.size === 0) return;
    for (let page = 0; page < this.#places.length; page++) {
      if (packs.has(packOf(this.#places[page]))) this.#memory.codec.forgetPage(page);
    }
  }

  /** Pages went to other packs: `moves` gives the new place of each, 0 for a place whose page is stored nowhere now. */
  relocate(moves: (place: number) => number): void {
    for (let page = 0; page < this.#places.length; page++) {
      const place = this.#places[page];
      const next = place === 0 ? 0 : moves(place);
      if (next === 0 && place !== 0) this.#memory.codec.forgetPage(page);
      this.#places[page] = next;
    }
  }

  /** After a pack could not be stored: nothing that is known can be relied on. */
  invalidate(): void {
    this.#valid = false;
  }

  /**
   * Makes the memory what it was at `target`, writing only pages that differ. `readPacks` gives the pages of each pack,
   * in the order asked for, as views that are valid for a turn. When it fails the memory is neither one nor the other.
   */
  async restore(
    target: Places,
    readPacks: (packs: readonly number[]) => AsyncIterable<{ pack: number; pages: Uint8Array }>,
  ): Promise<{ pages: number; packs: number }> {
    assert(target.length === this.#memory.pageCount, 'a moment of a machine of this size');
    const byPack = this.#differences(target);
    const wanted = [...byPack.keys()].filter((pack) => pack !== 0).sort((a, b) => a - b);
    this.#valid = false;
    for (const { first, count } of runsOf(byPack.get(0) ?? [], (page) => page)) this.#put(first, count, null);
    for await (const { pack, pages } of readPacks(wanted)) {
      const slot = (page: number) => slotOf(target[page]);
      for (const { first, count } of runsOf(byPack.get(pack)!, slot)) {
        const at = slot(first) * PAGE_BYTES;
        const end = at + count * PAGE_BYTES;
        assert(end <= pages.length, 'a pack holds the slots that a moment names');
        this.#put(first, count, pages.subarray(at, end));
      }
    }
    this.#places = target.slice();
    this.#valid = true;
    const pages = [...byPack.values()].reduce((sum, { length }) => sum + length, 0);
    return { pages, packs: wanted.length };
  }

  /** Writes pages, zeros for null, and remembers what they are now. */
  #put(first: number, count: number, bytes: Uint8Array | null): void {
    for (let at = 0; at < count;) {
      const view = this.#memory.run(first + at, Math.min(count - at, PACK_PAGES));
      if (bytes) view.set(bytes.subarray(at * PAGE_BYTES, at * PAGE_BYTES + view.length));
      else view.fill(0);
      const written = view.length / PAGE_BYTES;
      this.#memory.scan(first + at, written);
      at += written;
    }
  }

  #differences(target: Places): Map<number, number[]> {
    // Looking at memory that the machine never had makes the system give it out first: a tenth of a cold restore.
    const { from, to } = this.#used ? { from: 0, to: 0 } : this.#memory.untouched;
    this.#begin();
    const differs = new Uint8Array(target.length);
    for (let at = 0; at < target.length;) {
      if (at >= from && at < to) at = to;
      const end = at < from ? from : target.length;
      const { looked, changed } = this.#memory.scan(at, end - at);
      for (const page of changed) differs[at + page] = 1;
      at += looked;
    }
    const byPack = new Map<number, number[]>();
    for (let page = 0; page < target.length; page++) {
      if (differs[page] === 0 && this.#places[page] === target[page]) continue;
      const pack = packOf(target[page]);
      const pages = byPack.get(pack);
      if (pages) pages.push(page);
      else byPack.set(pack, [page]);
    }
    return byPack;
  }

  /** Copies what changed between two pages, up to the end or until too much waits; gives the page to go on with. */
  #copy(writer: PackWriter, from: number, to: number, most = Infinity): number {
    let at = from;
    while (at < to && writer.waitingBytes <= most) {
      const { looked, changed } = this.#memory.scan(at, to - at);
      for (const relative of changed) {
        const page = at + relative;
        this.#places[page] = this.#memory.codec.isZero(page) ? 0 : writer.add(this.#memory.page(page));
      }
      at += looked;
    }
    return at;
  }

  #begin(): void {
    this.#used = true;
    if (this.#valid) return;
    this.#memory.codec.forget();
    this.#places.fill(0);
    this.#valid = true;
  }
}

/** Ascending pages whose slots follow each other as they do, together. */
function* runsOf(
  pages: readonly number[],
  slot: (page: number) => number,
): Generator<{ first: number; count: number }> {
  for (let at = 0; at < pages.length;) {
    const first = pages[at];
    let count = 1;
    while (pages[at + count] === first + count && slot(first + count) - slot(first) === count) count++;
    yield { first, count };
    at += count;
  }
}
