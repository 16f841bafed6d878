/**
 * The outcome of `work`, or the reason of the signal's abort if that comes first. Nothing is held of `work` once it has
 * settled: a race with a promise that lives long would keep every outcome for as long.
 */
export async function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  let aborted!: () => void;
  const stop = new Promise<never>((_, reject) => {
    aborted = () => reject(signal.reason);
    if (signal.aborted) aborted();
    else signal.addEventListener('abort', aborted);
  });
  try {
    return await Promise.race([work, stop]);
  } finally {
    signal.removeEventListener('abort', aborted);
    // Whichever was too late.
    work.catch(() => undefined);
    stop.catch(() => undefined);
  }
}
