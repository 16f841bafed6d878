/** Keys that a browser hears from a page in front of it, and which would leave or change the page. */
const LEAVING: readonly ((event: KeyboardEvent) => boolean)[] = [
  ({ code }) => /^F([1-9]|1[0-2])$/.test(code),
  ({ code }) => code.startsWith('Browser') || code === 'ContextMenu',
  ({ altKey, code }) => altKey && (code === 'ArrowLeft' || code === 'ArrowRight' || code === 'Home'),
  ({ ctrlKey, metaKey, code }) =>
    (ctrlKey || metaKey) &&
    /^(Key[ADEFGHJKLNOPRSTUW]|Equal|Minus|Digit\d|NumpadAdd|NumpadSubtract|Numpad0|Tab|PageUp|PageDown)$/.test(
      code,
    ),
];

/** Whether a visitor's key press is kept from the browser. */
export function leavesPage(event: KeyboardEvent): boolean {
  return LEAVING.some((leaves) => leaves(event));
}

/**
 * Keeps visitors in the page as far as a browser lets it: no keys that leave it, no menus, no dropped files, no
 * selection. What a browser never gives to a page is in `docs/kiosk.md`. Ends with `signal`.
 */
export function guardPage(signal: AbortSignal): void {
  const refuse = (event: Event): void => event.preventDefault();
  addEventListener('keydown', (event) => leavesPage(event) && event.preventDefault(), {
    capture: true,
    signal,
  });
  for (const type of ['contextmenu', 'dragover', 'drop', 'dragstart'])
    addEventListener(type, refuse, { capture: true, signal });
  // Two fingers or a wheel with Ctrl would zoom the page.
  addEventListener('wheel', (event) => event.ctrlKey && event.preventDefault(), {
    capture: true,
    passive: false,
    signal,
  });
  addEventListener('gesturestart', refuse, { capture: true, signal });
}

/** Keeps the screen lit while `isAwake`, where the browser can; asked for again whenever the page is seen again. */
export function keepLit(isAwake: () => boolean, signal: AbortSignal): void {
  let lock: WakeLockSentinel | null = null;
  const renew = async (): Promise<void> => {
    if (!('wakeLock' in navigator) || document.hidden || !isAwake() || (lock && !lock.released)) return;
    // Refused on an empty battery, say: the screen then follows the system's own settings.
    lock = await navigator.wakeLock.request('screen').catch(() => null);
  };
  document.addEventListener('visibilitychange', () => void renew(), { signal });
  addEventListener('pointerdown', () => void renew(), { capture: true, signal });
  signal.addEventListener('abort', () => void lock?.release());
  void renew();
}
