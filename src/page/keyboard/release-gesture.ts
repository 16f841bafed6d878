import { t } from '../../lib/language.ts';
import { canonicalCode } from './scancodes.ts';
import type { Platform } from './platform.ts';

/**
 * The one gesture that gives keyboard and mouse back to the visitor: hold Ctrl and the left Alt, press nothing
 * else, let go. Why this one:
 * - it works in a page, in full screen, under pointer lock and under Keyboard Lock alike, since no browser and no
 *   desktop takes these two keys alone (Escape is the browser's own way out of pointer lock and full screen, and
 *   under Keyboard Lock it belongs to the guest);
 * - every laptop has both keys (a right Ctrl or a ScrollLock it may not have);
 * - it cannot collide with Ctrl+Alt+Del or any other Ctrl+Alt shortcut: a third key calls it off;
 * - the right Alt does not count, so an AltGr (which Windows reports as Ctrl+Alt) never triggers it;
 * - to the guest it is a Ctrl and an Alt that were pressed and released, which means nothing to Windows.
 */
export class ReleaseGesture {
  #down = new Set<string>();
  #pure = false;

  /** Notes a key that goes down; a repeat of a held key changes nothing. */
  keyDown(code: string): void {
    const key = canonicalCode(code);
    if (this.#down.has(key)) return;
    if (this.#down.size === 0) this.#pure = true;
    this.#down.add(key);
    if (!isControl(key) && key !== 'AltLeft') this.#pure = false;
  }

  /** Notes a key that comes up; true when this completes the gesture. */
  keyUp(code: string): boolean {
    const key = canonicalCode(code);
    const complete =
      this.#pure && this.#down.has(key) && this.#down.has('AltLeft') && [...this.#down].some(isControl);
    this.#down.delete(key);
    if (complete) this.#pure = false;
    return complete;
  }

  /** A mouse button or the wheel was used while keys are held: this is a shortcut of the guest's, not the gesture. */
  callOff(): void {
    this.#pure = false;
  }

  /** Forgets held keys, after the focus was lost and their keyups with it. */
  reset(): void {
    this.#down.clear();
    this.#pure = false;
  }
}

/** The gesture as the visitor's keyboard is labelled: "Ctrl + Alt". */
export function releaseGestureName(platform: Platform): string {
  return platform === 'mac' ? 'Control + Option' : t`Ctrl + Alt`;
}

/** The gesture as a sentence for the page to show whenever the guest has the keyboard or the mouse. */
export function releaseGestureWords(platform: Platform): string {
  return t`Press and release ${releaseGestureName(platform)} to leave the computer.`;
}

function isControl(key: string): boolean {
  return key === 'ControlLeft' || key === 'ControlRight';
}
