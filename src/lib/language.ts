import { Store, type ReadableStore } from './store.ts';

/** A language's sentences by the English ones they stand for; values of a sentence are `{0}`, `{1}`… in both. */
export type Sentences = Readonly<Record<string, string>>;

const spoken = new Store<{ tag: string; sentences: Sentences }>({ tag: 'en', sentences: {} });

/** The language that the page speaks, as a BCP 47 tag; elements render again when it changes. */
export const language: ReadableStore<{ tag: string }> = spoken;

/** From now on `t` answers in this language. English needs no sentences. */
export function speak(tag: string, sentences: Sentences = {}): void {
  spoken.set({ tag, sentences });
}

let firstWords: Promise<void> | null = null;

/** Elements draw their first words only when `ready` resolves: the language they will be in is on its way. */
export function holdFirstWords(ready: Promise<void>): void {
  const held = ready.finally(() => {
    if (firstWords === held) firstWords = null;
  });
  firstWords = held;
}

/** What an element waits for before it draws anything; null when it need not. */
export function heldFirstWords(): Promise<void> | null {
  return firstWords;
}

/**
 * The sentence in the language that the page speaks; where that has none yet, as it stands in the code:
 * t`Saved ${time}` is looked up as "Saved {0}". Call it while rendering, never once for a constant.
 * The English sentence is the key (as in gettext), so the code stays readable, and a language is one file,
 * `src/languages/<tag>.json`; `languages.test.ts` finds what is missing or stale in it.
 */
export function t(strings: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  return fill(translate(keyOf(strings)), values);
}

/** A sentence that is data, an exhibit file's: in the language that the page speaks, or as it is. */
export function translate(sentence: string): string {
  return spoken.value.sentences[sentence] || sentence;
}

/**
 * Marks words that are said later, by `translate`: what they are put into is not known yet, or not on the page (a
 * worker's error that crosses to it). They stay English until then.
 */
export function sentence(strings: TemplateStringsArray): string {
  return strings[0];
}

function keyOf(strings: readonly string[]): string {
  return strings.reduce((key, part, index) => `${key}{${index - 1}}${part}`);
}

function fill(sentence: string, values: readonly (string | number)[]): string {
  if (values.length === 0) return sentence;
  return sentence.replace(/\{(\d{1,3})\}/g, (whole, index: string) => String(values[Number(index)] ?? whole));
}
