/** A busy page gets to it all the same. */
const AT_LATEST_MS = 1_000;

/** Resolves when the page has nothing more urgent to do; where a browser cannot tell, after what it does now. */
export function whenIdle(): Promise<void> {
  return new Promise((resolve) => {
    if ('requestIdleCallback' in globalThis) requestIdleCallback(() => resolve(), { timeout: AT_LATEST_MS });
    else setTimeout(resolve);
  });
}

/** Resolves in a task of its own: what waits already (drawing, a visitor's key, a slice of the guest) comes first. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
