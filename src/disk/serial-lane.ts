/** Runs jobs one at a time in the order they came; a job that fails does not hold up the next. */
export class SerialLane {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(job: () => Promise<T>): Promise<T> {
    const done = this.#last.then(job, job);
    // Only the order hangs on this copy; whoever called `run` gets the failure from `done`.
    this.#last = done.then(ignore, ignore);
    return done;
  }
}

function ignore(): void {}
