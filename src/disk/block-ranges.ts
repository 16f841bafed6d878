/** Blocks of a disk as ranges that ascend and neither meet nor overlap. */
export class BlockRanges {
  readonly #firsts: number[] = [];
  readonly #ends: number[] = [];

  /** All blocks from `first` to `end` (exclusive). */
  static of(first: number, end: number): BlockRanges {
    const ranges = new BlockRanges();
    ranges.add(first, end);
    return ranges;
  }

  /** Takes blocks in that do not begin before the last range that was taken in. */
  add(first: number, end: number): void {
    const last = this.#ends.length - 1;
    if (end <= first) return;
    if (last >= 0 && first <= this.#ends[last]) this.#ends[last] = Math.max(this.#ends[last], end);
    else {
      this.#firsts.push(first);
      this.#ends.push(end);
    }
  }

  /** The range that has a block, or the next one after it; null when there is none. */
  at(block: number): { readonly first: number; readonly end: number } | null {
    let low = 0;
    let high = this.#ends.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#ends[middle] <= block) low = middle + 1;
      else high = middle;
    }
    return low < this.#ends.length ? { first: this.#firsts[low], end: this.#ends[low] } : null;
  }
}
