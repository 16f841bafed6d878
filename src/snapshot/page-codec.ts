import { assert } from '../lib/assert.ts';
import { PAGES_WASM } from './codec/pages-wasm.ts';

/** The unit of memory: what the guest's processor maps, and what is shared between snapshots. */
export const PAGE_BYTES = 4096;
/** Pages that are packed, stored and unpacked together: 1 MiB. */
export const PACK_PAGES = 256;
const BLOCK_BYTES = PACK_PAGES * PAGE_BYTES;
const TABLE_BYTES = 4 << 14;
const WASM_PAGE_BYTES = 65_536;

interface Exports {
  hash(at: number, length: number): bigint;
  scan(pages: number, count: number, marks: number, list: number, most: number): number;
  pack(at: number, length: number, to: number, room: number, table: number): number;
  unpack(at: number, packed: number, to: number, length: number): number;
}

let compiled: WebAssembly.Module | null = null;

function compile(): WebAssembly.Module {
  if (!compiled) {
    const text = atob(PAGES_WASM);
    compiled = new WebAssembly.Module(Uint8Array.from(text, (char) => char.charCodeAt(0)));
  }
  return compiled;
}

/** Pages that changed: numbers relative to where the scan began. Valid until the next call. */
export interface Scan {
  /** How many pages were looked at: fewer than asked for when the list was full. */
  readonly looked: number;
  readonly changed: Uint32Array;
}

/**
 * Looks for changed pages and packs pages inside a WebAssembly memory that another module owns, so that the guest's
 * memory is read where it is. It grows the memory by some MiB for itself (nothing else finds its way there) and
 * remembers one mark for each watched page: XXH64 of its bytes, 0 for a page of zeros.
 *
 * Growing detaches every view on the memory: make one before the guest's first instruction.
 */
export class PageCodec {
  readonly #memory: WebAssembly.Memory;
  readonly #exports: Exports;
  readonly #marks: number;
  readonly #list: number;
  readonly #table: number;
  readonly #in: number;
  readonly #out: number;
  readonly #pages: number;

  /** `pages`: how many pages can be watched. */
  constructor(memory: WebAssembly.Memory, pages: number) {
    const sizes = [pages * 8, (PACK_PAGES + 1) * 4 + 60, TABLE_BYTES, BLOCK_BYTES, BLOCK_BYTES].map(
      (size) => Math.ceil(size / 64) * 64,
    );
    const total = sizes.reduce((sum, size) => sum + size, 0);
    const start = memory.grow(Math.ceil(total / WASM_PAGE_BYTES)) * WASM_PAGE_BYTES;
    const places: number[] = [];
    sizes.reduce((at, size) => (places.push(at), at + size), start);
    [this.#marks, this.#list, this.#table, this.#in, this.#out] = places as [
      number,
      number,
      number,
      number,
      number,
    ];
    this.#memory = memory;
    this.#pages = pages;
    this.#exports = new WebAssembly.Instance(compile(), { env: { memory } }).exports as unknown as Exports;
  }

  /** With a memory of its own, for bytes that are not in a guest. */
  static standalone(): PageCodec {
    return new PageCodec(new WebAssembly.Memory({ initial: 1 }), 0);
  }

  /**
   * Compares `count` pages at `address` with what they were at the last scan (or `forget`), and remembers what they
   * are. `first` is the number of the first of them among all that are watched; `most`, up to 256, ends the scan
   * early when so many have changed.
   */
  scan(address: number, first: number, count: number, most = PACK_PAGES): Scan {
    assert(first + count <= this.#pages && most <= PACK_PAGES, 'the scan stays within what is watched');
    const marks = this.#marks + first * 8;
    const looked = this.#exports.scan(address, count, marks, this.#list, most) >>> 0;
    const [found] = new Uint32Array(this.#memory.buffer, this.#list, 1);
    return { looked, changed: new Uint32Array(this.#memory.buffer, this.#list + 4, found) };
  }

  /** Whether a page was all zeros at the last scan. */
  isZero(page: number): boolean {
    const mark = new Uint32Array(this.#memory.buffer, this.#marks + page * 8, 2);
    return mark[0] === 0 && mark[1] === 0;
  }

  /** The marks of the watched pages, two words each, as a view: the memory must not grow while it is used. */
  get marks(): Uint32Array {
    return new Uint32Array(this.#memory.buffer, this.#marks, this.#pages * 2);
  }

  /** From here on every page counts as changed. */
  forget(): void {
    // A mark that no page can have would do as well; none is kept for that, since XXH64 may give any.
    this.marks.fill(0xffff_ffff);
  }

  /** From here on this page counts as changed. */
  forgetPage(page: number): void {
    this.marks.fill(0xffff_ffff, page * 2, page * 2 + 2);
  }

  /** XXH64 of up to 1 MiB. */
  hash(bytes: Uint8Array): bigint {
    this.#put(bytes);
    return BigInt.asUintN(64, this.#exports.hash(this.#in, bytes.length));
  }

  /** LZ4 of up to 1 MiB, as a copy; null when packing does not make it smaller. */
  pack(bytes: Uint8Array): Uint8Array<ArrayBuffer> | null {
    return this.packed(bytes)?.slice() ?? null;
  }

  /** The same as a view that the next call overwrites. */
  packed(bytes: Uint8Array): Uint8Array<ArrayBuffer> | null {
    this.#put(bytes);
    const length = this.#exports.pack(this.#in, bytes.length, this.#out, bytes.length, this.#table) >>> 0;
    return length === 0 ? null : new Uint8Array(this.#memory.buffer, this.#out, length);
  }

  /** The `length` bytes (up to 1 MiB) of an LZ4 block, as a view that the next call overwrites; null for a bad block. */
  unpack(packed: Uint8Array, length: number): Uint8Array<ArrayBuffer> | null {
    if (packed.length > BLOCK_BYTES || length > BLOCK_BYTES) return null;
    this.#put(packed);
    if (this.#exports.unpack(this.#in, packed.length, this.#out, length) === 0) return null;
    return new Uint8Array(this.#memory.buffer, this.#out, length);
  }

  #put(bytes: Uint8Array): void {
    assert(bytes.length <= BLOCK_BYTES, 'a block has at most 1 MiB');
    new Uint8Array(this.#memory.buffer, this.#in, bytes.length).set(bytes);
  }
}
