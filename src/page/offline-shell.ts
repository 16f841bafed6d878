import { webLocks } from '../lib/secure-parts.ts';
import type { ReadableStore } from '../lib/store.ts';
import type { PowerState } from '../machine/power.ts';
import { NewVersion } from './new-version.ts';
import { serviceWorkers } from './secure-parts.ts';

/** The shell of this page; null in a browser (or a place) that has no service workers, and in development. */
let shell: NewVersion | null = null;

/** Beside the page: its place is its scope. */
export const SHELL_SCRIPT = './sw.js';

/**
 * Keeps the exhibit for use without network, from now on, and follows what becomes of it; null where there are no
 * service workers.
 */
export function openShell(power: ReadableStore<PowerState>): NewVersion | null {
  const container = serviceWorkers();
  if (!container) return null;
  shell ??= new NewVersion(power, {
    container,
    locks: webLocks(),
    onReturn(callback) {
      addEventListener('focus', callback);
      document.addEventListener('visibilitychange', callback);
    },
    reload: () => location.reload(),
    every: (ms, callback) => void setInterval(callback, ms),
    after: (ms, callback) => void setTimeout(callback, ms),
  });
  return shell;
}

/**
 * For a machine that nobody attends (the kiosk's hour of rest): takes a new version of the exhibit if its server has
 * one. Turn the machine off first. True: the page is about to load again by itself. False: it goes on as it is.
 */
export async function takeNewVersion(): Promise<boolean> {
  return (await shell?.takeIfThereIsOne()) ?? false;
}
