import { wakeLocks } from './secure-parts.ts';

/** What of a key event tells what it asks the browser for. */
export interface GuardedKey {
  readonly key: string;
  /** '' from a keyboard on the screen, or one that types for somebody. */
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
}

/** Keys that a browser or its system takes for itself even when they come alone (UI Events, named key values). */
const ALONE =
  /^(F\d+|ContextMenu|Help|Find|Open|New|Close|Save|Print|Exit|Props|Select|Zoom\w*|Browser\w+|Launch\w+|Mail\w+|Channel\w+|App\w+|MediaSelect|GoHome|GoBack)$/;
/** They open a line to search in, in some browsers, unless they are typed into a field. */
const SEARCHES: readonly string[] = ['/', "'"];

/**
 * Whether a visitor's key press is kept from the browser: everything with Ctrl, Alt or Meta, and what leaves, changes
 * or covers the page by itself. By what the key means and by where it lies: keyboards on the screen say no place, and
 * other layouts mean other things. `isTyping`: into a field of the page.
 */
export function isKept(event: GuardedKey, isTyping: boolean): boolean {
  const { key, code, ctrlKey, altKey, metaKey, shiftKey } = event;
  if (ctrlKey || altKey || metaKey) return true;
  if (/^(Control|Alt|Meta|OS)/.test(key) || /^(Control|Alt|Meta|OS)/.test(code)) return true;
  if (ALONE.test(key) || ALONE.test(code)) return true;
  // The browser's own task manager; and the other way to a menu.
  if (shiftKey && (key === 'Escape' || code === 'Escape')) return true;
  return !isTyping && SEARCHES.includes(key);
}

/** Buttons beyond the right one: back, forward and what a mouse has more. */
const isSide = ({ button }: MouseEvent): boolean => button > 2;

/**
 * Keeps visitors in the page as far as a browser lets it: no keys that leave it, no menus, no dropped files, no
 * selection, no way back, no zoom. What a browser never gives to a page is in `docs/kiosk.md`. Ends with `signal`.
 */
export function guardPage(signal: AbortSignal): void {
  const refuse = (event: Event): void => event.preventDefault();
  const options = { capture: true, passive: false, signal };
  const onKey = (event: KeyboardEvent): void => {
    if (isKept(event, isField(event.composedPath()[0]))) event.preventDefault();
  };
  // A menu bar opens when Alt is let go.
  addEventListener('keydown', onKey, options);
  addEventListener('keyup', onKey, options);
  for (const type of ['contextmenu', 'dragover', 'drop', 'dragstart'])
    addEventListener(type, refuse, options);
  for (const type of ['mousedown', 'mouseup', 'auxclick'] as const)
    addEventListener(type, (event) => isSide(event) && event.preventDefault(), options);
  // The middle button scrolls by itself, pastes, or opens a tab.
  for (const type of ['mousedown', 'auxclick'] as const)
    addEventListener(type, (event) => event.button === 1 && event.preventDefault(), options);
  keepScale(signal);
}

/** Two fingers, or a wheel with Ctrl, would zoom the page, for the next visitors too. */
function keepScale(signal: AbortSignal): void {
  const options = { capture: true, passive: false, signal };
  addEventListener('wheel', (event) => (event.ctrlKey || event.metaKey) && event.preventDefault(), options);
  for (const type of ['gesturestart', 'gesturechange', 'gestureend'])
    addEventListener(type, (event) => event.preventDefault(), options);
  addEventListener('touchmove', (event) => event.touches.length > 1 && event.preventDefault(), options);
  const { style } = document.documentElement;
  const before = { touchAction: style.touchAction, overscrollBehavior: style.overscrollBehavior };
  // Papers still scroll; a swipe at their end does not go back in the history.
  Object.assign(style, { touchAction: 'pan-x pan-y', overscrollBehavior: 'none' });
  signal.addEventListener('abort', () => Object.assign(style, before));
}

function isField(target: EventTarget | undefined): boolean {
  return (
    target instanceof HTMLInputElement ||
    target instanceof HTMLTextAreaElement ||
    (target instanceof HTMLElement && target.isContentEditable)
  );
}

/**
 * Keeps the screen lit while `isAwake`, where the browser can; asked for again whenever the page is seen again. What it
 * returns is to be called when that changed: a screen that sleeps is left to the system, which may turn it off.
 */
export function keepLit(isAwake: () => boolean, signal: AbortSignal): () => void {
  let lock: WakeLockSentinel | null = null;
  const letGo = (): void => {
    // One that is gone already is as it should be.
    lock?.release().catch(() => undefined);
    lock = null;
  };
  const wanted = (): boolean => !signal.aborted && !document.hidden && isAwake();
  const renew = async (): Promise<void> => {
    if (!isAwake()) letGo();
    const screenLocks = wakeLocks();
    if (!screenLocks || !wanted() || (lock && !lock.released)) return;
    // Refused on an empty battery, say: the screen then follows the system's own settings.
    const given = await screenLocks.request('screen').catch(() => null);
    letGo();
    lock = given;
    // It fell asleep meanwhile.
    if (!wanted()) letGo();
  };
  document.addEventListener('visibilitychange', () => void renew(), { signal });
  addEventListener('pointerdown', () => void renew(), { capture: true, signal });
  signal.addEventListener('abort', letGo);
  void renew();
  return () => void renew();
}
