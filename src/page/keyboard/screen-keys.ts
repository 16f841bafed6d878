import { Store, type ReadableStore } from '../../lib/store.ts';
import { KeyTracker } from './key-tracker.ts';
import type { KeySink } from './typist.ts';

/** A modifier of the screen keyboard that is down: for the next key, or until it is tapped again. */
export type Sticky = 'once' | 'locked';

const MODIFIERS: ReadonlySet<string> = new Set([
  'ShiftLeft',
  'ShiftRight',
  'ControlLeft',
  'ControlRight',
  'AltLeft',
  'AltRight',
  'MetaLeft',
  'MetaRight',
]);

export function isModifier(code: string): boolean {
  return MODIFIERS.has(code);
}

/**
 * The keys of a keyboard on the screen, by `KeyboardEvent.code`. Fingers cannot hold a modifier and reach another key,
 * so modifiers stick: a tap holds one for the next key, a second tap until the third. A Windows key that nothing
 * followed is pressed and let go by its second tap, as it opens the Start menu by itself.
 */
export class ScreenKeys {
  readonly #sink: KeySink;
  readonly #onError: (thrown: unknown) => void;
  /** A keyboard of its own: no browser invents or swallows anything of it. */
  readonly #tracker = new KeyTracker('other');
  readonly #sticky = new Store<ReadonlyMap<string, Sticky>>(new Map());

  constructor(sink: KeySink, onError: (thrown: unknown) => void) {
    this.#sink = sink;
    this.#onError = onError;
  }

  get sticky(): ReadableStore<ReadonlyMap<string, Sticky>> {
    return this.#sticky;
  }

  /** A finger came down on a key. */
  down(code: string): void {
    if (isModifier(code)) this.#tapModifier(code);
    else this.#send(this.#tracker.down(this.#input(code, false)));
  }

  /** It still rests there: the key repeats as it would on a desk. */
  repeat(code: string): void {
    if (!isModifier(code)) this.#send(this.#tracker.down(this.#input(code, true)));
  }

  /** It was lifted; with the key go the modifiers that were for this key only. */
  up(code: string): void {
    if (isModifier(code)) return;
    this.#send(this.#tracker.up(this.#input(code, false)));
    const after = new Map(this.#sticky.value);
    for (const [modifier, how] of this.#sticky.value) {
      if (how !== 'once') continue;
      after.delete(modifier);
      this.#send(this.#tracker.up(this.#input(modifier, false)));
    }
    if (after.size !== this.#sticky.value.size) this.#sticky.set(after);
  }

  /** Down and up at once: a key that was chosen with another keyboard, or by a screen reader. */
  tap(code: string): void {
    this.down(code);
    this.up(code);
  }

  /** Lifts everything: the keyboard closes, or nobody is at the page any more. */
  releaseAll(): void {
    this.#send(this.#tracker.releaseAll());
    if (this.#sticky.value.size > 0) this.#sticky.set(new Map());
  }

  #tapModifier(code: string): void {
    const after = new Map(this.#sticky.value);
    const now = after.get(code);
    if (now === undefined) {
      after.set(code, 'once');
      this.#send(this.#tracker.down(this.#input(code, false)));
    } else if (now === 'once' && !code.startsWith('Meta')) {
      after.set(code, 'locked');
    } else {
      after.delete(code);
      this.#send(this.#tracker.up(this.#input(code, false)));
    }
    this.#sticky.set(after);
  }

  #input(code: string, repeat: boolean) {
    // Both Shifts are lifted by what is lifted, never by what a browser says of the other.
    return { code, key: '', repeat, shiftKey: true, timeMs: 0 };
  }

  #send(bytes: number[]): void {
    if (bytes.length === 0) return;
    const taken = this.#sink.sendScancodes(bytes);
    if (taken) void taken.catch(this.#onError);
  }
}
