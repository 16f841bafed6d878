/**
 * A ring of stereo frames between one writer and one reader on the same thread. Full, it drops its oldest frames:
 * late sound is worth less than sound in time.
 */
export class StereoRing {
  readonly #left: Float32Array;
  readonly #right: Float32Array;
  #start = 0;
  #length = 0;

  constructor(capacityFrames: number) {
    this.#left = new Float32Array(capacityFrames);
    this.#right = new Float32Array(capacityFrames);
  }

  /** Frames that wait to be read. */
  get length(): number {
    return this.#length;
  }

  push(left: number, right: number): void {
    const capacity = this.#left.length;
    const at = (this.#start + this.#length) % capacity;
    this.#left[at] = left;
    this.#right[at] = right;
    if (this.#length < capacity) this.#length++;
    else this.#start = (this.#start + 1) % capacity;
  }

  /** Moves up to `count` frames to the two arrays from `offset` on; returns how many there were. */
  read(left: Float32Array, right: Float32Array, offset: number, count: number): number {
    const capacity = this.#left.length;
    const frames = Math.min(count, this.#length);
    for (let index = 0; index < frames; index++) {
      const at = (this.#start + index) % capacity;
      left[offset + index] = this.#left[at];
      right[offset + index] = this.#right[at];
    }
    this.#start = (this.#start + frames) % capacity;
    this.#length -= frames;
    return frames;
  }

  clear(): void {
    this.#start = 0;
    this.#length = 0;
  }
}
