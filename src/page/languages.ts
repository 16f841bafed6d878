import { holdFirstWords, speak, t, type Sentences } from '../lib/language.ts';
import { nextTask } from '../lib/next-task.ts';
import { LocalMemory } from './local-memory.ts';

/** The build puts them in: `scripts/language-names.ts`. */
declare const LANGUAGE_NAMES: Readonly<Record<string, string>>;

/** Each file of `src/languages` is a language; its address, by its tag. English is in the code. */
const FILES = new Map(
  Object.entries(
    import.meta.glob<string>('../languages/*.json', { query: '?url', import: 'default', eager: true }),
  ).map(([path, url]) => [path.slice(path.lastIndexOf('/') + 1, -'.json'.length), url]),
);

/** The languages that can be chosen, as BCP 47 tags. */
export const LANGUAGES: readonly string[] = ['en', ...FILES.keys()];

/** A language's file that takes longer than this holds the first words no more: they come in English before it. */
const FIRST_WORDS_MS = 2000;

/** What was chosen here before. */
const memory = new LocalMemory(() => localStorage, 'vitrine-language');

/** The first of `wanted` (a browser's list, the most wanted first) that there is: "de-AT" is content with "de". */
export function matchLanguage(wanted: readonly string[], known: readonly string[] = LANGUAGES): string {
  for (const tag of wanted) {
    const parts = tag.toLowerCase().split('-');
    for (let length = parts.length; length > 0; length--) {
      const match = known.find((each) => each.toLowerCase() === parts.slice(0, length).join('-'));
      if (match) return match;
    }
  }
  return 'en';
}

/** A language of `LANGUAGES` by its own name: "Deutsch". */
export function languageName(tag: string): string {
  return LANGUAGE_NAMES[tag];
}

/** Which language the page begins with: the address's `lang`, what was chosen here before, the browser's own. */
export function firstLanguage(query: string, chosen: LocalMemory, browser: readonly string[]): string {
  const asked = new URLSearchParams(query).get('lang');
  return matchLanguage(
    [asked, chosen.load()['language'], ...browser].filter((tag) => typeof tag === 'string'),
  );
}

/** The exhibit's own page begins to speak: the document is named in the language, and follows it from now on. */
export function beginExhibitLanguage(): void {
  // Drawn in a task of its own: the one that runs the page's script is long enough on a slow computer.
  holdFirstWords(nextTask());
  begin(firstLanguage(location.search, memory, navigator.languages), nameDocument);
}

/** A machine in a page of somebody else's speaks that page's language. Not for the exhibit's own, which has begun. */
export function beginEmbeddedLanguage(): void {
  if (!hasBegun) begin(matchLanguage([document.documentElement.lang]), () => undefined);
}

/** The visitor chooses a language; it is remembered. Rejected when its file cannot be had: nothing changes then. */
export async function chooseLanguage(tag: string): Promise<void> {
  await speakLanguage(tag);
  memory.save({ language: tag });
}

let hasBegun = false;
let nameSpoken: (tag: string) => void = () => undefined;
/** Counts the wishes: a file that arrives after a later wish is not spoken. */
let wishes = 0;

function begin(tag: string, name: (tag: string) => void): void {
  hasBegun = true;
  nameSpoken = name;
  if (!FILES.has(tag)) return;
  const spoken = speakLanguage(tag).catch((error: unknown) => {
    console.warn(`The exhibit speaks English: its sentences in "${tag}" could not be loaded.`, error);
  });
  holdFirstWords(Promise.race([spoken, new Promise<void>((done) => setTimeout(done, FIRST_WORDS_MS))]));
}

/**
 * The page speaks `tag` from now on. Resolves when it does; when the language's file cannot be had, the page goes on
 * in the language it spoke, and the promise is rejected.
 */
async function speakLanguage(tag: string): Promise<void> {
  const wish = ++wishes;
  const url = FILES.get(tag);
  const sentences = url === undefined ? {} : await fetchSentences(url);
  if (wish !== wishes) return;
  const spoken = url === undefined ? 'en' : tag;
  speak(spoken, sentences);
  nameSpoken(spoken);
}

function nameDocument(tag: string): void {
  document.documentElement.lang = tag;
  document.title = t`Vitrine: a Windows 7 PC in a museum case`;
  const description = document.querySelector<HTMLMetaElement>('meta[name="description"]');
  if (description) {
    description.content = t`A personal computer of 2009 in a glass case. Your own 32-bit Windows 7 disc boots inside this page, without any network.`;
  }
}

/** A file of the build, checked by `languages.test.ts`: its shape is known. */
async function fetchSentences(url: string): Promise<Sentences> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${response.status} for ${url}`);
  const sentences: Sentences = await response.json();
  return sentences;
}
