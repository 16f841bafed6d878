const CHUNK_BYTES = 4096;
const CHUNK_BITS = CHUNK_BYTES * 8;

/** A set of numbers from 0 on that takes memory only around its members (4 KiB for each 32,768 in a row). */
export class BitSet {
  readonly #chunks = new Map<number, Uint8Array>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(index: number): boolean {
    const chunk = this.#chunks.get(Math.floor(index / CHUNK_BITS));
    return chunk !== undefined && (chunk[(index % CHUNK_BITS) >> 3] & (1 << (index & 7))) !== 0;
  }

  /** True when it was not a member before. */
  add(index: number): boolean {
    const key = Math.floor(index / CHUNK_BITS);
    let chunk = this.#chunks.get(key);
    if (chunk === undefined) this.#chunks.set(key, (chunk = new Uint8Array(CHUNK_BYTES)));
    const at = (index % CHUNK_BITS) >> 3;
    const bit = 1 << (index & 7);
    if ((chunk[at] & bit) !== 0) return false;
    chunk[at] |= bit;
    this.#size++;
    return true;
  }

  delete(index: number): void {
    const chunk = this.#chunks.get(Math.floor(index / CHUNK_BITS));
    const at = (index % CHUNK_BITS) >> 3;
    const bit = 1 << (index & 7);
    if (chunk === undefined || (chunk[at] & bit) === 0) return;
    chunk[at] &= ~bit;
    this.#size--;
  }

  /** The members from low to high. */
  *[Symbol.iterator](): Generator<number> {
    for (const key of [...this.#chunks.keys()].sort((a, b) => a - b)) {
      const chunk = this.#chunks.get(key)!;
      for (let at = 0; at < CHUNK_BYTES; at++) {
        const byte = chunk[at];
        for (let bit = 0; byte >> bit !== 0; bit++) {
          if (((byte >> bit) & 1) !== 0) yield key * CHUNK_BITS + at * 8 + bit;
        }
      }
    }
  }
}
