import { canonicalCode, strokeOf, type HeldModifiers, type Stroke } from './scancodes.ts';
import type { Platform } from './platform.ts';

/** What of a KeyboardEvent decides its scan codes. */
export interface KeyInput {
  /** `event.code`; must be a key that `strokeOf` knows. */
  code: string;
  /** `event.key`; tells AltGr from Alt. */
  key: string;
  repeat: boolean;
  /** `event.shiftKey`: whether any Shift is still down after this event. */
  shiftKey: boolean;
  /** `event.timeStamp` in milliseconds, of the same clock as `now` of `KeyTracker.expire`. */
  timeMs: number;
}

/** How long a left Ctrl on Windows waits for the right Alt that would make it the phantom half of an AltGr. */
export const ALT_GR_WAIT_MS = 20;

const MODIFIERS = new Set(
  ['Control', 'Shift', 'Alt', 'Meta'].flatMap((name) => [`${name}Left`, `${name}Right`]),
);
/** Keys of Japanese keyboards whose release Windows never reports, by `event.key`. */
const WINDOWS_WITHOUT_KEYUP = new Set(
  'Zenkaku Hankaku ZenkakuHankaku Alphanumeric Katakana Hiragana HiraganaKatakana Romaji KanaMode'.split(' '),
);

/**
 * Turns key events as browsers deliver them into the bytes a real keyboard would have sent. Knows which keys the
 * guest believes to be down, and mends what browsers leave out: the Ctrl that Windows invents for AltGr, the keyups
 * that macOS swallows under Command, CapsLock as a switch instead of a key, the one keyup for two Shifts, the
 * PrintScreen that only ever comes up. Pure but for its own state: no DOM, no timer (`deadlineMs` says when to
 * call `expire`).
 */
export class KeyTracker {
  readonly #platform: Platform;
  /** Keys the guest believes to be down, in the order of pressing, with the strokes they were pressed with. */
  readonly #held = new Map<string, Stroke>();
  /** The time of a left Ctrl that is not sent yet, because it may belong to an AltGr. */
  #waitingControlMs: number | null = null;
  /** The time of the last left Ctrl that was sent after waiting in vain. */
  #lastControlMs = -Infinity;
  #phantomControl = false;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  /** When `expire` must be called at the latest, in the clock of the events; null while nothing waits. */
  get deadlineMs(): number | null {
    return this.#waitingControlMs === null ? null : this.#waitingControlMs + ALT_GR_WAIT_MS;
  }

  /** The codes of the keys that the guest believes to be down, in the order of pressing. */
  get held(): string[] {
    return [...this.#held.keys()];
  }

  /** Bytes for a keydown. A repeat sends its make code again, as a keyboard's typematic does. */
  down(input: KeyInput): number[] {
    const code = canonicalCode(input.code);
    if (this.#platform === 'windows' && code === 'ControlLeft') return this.#controlDown(input);
    const before = code === 'AltRight' ? this.#altGrDown(input) : this.#sendWaitingControl();
    return [...before, ...this.#press(code, input.key)];
  }

  /** Bytes for a keyup. The release of a key that is not down sends nothing, PrintScreen excepted. */
  up(input: KeyInput): number[] {
    const code = canonicalCode(input.code);
    const before = this.#sendWaitingControl();
    if (code === 'ControlLeft' && this.#phantomControl) {
      this.#phantomControl = false;
      return before;
    }
    if (code === 'AltRight') this.#phantomControl = false;
    // Windows keeps the press of PrintScreen for itself and tells only of the release.
    if (code === 'PrintScreen' && !this.#held.has(code)) return [...before, ...this.#tap(code)];
    // On a Mac, CapsLock comes down when the light goes on and up when it goes off; each is one press.
    if (code === 'CapsLock' && this.#platform === 'mac') return [...before, ...this.#tap(code)];
    const bytes = [...before, ...this.#release(code)];
    if (code.startsWith('Shift') && !input.shiftKey) {
      // Windows reports one keyup when the second of two Shifts is let go.
      bytes.push(...this.#release('ShiftLeft'), ...this.#release('ShiftRight'));
    }
    if (code.startsWith('Meta') && this.#platform === 'mac') {
      for (const other of this.held) if (!MODIFIERS.has(other)) bytes.push(...this.#release(other));
    }
    return bytes;
  }

  /** Bytes for a Ctrl whose AltGr did not come by `nowMs`; nothing when there is none or its time is not up. */
  expire(nowMs: number): number[] {
    const deadline = this.deadlineMs;
    return deadline === null || nowMs < deadline ? [] : this.#sendWaitingControl();
  }

  /** Releases everything, last pressed first; for the moment when the focus is lost and no keyup will come. */
  releaseAll(): number[] {
    this.#waitingControlMs = null;
    this.#phantomControl = false;
    return this.held.reverse().flatMap((code) => this.#release(code));
  }

  #controlDown({ code, key, repeat, timeMs }: KeyInput): number[] {
    if (this.#held.has('ControlLeft')) return this.#press(code, key);
    if (repeat && this.#phantomControl) return [];
    const before = this.#sendWaitingControl();
    this.#waitingControlMs = timeMs;
    return before;
  }

  #altGrDown({ key, timeMs }: KeyInput): number[] {
    if (key !== 'AltGraph') return this.#sendWaitingControl();
    if (this.#waitingControlMs !== null) {
      this.#waitingControlMs = null;
      this.#phantomControl = true;
      return [];
    }
    // The page was busy for so long that the wait ended between the two events of one AltGr: take the Ctrl back.
    if (this.#held.has('ControlLeft') && timeMs - this.#lastControlMs < ALT_GR_WAIT_MS) {
      this.#phantomControl = true;
      return this.#release('ControlLeft');
    }
    return [];
  }

  #sendWaitingControl(): number[] {
    if (this.#waitingControlMs === null) return [];
    this.#lastControlMs = this.#waitingControlMs;
    this.#waitingControlMs = null;
    return this.#press('ControlLeft', 'Control');
  }

  #press(code: string, key: string): number[] {
    if (code === 'CapsLock' && this.#platform === 'mac') return this.#tap(code);
    const commandSwallowsKeyup =
      this.#platform === 'mac' &&
      !MODIFIERS.has(code) &&
      (this.#held.has('MetaLeft') || this.#held.has('MetaRight'));
    const neverComesUp = this.#platform === 'windows' && WINDOWS_WITHOUT_KEYUP.has(key);
    if (commandSwallowsKeyup || neverComesUp) return this.#tap(code);
    // A held key repeats the stroke it was pressed with, whatever modifiers came since.
    const stroke = this.#held.get(code) ?? strokeOf(code, this.#modifiers());
    if (!stroke) return [];
    if (stroke.break.length > 0) this.#held.set(code, stroke);
    return [...stroke.make];
  }

  #release(code: string): number[] {
    const stroke = this.#held.get(code);
    this.#held.delete(code);
    return stroke ? [...stroke.break] : [];
  }

  #tap(code: string): number[] {
    const stroke = strokeOf(code, this.#modifiers());
    return stroke ? [...stroke.make, ...stroke.break] : [];
  }

  #modifiers(): HeldModifiers {
    const either = (name: string) => this.#held.has(`${name}Left`) || this.#held.has(`${name}Right`);
    return { control: either('Control'), shift: either('Shift'), alt: either('Alt') };
  }
}
