/** What of a window tells its density. */
export interface DensityWindow {
  readonly devicePixelRatio: number;
  matchMedia(query: string): EventTarget;
}

/**
 * Calls `changed` each time a CSS pixel of `window` becomes another number of device pixels: it was moved to another
 * monitor, or zoomed. Such a move resizes nothing that a ResizeObserver sees. Ends with `signal`.
 */
export function watchPixelDensity(window: DensityWindow, changed: () => void, signal: AbortSignal): void {
  if (signal.aborted) return;
  // A query matches one density only, so each change needs the next one (CSSOM View §4.2, Media Queries 4 "resolution").
  window.matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`).addEventListener(
    'change',
    () => {
      changed();
      watchPixelDensity(window, changed, signal);
    },
    { once: true, signal },
  );
}
