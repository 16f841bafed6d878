/** What of a window tells its density. */
export interface DensityWindow {
  readonly devicePixelRatio: number;
  matchMedia(query: string): EventTarget;
  setInterval(look: () => void, ms: number): number;
  clearInterval(id: number): void;
}

/** Browsers that do not tell of it: Safari before 16 has no such query, others are silent where a screen is made up. */
const LOOK_MS = 1000;

/**
 * Calls `changed` each time a CSS pixel of `window` becomes another number of device pixels: it was moved to another
 * monitor, or zoomed. Such a move resizes nothing that a ResizeObserver sees. Ends with `signal`.
 */
export function watchPixelDensity(window: DensityWindow, changed: () => void, signal: AbortSignal): void {
  let known = window.devicePixelRatio;
  // A query matches one density only, so each needs its own (CSSOM View §4.2, Media Queries 4 "resolution").
  const listen = () =>
    window.matchMedia(`(resolution: ${known}dppx)`).addEventListener('change', look, { once: true, signal });
  function look() {
    if (window.devicePixelRatio === known) return;
    known = window.devicePixelRatio;
    listen();
    changed();
  }
  listen();
  const looking = window.setInterval(look, LOOK_MS);
  signal.addEventListener('abort', () => window.clearInterval(looking), { once: true });
}
