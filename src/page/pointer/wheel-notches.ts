/** Whole notches of a wheel: right and down are positive. */
export interface Notches {
  dx: number;
  dy: number;
}

/** What of a WheelEvent counts (UI Events, WheelEvent.deltaMode: 0 pixels, 1 lines, 2 pages). */
export interface WheelTurn {
  deltaX: number;
  deltaY: number;
  deltaMode: number;
}

/**
 * One notch of a mouse in each of the modes: Chromium reports 100 to 120 pixels, Firefox 3 lines; a page is a notch
 * by itself.
 */
const NOTCH = [100, 3, 1];
/** The guest's wheel register holds -8..7. */
const MAX_NOTCHES = 7;

/**
 * Turns the wheel of any device into whole notches: a mouse's turn at once, a touch pad's many small ones as they
 * add up. Turning back starts from zero, so that the first notch the other way is not swallowed.
 */
export class WheelNotches {
  readonly #notchPixels: number;
  #restX = 0;
  #restY = 0;

  /** `notchPixels`: how many pixels make one notch. */
  constructor(notchPixels = NOTCH[0]) {
    this.#notchPixels = notchPixels;
  }

  /** The notches that this turn completes, each at most 7 in either direction; null when none is complete. */
  add({ deltaX, deltaY, deltaMode }: WheelTurn): Notches | null {
    const unit = deltaMode === 0 ? this.#notchPixels : (NOTCH[deltaMode] ?? this.#notchPixels);
    this.#restX = accumulate(this.#restX, deltaX / unit);
    this.#restY = accumulate(this.#restY, deltaY / unit);
    const dx = Math.trunc(this.#restX);
    const dy = Math.trunc(this.#restY);
    this.#restX -= dx;
    this.#restY -= dy;
    return dx === 0 && dy === 0 ? null : { dx, dy };
  }

  /** Forgets a turn that did not complete a notch. */
  reset(): void {
    this.#restX = 0;
    this.#restY = 0;
  }
}

function accumulate(rest: number, delta: number): number {
  if (!Number.isFinite(delta)) return rest;
  const sum = rest * delta < 0 ? delta : rest + delta;
  return Math.max(-MAX_NOTCHES, Math.min(MAX_NOTCHES, sum));
}
