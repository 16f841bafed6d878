/**
 * Notices that someone reads one thing after the other, and says which bytes they will want next. Each of the
 * consecutive answers goes on where the one before ended.
 */
export class ReadAhead {
  readonly #distanceBytes: number;
  #nextOffset = -1;
  #streak = 0;
  #askedUntil = 0;

  constructor(distanceBytes: number) {
    this.#distanceBytes = distanceBytes;
  }

  /** To be told of every read; the range to fetch ahead, or null. */
  note(offsetBytes: number, lengthBytes: number): { from: number; to: number } | null {
    const end = offsetBytes + lengthBytes;
    const goesOn = offsetBytes === this.#nextOffset;
    this.#nextOffset = end;
    this.#streak = goesOn ? this.#streak + 1 : 0;
    if (!goesOn) this.#askedUntil = end;
    if (this.#streak < 2) return null;
    const from = Math.max(end, this.#askedUntil);
    const to = end + this.#distanceBytes;
    if (to <= from) return null;
    this.#askedUntil = to;
    return { from, to };
  }

  /** Part of the last answer was not fetched after all: ask again from there. */
  fetchedUntil(offsetBytes: number): void {
    this.#askedUntil = Math.min(this.#askedUntil, offsetBytes);
  }
}
