/** How far a pointer has to come, in pixels, and in what time, for a hand to be on it. */
const FAR_PX = 8;
const WHILE_MS = 2_000;

/**
 * Tells a hand on the mouse from a mouse that trembles: what counts is how far the pointer gets from where it was, not
 * how much it moves about there.
 */
export class Movement {
  #since = -Infinity;
  #x = 0;
  #y = 0;

  /** A step of the pointer. True once it came far enough, and then not until it comes as far again. */
  moved(dx: number, dy: number, at: number): boolean {
    if (at - this.#since > WHILE_MS) {
      this.#since = at;
      this.#x = 0;
      this.#y = 0;
    }
    this.#x += dx;
    this.#y += dy;
    if (Math.hypot(this.#x, this.#y) < FAR_PX) return false;
    this.#since = -Infinity;
    return true;
  }
}
