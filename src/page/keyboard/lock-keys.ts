import type { KeyLights } from '../../protocol/input-messages.ts';
import type { Platform } from './platform.ts';

export type LockKey = 'CapsLock' | 'NumLock';

/** What of a keydown tells which locks the visitor has on and whether they matter to this key. */
export interface LockableKey {
  readonly code: string;
  readonly key: string;
  getModifierState(name: LockKey): boolean;
}

/** A guest answers a lock key with its lights well within this time; after it they are the truth again. */
const ANSWER_MS = 2000;
/** Keys of the number block whose meaning NumLock changes. */
const NUMBER_KEY = /^Numpad(\d|Decimal)$/;

/**
 * Which lock keys have to be pressed for the visitor, so that the guest has on what the visitor has: locks are turned
 * outside of the page too. Goes by the lights that the guest shows, and by the presses that it has not answered yet.
 */
export class LockKeys {
  readonly #platform: Platform;
  readonly #now: () => number;
  readonly #on: Record<LockKey, boolean> = { CapsLock: false, NumLock: false };
  /** Until when the light of a pressed lock may still be the old one. */
  readonly #pressedUntil: Record<LockKey, number> = { CapsLock: 0, NumLock: 0 };

  constructor(platform: Platform, now: () => number = () => performance.now()) {
    this.#platform = platform;
    this.#now = now;
  }

  /** Whether the guest has the lock on. */
  isOn(key: LockKey): boolean {
    return this.#on[key];
  }

  /** The guest set its keyboard's lights. */
  setLights({ capsLock, numLock }: KeyLights): void {
    this.#setLight('CapsLock', capsLock);
    this.#setLight('NumLock', numLock);
  }

  /** The guest was given a press of this key; for the lock keys it turns what they lock. */
  pressed(code: string): void {
    if (code !== 'CapsLock' && code !== 'NumLock') return;
    this.#on[code] = !this.#on[code];
    this.#pressedUntil[code] = this.#now() + ANSWER_MS;
  }

  /** The locks that are not as the visitor has them, where that would change what `event` means to the guest. */
  differing(event: LockableKey): LockKey[] {
    const isLetter =
      event.key.toLowerCase() !== event.key.toUpperCase() && Array.from(event.key).length === 1;
    if (isLetter) return this.#differs(event, 'CapsLock');
    // A Mac has no NumLock: its number keys are numbers, and it says that none is on.
    if (!NUMBER_KEY.test(event.code)) return [];
    if (this.#platform === 'mac') return this.#on.NumLock ? [] : ['NumLock'];
    return this.#differs(event, 'NumLock');
  }

  #differs(event: LockableKey, key: LockKey): LockKey[] {
    return event.getModifierState(key) === this.#on[key] ? [] : [key];
  }

  #setLight(key: LockKey, on: boolean): void {
    if (on === this.#on[key]) this.#pressedUntil[key] = 0;
    // What was set before the guest heard of the press says nothing of the state after it.
    else if (this.#now() >= this.#pressedUntil[key]) this.#on[key] = on;
  }
}
