/** How long the tone takes to come and go: short to the ear, long enough not to click. */
const RAMP_SECONDS = 0.003;

/**
 * The square wave of a PC speaker without the harmonics beyond Nyquist, which would fold back as whistles: each edge
 * is rounded over two samples (PolyBLEP). A new tone goes on in the phase of the old one, so a melody does not click.
 */
export class SquareWave {
  readonly #sampleRate: number;
  #hertz = 0;
  #level = 0;
  #phase = 0;
  /** The tone that is heard: the last one while it fades away. */
  #sounding = 0;

  constructor(sampleRate: number) {
    this.#sampleRate = sampleRate;
  }

  /** Whether there is anything to hear, now or while it fades. */
  get silent(): boolean {
    return this.#hertz === 0 && this.#level === 0;
  }

  /** The tone from now on; 0, and what is too high to be reproduced, is silence. */
  setHertz(hertz: number): void {
    this.#hertz = hertz > 0 && hertz < this.#sampleRate / 2 ? hertz : 0;
    if (this.#hertz > 0) this.#sounding = this.#hertz;
  }

  /** The next sample, within about -1..1. */
  next(): number {
    const goal = this.#hertz > 0 ? 1 : 0;
    const ramp = 1 / (RAMP_SECONDS * this.#sampleRate);
    this.#level += Math.max(-ramp, Math.min(ramp, goal - this.#level));
    const step = this.#sounding / this.#sampleRate;
    this.#phase = (this.#phase + step) % 1;
    const half = (this.#phase + 0.5) % 1;
    const square = (this.#phase < 0.5 ? 1 : -1) + blep(this.#phase, step) - blep(half, step);
    return square * this.#level;
  }
}

/** The difference between a band-limited and an ideal step, around the step at phase 0 (Välimäki and Huovilainen). */
function blep(phase: number, step: number): number {
  if (phase < step) {
    const x = phase / step;
    return 2 * x - x * x - 1;
  }
  if (phase > 1 - step) {
    const x = (phase - 1) / step;
    return x * x + 2 * x + 1;
  }
  return 0;
}
