import { Store, type ReadableStore } from '../../lib/store.ts';
import type { KeyLights } from '../../protocol/input-messages.ts';
import type { Capture } from './capture.ts';
import { belongsToBrowser } from './combos.ts';
import { KeyTracker } from './key-tracker.ts';
import { layoutTextOf } from './layout-text.ts';
import { LockKeys, type LockKey } from './lock-keys.ts';
import { lockSystemKeys } from './keyboard-lock.ts';
import { isTypingInOwnField } from './own-fields.ts';
import { listenToPhoneField, type TextField } from './phone-field.ts';
import { platformOf, type Platform } from './platform.ts';
import { ReleaseGesture } from './release-gesture.ts';
import { strokeOf } from './scancodes.ts';
import { screenLayout, type ScreenLayout } from './screen-layouts.ts';
import { Typist, type KeySink, type Pace } from './typist.ts';
import { codeOfNamedKey } from './us-layout.ts';

export interface GuestKeyboardOptions {
  /** Whose keyboard it is; read from `navigator` when left out. */
  platform?: Platform;
  pace?: Pace;
  /** The keyboard layout of the guest, by which the visitor's text is typed; the American one when left out. */
  layout?: () => ScreenLayout;
  /** Milliseconds that never jump; `performance.now` when left out. */
  now?: () => number;
  /** Whether the browser keeps the shortcuts that are its own; always unless given. */
  leavesShortcuts?: () => boolean;
  /** Hears of keys that could not be delivered; the machine they were for is gone. */
  onError?: (thrown: unknown) => void;
}

/**
 * The visitor's keyboard as the guest's. Keys go to the guest while `capture` says so: from the moment the attached
 * element gets the focus (by a click or by the page; after the Tab key only once Enter is pressed, so that nobody
 * is trapped) until the focus leaves, the release gesture is made, or the page calls `release`. Whatever ends it,
 * every key the guest believes to be down is released.
 */
export class GuestKeyboard {
  readonly platform: Platform;
  readonly #sink: KeySink;
  readonly #typist: Typist;
  readonly #tracker: KeyTracker;
  readonly #gesture = new ReleaseGesture();
  readonly #locks: LockKeys;
  readonly #layout: () => ScreenLayout;
  readonly #untyped = new Store('');
  readonly #capture = new Store<Capture>({ state: 'free', because: 'start' });
  readonly #onError: (thrown: unknown) => void;
  readonly #leavesShortcuts: () => boolean;
  #systemKeys = false;
  /** Text of the visitor's, and strokes behind it, that the guest has not got yet. */
  #behind = 0;
  #phoneField: TextField | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(sink: KeySink, options: GuestKeyboardOptions = {}) {
    this.platform = options.platform ?? platformOf(navigator);
    this.#sink = sink;
    this.#typist = new Typist(sink, options.pace);
    this.#tracker = new KeyTracker(this.platform);
    this.#leavesShortcuts = options.leavesShortcuts ?? (() => true);
    this.#locks = new LockKeys(this.platform, options.now);
    this.#layout = options.layout ?? (() => screenLayout('us', 'en'));
    this.#onError = options.onError ?? ((thrown) => reportError(thrown));
  }

  /** Who has the keyboard; `captureWords` puts it into a sentence. */
  get capture(): ReadableStore<Capture> {
    return this.#capture;
  }

  /** What the visitor typed last that the guest's keyboard layout has no key for; '' when all of it came through. */
  get untyped(): ReadableStore<string> {
    return this.#untyped;
  }

  /** The guest set the lights of its keyboard: its locks are as they say. */
  setLights(lights: KeyLights): void {
    this.#locks.setLights(lights);
  }

  /**
   * Listens on `target` (focusable: `tabindex="0"`), its window and its document; returns the function that ends it.
   * Full screen counts for Keyboard Lock when it shows `target` or something around it.
   */
  attach(target: HTMLElement): () => void {
    const ears = new AbortController();
    const { signal } = ears;
    const document = target.ownerDocument;
    const window = document.defaultView ?? globalThis;
    let cameByTab = false;
    const lose = () => this.release('focus-lost');

    target.addEventListener('keydown', (event) => this.#onKey(event, true), { signal });
    target.addEventListener('keyup', (event) => this.#onKey(event, false), { signal });
    target.addEventListener('focusin', (event) => this.#onFocus(event, cameByTab), { signal });
    target.addEventListener('focusout', lose, { signal });
    target.addEventListener('pointerdown', (event) => this.#onPointer(event), { signal });
    target.addEventListener('wheel', () => this.#gesture.callOff(), { signal, passive: true });
    // Caught on their way down, since the focus moves after the key and before anything on the target hears of it.
    // A Tab that the guest gets moves no focus.
    const onAnyKey = (event: KeyboardEvent) => {
      cameByTab = event.key === 'Tab' && this.#capture.value.state === 'free';
    };
    document.addEventListener('keydown', onAnyKey, { signal, capture: true });
    document.addEventListener('pointerdown', () => (cameByTab = false), { signal, capture: true });
    document.addEventListener('visibilitychange', () => document.hidden && lose(), { signal });
    document.addEventListener('fullscreenchange', () => void this.#followFullscreen(target), { signal });
    window.addEventListener('blur', lose, { signal });
    return () => {
      ears.abort();
      lose();
    };
  }

  /**
   * Makes `field` (hidden from sight, focused by a button) the way for a phone's on-screen keyboard; returns the
   * function that ends it. Keys of a real keyboard pressed in it count as pressed on the screen if it is inside.
   */
  attachPhoneField(field: TextField): () => void {
    const end = listenToPhoneField(field, (text) => this.#type(text));
    this.#phoneField = field;
    return () => {
      end();
      if (this.#phoneField === field) this.#phoneField = null;
    };
  }

  /** Gives the keyboard to the guest, as a click on the screen does. */
  take(): void {
    const keys = this.#systemKeys ? 'system' : 'page';
    const now = this.#capture.value;
    if (now.state === 'captured' && now.keys === keys) return;
    this.#capture.set({ state: 'captured', keys });
  }

  /** Gives the keyboard back to the page and releases every key in the guest. */
  release(because: 'gesture' | 'focus-lost' | 'page' = 'page'): void {
    this.releaseAll();
    this.#untyped.set('');
    if (this.#capture.value.state === 'captured') this.#capture.set({ state: 'free', because });
  }

  /** Releases every key the guest believes to be down. */
  releaseAll(): void {
    clearTimeout(this.#timer);
    this.#gesture.reset();
    this.#send(this.#tracker.releaseAll());
  }

  /** See `Typist.typeText`: US layout, paced, refused whole with 'keyboard/no-key'. */
  typeText(text: string): Promise<void> {
    return this.#typist.typeText(text);
  }

  /** See `Typist.pressKeys`: pressed together, released in reverse; 'keyboard/unknown-key'. */
  pressKeys(codes: readonly string[]): Promise<void> {
    return this.#typist.pressKeys(codes);
  }

  /** Stops text that is being typed, for the moment when its machine is switched off. */
  cancelTyping(): void {
    this.#typist.cancel();
  }

  #onFocus(event: Event, cameByTab: boolean): void {
    if (isTypingInOwnField(event.composedPath(), this.#phoneField)) return;
    if (cameByTab) this.#capture.set({ state: 'free', because: 'tab-key' });
    else this.take();
  }

  #onPointer(event: Event): void {
    this.#gesture.callOff();
    if (!isTypingInOwnField(event.composedPath(), this.#phoneField)) this.take();
  }

  #onKey(event: KeyboardEvent, down: boolean): void {
    if (isTypingInOwnField(event.composedPath(), this.#phoneField)) return;
    if (this.#capture.value.state === 'free') {
      if (down && event.key === 'Enter' && !event.repeat && event.target === event.currentTarget) {
        event.preventDefault();
        this.take();
      }
      return;
    }
    if (!this.#systemKeys && this.#leavesShortcuts() && belongsToBrowser(event, this.platform)) return;
    const code = codeOf(event);
    if (code === null) {
      this.#onKeyWithoutCode(event, down);
      return;
    }
    event.preventDefault();
    if (down) this.#gesture.keyDown(code);
    else if (this.#gesture.keyUp(code)) {
      this.release('gesture');
      return;
    }
    const input = {
      code,
      key: event.key,
      repeat: event.repeat,
      shiftKey: event.shiftKey,
      timeMs: event.timeStamp,
    };
    if (down && !event.repeat) for (const lock of this.#locks.differing(event)) this.#turnLock(lock);
    this.#send(down ? this.#tracker.down(input) : this.#tracker.up(input));
    // A Mac's CapsLock is down for as long as its light is on: both ways are a press.
    if (down ? !event.repeat : code === 'CapsLock' && this.platform === 'mac') this.#locks.pressed(code);
    this.#armTimer(event.timeStamp);
  }

  /** Keys of an on-screen keyboard, or of an input method, that say what they mean but not which key they are. */
  #onKeyWithoutCode(event: KeyboardEvent, down: boolean): void {
    // A composition ends in an input event, which the phone's field hears; a longer name is no character.
    if (event.isComposing || Array.from(event.key).length !== 1) return;
    event.preventDefault();
    if (down) this.#type(event.key);
  }

  /** Types what the visitor wrote as keys of the guest's layout, and gives what it has no keys for. */
  #type(text: string): readonly string[] {
    const { chords, missing } = layoutTextOf(this.#layout(), text);
    if (missing.length > 0 || chords.some(({ code }) => code !== 'Backspace'))
      this.#untyped.set(missing.join(' '));
    if (chords.length === 0) return missing;
    // Letters are capital by the text, whatever lock was left on.
    if (this.#locks.isOn('CapsLock')) this.#turnLock('CapsLock');
    this.#inOrder(this.#typist.typeChords(chords, this.#tracker.held));
    return missing;
  }

  #turnLock(code: LockKey): void {
    const { make, break: up } = strokeOf(code)!;
    this.#send([...make, ...up]);
    this.#locks.pressed(code);
  }

  #armTimer(nowMs: number): void {
    clearTimeout(this.#timer);
    const deadline = this.#tracker.deadlineMs;
    if (deadline === null) return;
    this.#timer = setTimeout(() => this.#send(this.#tracker.expire(deadline)), deadline - nowMs);
  }

  async #followFullscreen(target: HTMLElement): Promise<void> {
    const full = target.ownerDocument.fullscreenElement;
    this.#systemKeys = await lockSystemKeys(navigator, full !== null && containsAcrossShadows(full, target));
    if (this.#capture.value.state === 'captured') this.take();
  }

  #send(bytes: number[]): void {
    if (bytes.length === 0) return;
    if (this.#behind > 0) {
      this.#inOrder(this.#typist.sendAfter(bytes));
      return;
    }
    const taken = this.#sink.sendScancodes(bytes);
    if (taken) void taken.catch(this.#onError);
  }

  /** Keys pressed before the text is through wait for it: an Enter behind a word comes behind it. */
  #inOrder(typed: Promise<void>): void {
    this.#behind++;
    void typed.catch(this.#onError).finally(() => this.#behind--);
  }
}

/** The key of an event by its code, else by a name that only one key has; null when only its text is known. */
function codeOf(event: KeyboardEvent): string | null {
  return event.code && strokeOf(event.code) ? event.code : codeOfNamedKey(event.key);
}

/** Whether `inner` is in `outer`, through any number of shadow roots. */
function containsAcrossShadows(outer: Element, inner: Node): boolean {
  for (let node: Node | null = inner; node;) {
    if (node === outer) return true;
    node = node instanceof ShadowRoot ? node.host : node.parentNode;
  }
  return false;
}
