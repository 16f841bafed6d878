/** Parts that a limit is counted in. */
const PARTS = 10;

/**
 * What `work` gives, or a rejection with what `late` makes when it has not settled within `limitMs`. For what the page
 * does not do itself: a drive that was pulled out, a browser that never answers. The limit is counted in parts, so a
 * computer that slept through most of it has not been waiting that long.
 */
export function within<T>(work: Promise<T>, limitMs: number, late: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    let parts = 0;
    let timer: ReturnType<typeof setTimeout>;
    const wait = () => {
      timer = setTimeout(() => {
        if (++parts === PARTS) reject(late());
        else wait();
      }, limitMs / PARTS);
    };
    wait();
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
