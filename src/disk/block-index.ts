/** Entries of one part of the index: parts exist only where something is mapped. */
export const PART_ENTRIES = 256;
const NO_PART = new Uint32Array(0);

/**
 * A sparse map from block number to a place (a positive 32-bit number; 0: not mapped). Takes about 5 bytes for each
 * mapped block where they lie together, so 1.2 MiB for a GiB.
 */
export class BlockIndex {
  readonly #parts = new Map<number, Uint32Array>();
  /** The part that was written last: what is mapped next is mostly its neighbour. */
  #lastNumber = -1;
  #lastPart: Uint32Array = NO_PART;

  get(block: number): number {
    const part = this.#parts.get(Math.floor(block / PART_ENTRIES));
    return part === undefined ? 0 : part[block % PART_ENTRIES];
  }

  /** The places of a part's blocks, which change with the index; undefined when none of them is mapped. */
  part(number: number): Readonly<Uint32Array> | undefined {
    return this.#parts.get(number);
  }

  /** The parts in which any block is mapped, in no order. */
  partNumbers(): Iterable<number> {
    return this.#parts.keys();
  }

  /** Maps a block and returns where it was mapped before. */
  set(block: number, place: number): number {
    const number = Math.floor(block / PART_ENTRIES);
    const part = number === this.#lastNumber ? this.#lastPart : this.#partToWrite(number);
    const before = part[block % PART_ENTRIES];
    part[block % PART_ENTRIES] = place;
    return before;
  }

  #partToWrite(number: number): Uint32Array {
    let part = this.#parts.get(number);
    if (part === undefined) {
      part = new Uint32Array(PART_ENTRIES);
      this.#parts.set(number, part);
    }
    this.#lastNumber = number;
    this.#lastPart = part;
    return part;
  }

  /** Calls `visit` for every mapped block, in no order. */
  forEach(visit: (block: number, place: number) => void): void {
    for (const [number, part] of this.#parts) {
      for (let i = 0; i < PART_ENTRIES; i++) {
        if (part[i] !== 0) visit(number * PART_ENTRIES + i, part[i]);
      }
    }
  }

  /** Memory taken, in bytes. */
  get sizeBytes(): number {
    return this.#parts.size * PART_ENTRIES * 4;
  }
}
