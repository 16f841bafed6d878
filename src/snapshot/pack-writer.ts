import { encodePackInto, MOST_PACK_BYTES } from './pack-record.ts';
import { PACK_PAGES, PAGE_BYTES, type PageCodec } from './page-codec.ts';
import { placeAt } from './places.ts';

/** Makes packs durable: resolves when they are, all in one step. Their bytes are the caller's again afterwards. */
export type StorePacks = (
  packs: readonly (readonly [number: number, bytes: Uint8Array<ArrayBuffer>])[],
) => Promise<void>;

/** Packs that go into one step, and so into one bundle: up to 8 MiB. */
export const STEP_PACKS = 8;

/**
 * Gathers pages into packs, and packs into steps. `add` copies at once and only that: it is what happens while the
 * guest stands still. What is gathered waits, unpacked, until `store`.
 */
export class PackWriter {
  readonly #codec: PageCodec;
  readonly #store: StorePacks;
  readonly #from: number;
  readonly #full: Uint8Array[] = [];
  /** Buffers of packs that are stored, to be used again: 400 fresh ones would wait for the garbage collector. */
  readonly #spare: Uint8Array<ArrayBuffer>[] = [];
  /** Where the packs of a step are put together; made when the first is. */
  #step: Uint8Array<ArrayBuffer> | null = null;
  #open = new Uint8Array(0);
  #inOpen = 0;
  #begun = 0;
  #stored = 0;
  readonly #written = new Map<number, { bytes: number; pages: number }>();

  /** `from`: the number of the first pack that is written. */
  constructor(codec: PageCodec, from: number, store: StorePacks) {
    this.#codec = codec;
    this.#from = from;
    this.#store = store;
  }

  /** Copies a page and gives the place where it will be. */
  add(page: Uint8Array): number {
    if (this.#inOpen === 0) {
      this.#open = this.#spare.pop() ?? new Uint8Array(PACK_PAGES * PAGE_BYTES);
      this.#begun++;
    }
    this.#open.set(page, this.#inOpen * PAGE_BYTES);
    const place = placeAt(this.#from + this.#begun - 1, this.#inOpen);
    this.#inOpen++;
    if (this.#inOpen === PACK_PAGES) this.#close();
    return place;
  }

  /** Bytes that were copied and are not stored. */
  get waitingBytes(): number {
    return (this.#full.length + (this.#inOpen > 0 ? 1 : 0)) * PACK_PAGES * PAGE_BYTES;
  }

  /** The number after that of the last pack. */
  get end(): number {
    return this.#from + this.#begun;
  }

  /** What was stored so far, by pack. */
  get written(): ReadonlyMap<number, { bytes: number; pages: number }> {
    return this.#written;
  }

  /** Packs and stores one step of what waits; only whole packs unless `all`. False when there was nothing. */
  async store(all = false): Promise<boolean> {
    if (all && this.#inOpen > 0 && this.#full.length < STEP_PACKS) this.#close();
    const raw = this.#full.splice(0, STEP_PACKS);
    if (raw.length === 0) return false;
    const step = (this.#step ??= new Uint8Array(STEP_PACKS * MOST_PACK_BYTES));
    let at = 0;
    const packs = raw.map((pages) => {
      const number = this.#from + this.#stored++;
      const room = step.subarray(at, at + MOST_PACK_BYTES);
      const bytes = encodePackInto(room, this.#codec, number, pages);
      at += bytes.length;
      return { number, pages: pages.length / PAGE_BYTES, bytes };
    });
    for (const { buffer } of raw) if (buffer instanceof ArrayBuffer) this.#spare.push(new Uint8Array(buffer));
    await this.#store(packs.map(({ number, bytes }) => [number, bytes] as const));
    for (const { number, pages, bytes } of packs) this.#written.set(number, { bytes: bytes.length, pages });
    return true;
  }

  #close(): void {
    this.#full.push(this.#open.subarray(0, this.#inOpen * PAGE_BYTES));
    this.#inOpen = 0;
  }
}
