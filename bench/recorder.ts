import { fileURLToPath } from 'node:url';

/** What the page itself writes down during a run, in the page's clock (ms since the navigation began). */
export interface Recorder {
  /** Everything heard on COM1. */
  readonly serial: string;
  /** Takes what the guest wrote. */
  hear(text: string): void;
  /** Resolves when `text` was heard, looked for from `from` on: with the time, and with where it ends. */
  when(text: string, from?: number): Promise<{ atMs: number; end: number }>;
  /** Begins to write down the page's frames. */
  watchFrames(): void;
  /** Ends that: the time between each frame and the one before, in ms. */
  frames(): number[];
}

declare global {
  interface Window {
    recorder: Recorder;
  }
}

/** The script that puts the recorder on the window, for `page.addInitScript`. */
export const RECORDER_SCRIPT = fileURLToPath(new URL('recorder.js', import.meta.url));
