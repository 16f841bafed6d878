import { VitrineError } from '../../lib/errors.ts';
import { strokeOf } from './scancodes.ts';
import type { KeyChord } from './layout-text.ts';
import { usKeysOf } from './us-layout.ts';

/**
 * Where scan codes go. `sendScancodes` gets whole strokes in order; when it returns a promise, that promise is the
 * acknowledgement that the guest took the bytes, and typed text waits for it before the next stroke.
 */
export interface KeySink {
  sendScancodes(bytes: number[]): void | Promise<void>;
}

/** Time as the typist needs it; tests hand in their own. */
export interface Pace {
  /** Resolves after this many milliseconds. */
  wait(ms: number): Promise<void>;
  /** Least time from one stroke of typed text to the next. A BIOS holds 15 strokes and drops the rest. */
  strokeMs: number;
  /** How long keys pressed together stay down. */
  holdMs: number;
}

export const DEFAULT_PACE: Pace = {
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  strokeMs: 10,
  holdMs: 60,
};

/**
 * Types for the page: text and key combinations, one after the other, never faster than the guest takes them.
 * Jobs of several callers are done in the order of the calls and never mixed.
 */
export class Typist {
  readonly #sink: KeySink;
  readonly #pace: Pace;
  #last: Promise<void> = Promise.resolve();
  #epoch = 0;

  constructor(sink: KeySink, pace: Pace = DEFAULT_PACE) {
    this.#sink = sink;
    this.#pace = pace;
  }

  /**
   * Types `text` on a US keyboard and resolves when the guest was given all of it. A text with a character that no
   * US key makes is refused whole, before anything is typed, with 'keyboard/no-key'.
   */
  async typeText(text: string): Promise<void> {
    const { keys, missing } = usKeysOf(text);
    if (missing.length > 0) throw new VitrineError('keyboard/no-key', { characters: missing.join(' ') });
    await this.typeChords(keys.map((key) => ({ ...key, altGr: false })));
  }

  /**
   * Types the keys, each under its own modifiers and no others: those of `held` (`KeyboardEvent.code` names), which
   * the guest believes to be down by then, are lifted for it and pressed again. Paced as text is.
   */
  async typeChords(chords: readonly KeyChord[], held: readonly string[] = []): Promise<void> {
    await this.#queue(async (cancelled) => {
      for (const chord of chords) {
        if (cancelled()) return;
        await Promise.all([
          this.#sink.sendScancodes(chordBytes(chord, held)),
          this.#pace.wait(this.#pace.strokeMs),
        ]);
      }
    });
  }

  /** Sends strokes after all that is being typed now; not dropped by `cancel`, as a release among them must come. */
  async sendAfter(bytes: readonly number[]): Promise<void> {
    await this.#queue(async () => this.#sink.sendScancodes([...bytes]), true);
  }

  /**
   * Presses the keys (`KeyboardEvent.code` names) one after the other, holds them, releases them in reverse, and
   * resolves then. An unknown name is refused with 'keyboard/unknown-key' before anything is pressed.
   */
  async pressKeys(codes: readonly string[]): Promise<void> {
    const held = { control: false, shift: false, alt: false };
    const strokes = codes.map((code) => {
      const stroke = strokeOf(code, held);
      if (!stroke) throw new VitrineError('keyboard/unknown-key', { key: code });
      if (code.startsWith('Control')) held.control = true;
      if (code.startsWith('Shift')) held.shift = true;
      if (code.startsWith('Alt')) held.alt = true;
      return stroke;
    });
    await this.#queue(async () => {
      for (const stroke of strokes) await this.#sink.sendScancodes([...stroke.make]);
      await this.#pace.wait(this.#pace.holdMs);
      for (const stroke of strokes.toReversed()) {
        if (stroke.break.length > 0) await this.#sink.sendScancodes([...stroke.break]);
      }
    });
  }

  /** Drops the text that was not typed yet; its callers' promises resolve. Keys held down are released as planned. */
  cancel(): void {
    this.#epoch++;
  }

  #queue(job: (cancelled: () => boolean) => Promise<void>, always = false): Promise<void> {
    const epoch = this.#epoch;
    const cancelled = () => !always && this.#epoch !== epoch;
    const done = this.#last.then(() => (cancelled() ? undefined : job(cancelled)));
    // The next job must run whether or not this one failed; its own caller hears of the failure through `done`.
    this.#last = done.catch(() => undefined);
    return done;
  }
}

/** The left Shift and the right Alt, which a chord borrows where the visitor holds neither. */
const SHIFT = strokeOf('ShiftLeft')!;
const ALT_GR = strokeOf('AltRight')!;

function chordBytes({ code, shift, altGr }: KeyChord, held: readonly string[]): number[] {
  const inTheWay = held.filter(
    (key) => (key.startsWith('Shift') && !shift) || (key === 'AltRight' && !altGr),
  );
  const lifted = inTheWay.map((key) => strokeOf(key)!);
  const borrowed = [
    ...(shift && !held.some((key) => key.startsWith('Shift')) ? [SHIFT] : []),
    ...(altGr && !held.includes('AltRight') ? [ALT_GR] : []),
  ];
  const stroke = strokeOf(code)!;
  return [
    ...lifted.toReversed().flatMap((key) => key.break),
    ...borrowed.flatMap((key) => key.make),
    ...stroke.make,
    ...stroke.break,
    ...borrowed.toReversed().flatMap((key) => key.break),
    ...lifted.flatMap((key) => key.make),
  ];
}
