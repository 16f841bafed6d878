/** Whole notches of a wheel: right and down are positive. */
export interface Notches {
  dx: number;
  dy: number;
}

/** The guest's wheel register holds -8..7. */
export const MAX_NOTCHES = 7;

/**
 * Adds up motion that has no notches of its own, in parts of a notch, and gives it out in whole ones. Turning back
 * starts from zero, so that the first notch the other way is not swallowed.
 */
export class NotchSum {
  #rest = 0;

  /** The whole notches that `part` completes, at most 7 in either direction. */
  add(part: number): number {
    if (!Number.isFinite(part)) return 0;
    const sum = this.#rest * part < 0 ? part : this.#rest + part;
    const kept = Math.max(-MAX_NOTCHES, Math.min(MAX_NOTCHES, sum));
    // Ten tenths are one, in spite of binary fractions.
    const whole = Math.trunc(kept + Math.sign(kept) * 1e-9);
    this.#rest = kept - whole;
    return whole;
  }

  /** Forgets motion that did not complete a notch, and begins with `part` of one (negative: a debt, if turned down). */
  reset(part = 0): void {
    this.#rest = part;
  }
}
