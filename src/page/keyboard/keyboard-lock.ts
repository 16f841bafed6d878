/** The Keyboard Lock API (WICG), which TypeScript's DOM library does not list: https://wicg.github.io/keyboard-lock/ */
interface LockableKeyboard {
  lock(codes?: string[]): Promise<void>;
  unlock(): void;
}

/** What of `navigator` has the API; browsers other than Chromium's have not. */
export interface NavigatorWithKeyboard {
  keyboard?: Partial<LockableKeyboard>;
}

declare global {
  interface Navigator extends NavigatorWithKeyboard {}
}

/**
 * Asks the browser for the system's shortcuts (Alt+Tab, the Windows key, Escape) while `wanted` says so. Resolves
 * to whether the guest gets them now: false where the browser has no Keyboard Lock or refuses it, which is no
 * error, since the page's buttons for these shortcuts remain.
 */
export async function lockSystemKeys(navigator: NavigatorWithKeyboard, wanted: boolean): Promise<boolean> {
  const keyboard = navigator.keyboard;
  if (!keyboard?.lock || !keyboard.unlock) return false;
  if (!wanted) {
    keyboard.unlock();
    return false;
  }
  try {
    await keyboard.lock();
    return true;
  } catch (thrown) {
    if (thrown instanceof DOMException) return false;
    throw thrown;
  }
}
