/** Calls back after some milliseconds, unless what it returns is called before. */
export type After = (ms: number, callback: () => void) => () => void;

/** Parts that a limit is counted in. */
const PARTS = 10;

const browserAfter: After = (ms, callback) => {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
};

/**
 * What `work` gives, or a rejection with what `late` makes when it has not settled within `limitMs`. For what the page
 * does not do itself: a drive that was pulled out, a browser that never answers. The limit is counted in parts, so a
 * computer that slept through most of it has not been waiting that long.
 */
export function within<T>(
  work: Promise<T>,
  limitMs: number,
  late: () => Error,
  after: After = browserAfter,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = countdown(limitMs, () => reject(late()), after);
    work.then(resolve, reject).finally(end);
  });
}

/** As `within`, for what may go on without an answer: gives `otherwise` instead. */
export function withinOr<T>(
  work: Promise<T>,
  limitMs: number,
  otherwise: T,
  after: After = browserAfter,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = countdown(limitMs, () => resolve(otherwise), after);
    work.then(resolve, reject).finally(end);
  });
}

function countdown(limitMs: number, over: () => void, after: After): () => void {
  let parts = 0;
  let end = (): void => undefined;
  const wait = (): void => {
    end = after(limitMs / PARTS, () => (++parts === PARTS ? over() : wait()));
  };
  wait();
  return () => end();
}
