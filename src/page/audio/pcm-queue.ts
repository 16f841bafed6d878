import { StereoResampler } from './resampler.ts';
import { StereoRing } from './stereo-ring.ts';

/** More than this is never kept; the worker's target is far below it. */
const CAPACITY_SECONDS = 0.5;
/** After a gap, playing starts again with this much in hand, so that one gap does not become many. */
const START_SECONDS = 0.02;
/** How long sound takes to fade out at a gap and to fade in after it. */
const FADE_SECONDS = 0.003;

/**
 * The guest's digital sound, waiting to be played at the browser's rate. When it runs dry it fades to silence from
 * wherever the wave was and comes back the same way, so a gap is heard as a gap and not as two clicks.
 */
export class PcmQueue {
  readonly #rate: number;
  readonly #ring: StereoRing;
  readonly #resampler: StereoResampler;
  #playing = false;
  #waitedFrames = 0;
  /** 0..1, rising after a gap. */
  #fadeIn = 0;
  #lastLeft = 0;
  #lastRight = 0;

  constructor(rate: number) {
    this.#rate = rate;
    this.#ring = new StereoRing(Math.ceil(CAPACITY_SECONDS * rate));
    this.#resampler = new StereoResampler(rate);
  }

  /** What waits to be played, in seconds. */
  get bufferedSeconds(): number {
    return this.#ring.length / this.#rate;
  }

  /** Whether nothing waits and nothing still fades. */
  get silent(): boolean {
    return this.#ring.length === 0 && this.#lastLeft === 0 && this.#lastRight === 0;
  }

  /** Appends frames that were sampled at `rate`. */
  write(left: Float32Array, right: Float32Array, rate: number): void {
    this.#resampler.process(left, right, rate, (l, r) => this.#ring.push(l, r));
  }

  /** Fills both arrays with the next frames. */
  read(left: Float32Array, right: Float32Array): void {
    const wanted = left.length;
    this.#maybeStart(wanted);
    const got = this.#playing ? this.#ring.read(left, right, 0, wanted) : 0;
    const fade = 1 / (FADE_SECONDS * this.#rate);
    for (let index = 0; index < got && this.#fadeIn < 1; index++) {
      this.#fadeIn = Math.min(1, this.#fadeIn + fade);
      left[index] *= this.#fadeIn;
      right[index] *= this.#fadeIn;
    }
    if (got > 0) {
      this.#lastLeft = left[got - 1];
      this.#lastRight = right[got - 1];
    }
    if (got < wanted) this.#runDry(left, right, got, fade);
  }

  #maybeStart(frames: number): void {
    if (this.#playing || this.#ring.length === 0) return;
    this.#waitedFrames += frames;
    // A sound that is shorter than the start is played all the same, after as long a wait.
    const enough = START_SECONDS * this.#rate;
    if (this.#ring.length < enough && this.#waitedFrames < enough) return;
    this.#playing = true;
    this.#fadeIn = 0;
    this.#waitedFrames = 0;
  }

  #runDry(left: Float32Array, right: Float32Array, from: number, fade: number): void {
    this.#playing = false;
    // Falls to a thousandth in the time of a fade.
    const decay = 0.001 ** fade;
    for (let index = from; index < left.length; index++) {
      left[index] = this.#lastLeft *= decay;
      right[index] = this.#lastRight *= decay;
    }
    // Put so that what is no number ends here too.
    if (!(Math.max(Math.abs(this.#lastLeft), Math.abs(this.#lastRight)) >= 1e-5)) {
      this.#lastLeft = 0;
      this.#lastRight = 0;
    }
  }
}
