import type { Platform } from '../keyboard/platform.ts';
import { MAX_NOTCHES, NotchSum, type Notches } from './notch-sum.ts';

/** What of a WheelEvent counts (UI Events, WheelEvent.deltaMode: 0 pixels, 1 lines, 2 pages). */
export interface WheelTurn {
  readonly deltaMode: number;
  readonly deltaX: number;
  readonly deltaY: number;
  /** 120 for one click of the wheel whatever the zoom, against the sense of `delta`; not in every browser. */
  readonly wheelDeltaX?: number;
  readonly wheelDeltaY?: number;
  /** In milliseconds. */
  readonly timeStamp: number;
}

/** One notch in pixels, at a zoom of 100 %, and in lines. */
const NOTCH_PIXELS = 100;
const NOTCH_LINES = 3;
const WHEEL_DELTA = 120;
/** A pause of so many milliseconds ends a movement: fingers on a touch pad report each frame. */
const PAUSE_MS = 150;
/** No click of a wheel is smaller: at a zoom of 500 % it is 20 pixels. Fingers begin slowly. */
const LEAST_CLICK_PIXELS = 15;
/** The same where the browser says nothing of clicks, so that fingers must be told apart by this alone. */
const LEAST_GUESS_PIXELS = 30;

/**
 * Turns the wheel of any device into whole notches: one for each click of a mouse's wheel, whatever the zoom of the
 * page, the unit of the event and the lines or pages that the system scrolls by; a touch pad's many small movements
 * as they add up.
 */
export class WheelNotches {
  readonly #x: WheelAxis;
  readonly #y: WheelAxis;

  constructor(platform: Platform) {
    this.#x = new WheelAxis(platform);
    this.#y = new WheelAxis(platform);
  }

  /** The notches that this turn completes, each at most 7 in either direction; null when none is complete. */
  add(turn: WheelTurn): Notches | null {
    // Read first: Firefox counts in pixels for a page that did not ask for the unit before.
    const mode = turn.deltaMode;
    const dx = this.#x.add(mode, turn.deltaX, turn.wheelDeltaX ?? 0, turn.timeStamp);
    const dy = this.#y.add(mode, turn.deltaY, turn.wheelDeltaY ?? 0, turn.timeStamp);
    return dx === 0 && dy === 0 ? null : { dx, dy };
  }

  /** Forgets a turn that did not complete a notch. */
  reset(): void {
    this.#x.reset();
    this.#y.reset();
  }
}

class WheelAxis {
  readonly #platform: Platform;
  readonly #smooth = new NotchSum();
  /** Whether the movement is known to be no wheel's. */
  #isSmooth = false;
  /** Pixels of one click in a movement that looks like a wheel's; 0 in a smooth one. */
  #clickPixels = 0;
  /** What such a movement came to, should it turn out to be smooth. */
  #pixels = 0;
  #notches = 0;
  #lastMs = -Infinity;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  reset(): void {
    this.#smooth.reset();
    this.#clickPixels = 0;
    this.#lastMs = -Infinity;
  }

  add(mode: number, delta: number, wheelDelta: number, timeMs: number): number {
    if (delta === 0 || !Number.isFinite(delta)) return 0;
    if (mode === 1) return this.#lines(delta);
    // "One screen at a time" is told as a little less than a page; a wheel of fine steps as small parts.
    if (mode === 2) return Math.abs(delta) < 0.5 ? this.#smooth.add(delta) : wholeClicks(delta);
    const begins = timeMs - this.#lastMs > PAUSE_MS;
    this.#lastMs = timeMs;
    if (begins) this.#begin(Math.abs(delta));
    const clicks = Math.abs(wheelDelta) / WHEEL_DELTA;
    // A browser that has no figure of its own repeats the pixels, which says nothing of clicks.
    const repeats = Math.abs(Math.abs(wheelDelta) - Math.abs(delta)) < 1 && !Number.isInteger(clicks);
    return clicks > 0 && !repeats ? this.#told(delta, clicks) : this.#guessed(delta);
  }

  #begin(size: number): void {
    this.#isSmooth = size < LEAST_CLICK_PIXELS;
    this.#clickPixels =
      size < LEAST_GUESS_PIXELS ? 0 : size / Math.max(1, Math.round(size / (NOTCH_PIXELS * 1.6)));
    this.#pixels = 0;
    this.#notches = 0;
  }

  #lines(delta: number): number {
    // Whole lines are clicks of a wheel, however many lines the system gives to one.
    if (Number.isInteger(delta)) return wholeClicks(delta / NOTCH_LINES);
    return this.#smooth.add(delta / NOTCH_LINES);
  }

  #told(delta: number, clicks: number): number {
    // macOS knows no clicks: it speeds up every device, and the figure is three times the pixels of the screen.
    if (this.#platform === 'mac') return this.#smooth.add(delta / NOTCH_PIXELS);
    // What is smooth once is so to its end, though one of its figures may look like a click's.
    this.#isSmooth ||= !Number.isInteger(clicks);
    if (this.#isSmooth) return this.#smooth.add(delta / NOTCH_PIXELS);
    return wholeClicks(Math.sign(delta) * clicks);
  }

  /** By the sizes alone: a wheel begins with a whole click, and goes on in multiples of it. */
  #guessed(delta: number): number {
    if (this.#clickPixels === 0) return this.#smooth.add(delta / NOTCH_PIXELS);
    const clicks = Math.abs(delta) / this.#clickPixels;
    const whole = Math.round(clicks);
    this.#pixels += delta;
    if (whole >= 1 && Math.abs(clicks - whole) < 0.05) {
      const notches = wholeClicks(Math.sign(delta) * whole);
      this.#notches += notches;
      return notches;
    }
    // Fingers after all. What was given out too early is owed.
    this.#clickPixels = 0;
    this.#smooth.reset(this.#pixels / NOTCH_PIXELS - this.#notches);
    return this.#smooth.add(0);
  }
}

/** At least one click in the sense of `clicks`, at most 7. */
function wholeClicks(clicks: number): number {
  return Math.sign(clicks) * Math.min(MAX_NOTCHES, Math.max(1, Math.round(Math.abs(clicks))));
}
