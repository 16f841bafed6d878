import type { SoundEnergy } from '../../protocol/sound-messages.ts';

/** Measures what is played, from one `take` to the next. */
export class EnergyMeter {
  readonly #sampleRate: number;
  #squares = 0;
  #peak = 0;
  #frames = 0;

  constructor(sampleRate: number) {
    this.#sampleRate = sampleRate;
  }

  add(left: Float32Array, right: Float32Array): void {
    for (let index = 0; index < left.length; index++) {
      this.#squares += left[index] ** 2 + right[index] ** 2;
      this.#peak = Math.max(this.#peak, Math.abs(left[index]), Math.abs(right[index]));
    }
    this.#frames += left.length;
  }

  /** The figures since the last call; from here on it measures anew. */
  take(): Omit<SoundEnergy, 'beepHertz'> {
    const energy = {
      rms: this.#frames === 0 ? 0 : Math.sqrt(this.#squares / (2 * this.#frames)),
      peak: this.#peak,
      seconds: this.#frames / this.#sampleRate,
    };
    this.#squares = 0;
    this.#peak = 0;
    this.#frames = 0;
    return energy;
  }
}
