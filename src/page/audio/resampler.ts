/** Samples on either side of a point that have a say in it. */
const REACH = 8;
const TAPS = 2 * REACH;
/** Steps between two samples in which the kernel is tabulated; between steps it is interpolated. */
const PHASES = 128;
/** Where the low pass begins, as a part of the lower of the two Nyquist frequencies. */
const PASS = 0.92;

/**
 * Brings stereo sound from the rate of the guest's sound card to that of the browser by windowed-sinc interpolation
 * (16 taps, Blackman window), low-passed below both Nyquist frequencies. A stream: a block goes on where the one
 * before ended, also when the rate changes between them. The output is 8 input samples late.
 */
export class StereoResampler {
  readonly #outRate: number;
  #inRate = 0;
  #kernel: Float32Array = new Float32Array(0);
  /** The last samples of the blocks before, oldest first. */
  #pastLeft: Float32Array = new Float32Array(TAPS);
  #pastRight: Float32Array = new Float32Array(TAPS);
  /** Where the next output lies, in input samples after the middle of the past. */
  #position = 0;

  constructor(outRate: number) {
    this.#outRate = outRate;
  }

  /** Resamples a block of frames at `rate`, handing each frame of the result to `emit`. */
  process(
    left: Float32Array,
    right: Float32Array,
    rate: number,
    emit: (left: number, right: number) => void,
  ): void {
    if (rate !== this.#inRate) this.#setRate(rate);
    const count = left.length;
    const allLeft = join(this.#pastLeft, left);
    const allRight = join(this.#pastRight, right);
    const step = rate / this.#outRate;
    const kernel = this.#kernel;
    // An output at `position` reads TAPS samples from floor(position) + 1 on; the last of them must have come.
    for (; this.#position < count; this.#position += step) {
      const whole = Math.floor(this.#position);
      const phase = (this.#position - whole) * PHASES;
      const row = Math.floor(phase) * TAPS;
      const between = phase - Math.floor(phase);
      let sumLeft = 0;
      let sumRight = 0;
      for (let tap = 0; tap < TAPS; tap++) {
        const weight = kernel[row + tap] + (kernel[row + TAPS + tap] - kernel[row + tap]) * between;
        sumLeft += allLeft[whole + 1 + tap] * weight;
        sumRight += allRight[whole + 1 + tap] * weight;
      }
      emit(sumLeft, sumRight);
    }
    this.#position -= count;
    this.#pastLeft = allLeft.slice(count);
    this.#pastRight = allRight.slice(count);
  }

  #setRate(rate: number): void {
    this.#inRate = rate;
    this.#kernel = makeKernel(PASS * Math.min(1, this.#outRate / rate));
  }
}

/** The weights of the taps for each phase, one more row than phases for interpolation; each row sums up to 1. */
function makeKernel(cutoff: number): Float32Array {
  const kernel = new Float32Array((PHASES + 1) * TAPS);
  for (let phase = 0; phase <= PHASES; phase++) {
    const row = kernel.subarray(phase * TAPS, (phase + 1) * TAPS);
    for (let tap = 0; tap < TAPS; tap++) {
      const distance = tap - (REACH - 1) - phase / PHASES;
      row[tap] = cutoff * sinc(cutoff * distance) * blackman(distance / REACH);
    }
    const sum = row.reduce((total, weight) => total + weight, 0);
    for (let tap = 0; tap < TAPS; tap++) row[tap] /= sum;
  }
  return kernel;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** The Blackman window over -1..1. */
function blackman(x: number): number {
  if (Math.abs(x) >= 1) return 0;
  return 0.42 + 0.5 * Math.cos(Math.PI * x) + 0.08 * Math.cos(2 * Math.PI * x);
}

function join(first: Float32Array, second: Float32Array): Float32Array {
  const all = new Float32Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}
