/**
 * Keeps a page that is being left for a moment more, so that a worker told to save can still do it: workers end
 * together with their page, and what they were told last would not even be read. Nothing tells a page synchronously
 * that its worker is done (shared memory needs headers that the exhibit does without), so it always takes the whole
 * time; call it only when something is unsaved. Measured in Chromium: what was written right before a reload is lost
 * nearly always without it.
 */
export function holdPage(forMs: number): void {
  const end = performance.now() + forMs;
  let now = performance.now();
  while (now < end) now = performance.now();
}
