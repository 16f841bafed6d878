import { placeholders } from './sentences.ts';

/** A language file as it is stored: translations by their English sentence, in the order of the code. */
export type LanguageFile = Readonly<Record<string, string>>;

/**
 * Before the English of a translation that nobody asks for any more. Such an entry stands where its sentence stood,
 * beside the one that was reworded, for as long as a translation of the file is missing.
 */
const WAS = '#was ';

export interface UpdatedFile {
  readonly file: LanguageFile;
  /** Sentences that wait for their translation. */
  readonly empty: readonly string[];
  /** Sentences that went with their translations. */
  readonly dropped: readonly string[];
}

/**
 * Brings a file to these sentences, in their order. A new sentence comes in empty; the translation of one that is
 * gone stays as `#was …` until none is empty, and a sentence that comes back takes its translation back.
 */
export function updateLanguage(known: LanguageFile, sentences: readonly string[]): UpdatedFile {
  const said = new Set(sentences);
  const wordsFor = (sentence: string) => known[sentence] || known[WAS + sentence] || '';
  const empty = sentences.filter((sentence) => wordsFor(sentence) === '');
  const gone = empty.length > 0 ? oldTranslations(known, said) : new Map<string, [string, string][]>();
  const entries: [string, string][] = [...(gone.get('') ?? [])];
  for (const sentence of sentences)
    entries.push([sentence, wordsFor(sentence)], ...(gone.get(sentence) ?? []));
  const file = Object.fromEntries(entries);
  const dropped = Object.keys(known)
    .map(plain)
    .filter((sentence) => !said.has(sentence) && !(WAS + sentence in file));
  return { file, empty, dropped };
}

/**
 * Gives the translations of a sentence that was reworded to its new wording, which must be in the code by now, in every
 * language that has one. Throws, with nothing changed in any, where none has, where the new wording is translated
 * already, or where their `{0}`… differ.
 */
export function renameSentence(
  languages: readonly LanguageFile[],
  was: string,
  now: string,
): readonly LanguageFile[] {
  const wordsIn = (known: LanguageFile) => known[was] || known[WAS + was];
  const translated = languages.filter(wordsIn);
  if (translated.length === 0) throw new Error(`There is no translation of “${was}”.`);
  if (translated.some((known) => known[now])) throw new Error(`“${now}” is translated already.`);
  if (placeholders(was).join() !== placeholders(now).join())
    throw new Error(`“${was}” and “${now}” are filled with other values; translate the new one anew.`);
  return languages.map((known) => {
    const words = wordsIn(known);
    return words ? moveWords(known, words, was, now) : known;
  });
}

function moveWords(known: LanguageFile, words: string, was: string, now: string): LanguageFile {
  return Object.fromEntries(
    Object.entries(known).flatMap(([sentence, each]) => {
      if (sentence === now) return [];
      return [plain(sentence) === was ? [now, words] : [sentence, each]];
    }),
  );
}

/** The translations that nobody asks for, by the sentence after which they stand ('' for the beginning). */
function oldTranslations(known: LanguageFile, said: ReadonlySet<string>): Map<string, [string, string][]> {
  const after = new Map<string, [string, string][]>();
  let place = '';
  for (const [key, words] of Object.entries(known)) {
    const sentence = plain(key);
    if (said.has(sentence)) place = sentence;
    else if (words !== '') after.set(place, [...(after.get(place) ?? []), [WAS + sentence, words]]);
  }
  return after;
}

function plain(key: string): string {
  return key.startsWith(WAS) ? key.slice(WAS.length) : key;
}
