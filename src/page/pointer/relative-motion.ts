/** A step of a relative pointer in whole counts. */
export interface MotionStep {
  dx: number;
  dy: number;
}

/**
 * The longest step in one packet. A PS/2 packet has nine bits for each axis, but v86 cuts to eight, so that 128
 * would come out as -128.
 */
export const MAX_STEP = 127;
/** Beyond this many counts at once a browser is telling of a jump, not of a hand (a 32-bit value gone wrong). */
const MAX_MOTION = 127 * 64;

/**
 * Turns motion in fractions of a pixel into whole steps of at most 127 counts. What is less than a count is kept
 * for the next motion, so a slow hand gets as far as a quick one. A long diagonal is cut into steps of the same
 * direction, so the pointer goes straight.
 */
export class RelativeMotion {
  #restX = 0;
  #restY = 0;

  /** The steps for a motion of `dx`, `dy` (any unit, any sign); their sum is all whole counts so far. */
  add(dx: number, dy: number): MotionStep[] {
    this.#restX = clamp(this.#restX + finite(dx), MAX_MOTION);
    this.#restY = clamp(this.#restY + finite(dy), MAX_MOTION);
    const wholeX = Math.trunc(this.#restX);
    const wholeY = Math.trunc(this.#restY);
    this.#restX -= wholeX;
    this.#restY -= wholeY;
    const count = Math.ceil(Math.max(Math.abs(wholeX), Math.abs(wholeY)) / MAX_STEP);
    const along = (whole: number, step: number) => Math.round((whole * step) / count);
    return Array.from({ length: count }, (_, index) => ({
      dx: along(wholeX, index + 1) - along(wholeX, index),
      dy: along(wholeY, index + 1) - along(wholeY, index),
    }));
  }

  /** Forgets fractions, when the hand that made them is gone. */
  reset(): void {
    this.#restX = 0;
    this.#restY = 0;
  }
}

function clamp(value: number, limit: number): number {
  return Math.max(-limit, Math.min(limit, value));
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : 0;
}
