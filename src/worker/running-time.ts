/** Time the guest has run, pauses left out. */
export class RunningTime {
  #before = 0;
  #since: number | null = null;

  get ms(): number {
    return this.#before + (this.#since === null ? 0 : performance.now() - this.#since);
  }

  start(): void {
    this.#since ??= performance.now();
  }

  stop(): void {
    this.#before = this.ms;
    this.#since = null;
  }
}
