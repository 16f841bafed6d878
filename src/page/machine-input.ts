import type { ReadableStore } from '../lib/store.ts';
import { language } from '../lib/language.ts';
import type { Capture } from './keyboard/capture.ts';
import { GuestKeyboard } from './keyboard/guest-keyboard.ts';
import { ScreenKeys } from './keyboard/screen-keys.ts';
import { screenLayout } from './keyboard/screen-layouts.ts';
import type { MachineSession } from './machine-session.ts';
import { GuestPointer, type PointerMode } from './pointer/guest-pointer.ts';

/** Where the visitor's hands are: the glass that takes focus and pointer, and the picture on it. */
export interface HandsOn {
  glass: HTMLElement;
  picture: HTMLElement;
  /** A field that is not seen, for the on-screen keyboard of a phone. */
  phoneField: HTMLTextAreaElement;
}

/** The visitor's keyboard, mouse and fingers for one machine, and the page's own hands on it. */
export class MachineInput {
  readonly keyboard: GuestKeyboard;
  /** The keyboard on the screen. */
  readonly screenKeys: ScreenKeys;
  readonly pointer: GuestPointer;
  readonly #session: MachineSession;
  #hands: HandsOn | null = null;

  /** `leavesShortcuts`: whether the browser keeps the shortcuts that are its own. */
  constructor(session: MachineSession, onError: (thrown: unknown) => void, leavesShortcuts: () => boolean) {
    const sink = { sendScancodes: (bytes: number[]) => session.sendKeys(bytes) };
    this.keyboard = new GuestKeyboard(sink, {
      onError,
      leavesShortcuts,
      layout: () => screenLayout(session.preferences.value.keyboardLayout, language.value.tag),
    });
    this.#session = session;
    this.screenKeys = new ScreenKeys(sink, onError);
    this.pointer = new GuestPointer(
      { sendPointer: (message) => session.send(message) },
      { picture: () => this.#hands?.picture.getBoundingClientRect() ?? new DOMRect() },
    );
  }

  get capture(): ReadableStore<Capture> {
    return this.keyboard.capture;
  }

  get pointerMode(): ReadableStore<PointerMode> {
    return this.pointer.mode;
  }

  /** Listens to the visitor there; the function that comes back ends it. */
  attach(hands: HandsOn): () => void {
    this.#hands = hands;
    const ends = [
      this.keyboard.attach(hands.glass),
      this.keyboard.attachPhoneField(hands.phoneField),
      this.pointer.attach(hands.glass),
      this.#session.keyLights.subscribe((lights) => this.keyboard.setLights(lights)),
      // One gesture gives everything back: where the keyboard goes, the mouse follows.
      this.keyboard.capture.subscribe((capture) => {
        if (capture.state === 'free') this.pointer.release();
      }),
    ];
    return () => {
      for (const end of ends) end();
      this.#hands = null;
    };
  }

  /** Brings up the keyboard of a phone or tablet; call it from a gesture. */
  openPhoneKeyboard(): void {
    this.#hands?.phoneField.focus({ preventScroll: true });
  }

  /** Gives keyboard and mouse back to the page, and lifts every key and button in the guest. */
  release(): void {
    this.keyboard.cancelTyping();
    this.keyboard.release();
    this.screenKeys.releaseAll();
    this.pointer.release();
  }
}
