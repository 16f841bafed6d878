/** Bytes fetched ahead when a reader has just been noticed; twice as many each time, up to the most. */
const FIRST_BYTES = 0x10_0000;

/**
 * Notices that someone reads one thing after the other, and says which bytes they will want next. Each of the
 * consecutive answers goes on where the one before ended, and is given when half of that is left: so what is fetched
 * ahead is asked for in a few large parts, of which one is under way while the other is read.
 */
export class ReadAhead {
  readonly #mostBytes: number;
  #nextOffset = -1;
  #streak = 0;
  #askedUntil = 0;
  #distanceBytes = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** To be told of every read; the range to fetch ahead, or null. */
  note(offsetBytes: number, lengthBytes: number): { from: number; to: number } | null {
    const end = offsetBytes + lengthBytes;
    const goesOn = offsetBytes === this.#nextOffset;
    this.#nextOffset = end;
    this.#streak = goesOn ? this.#streak + 1 : 0;
    if (!goesOn) {
      this.#askedUntil = end;
      this.#distanceBytes = FIRST_BYTES / 2;
    }
    if (this.#streak < 2 || this.#askedUntil - end > this.#distanceBytes / 2) return null;
    this.#distanceBytes = Math.min(this.#distanceBytes * 2, this.#mostBytes);
    const from = Math.max(end, this.#askedUntil);
    const to = end + this.#distanceBytes;
    this.#askedUntil = to;
    return { from, to };
  }

  /** Part of the last answer was not fetched after all: ask again from there. */
  fetchedUntil(offsetBytes: number): void {
    this.#askedUntil = Math.min(this.#askedUntil, offsetBytes);
  }
}
