/** A busy page gets to it all the same. */
const AT_LATEST_MS = 1_000;

/** Resolves when the page has nothing more urgent to do; where a browser cannot tell, after what it does now. */
export function whenIdle(): Promise<void> {
  return new Promise((resolve) => {
    if ('requestIdleCallback' in globalThis) requestIdleCallback(() => resolve(), { timeout: AT_LATEST_MS });
    else setTimeout(resolve);
  });
}
