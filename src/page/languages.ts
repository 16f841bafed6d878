import { speak, type Sentences } from '../lib/language.ts';
import type { LocalMemory } from './local-memory.ts';

/** Each file of `src/languages` is a language; its address, by its tag. English is in the code. */
const FILES = new Map(
  Object.entries(
    import.meta.glob<string>('../languages/*.json', { query: '?url', import: 'default', eager: true }),
  ).map(([path, url]) => [path.slice(path.lastIndexOf('/') + 1, -'.json'.length), url]),
);

/** The languages that can be chosen, as BCP 47 tags. */
export const LANGUAGES: readonly string[] = ['en', ...FILES.keys()];

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

/** A language by its own name: "Deutsch". */
export function languageName(tag: string): string {
  return new Intl.DisplayNames([tag], { type: 'language' }).of(tag) ?? tag;
}

/** Which language the page begins with: the address's `lang`, what was chosen here before, the browser's own. */
export function firstLanguage(query: string, memory: LocalMemory, browser: readonly string[]): string {
  const chosen = memory.load()['language'];
  const asked = new URLSearchParams(query).get('lang');
  return matchLanguage([asked, chosen, ...browser].filter((tag) => typeof tag === 'string'));
}

/**
 * The page speaks `tag` from now on. Resolves when it does; when the language's file cannot be had, the page goes on
 * in the language it spoke, and the promise is rejected.
 */
export async function speakLanguage(tag: string): Promise<void> {
  const url = FILES.get(tag);
  if (url === undefined) speak('en');
  else speak(tag, await fetchSentences(url));
  document.documentElement.lang = url === undefined ? 'en' : tag;
}

/** A file of the build, checked by `languages.test.ts`: its shape is known. */
async function fetchSentences(url: string): Promise<Sentences> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${response.status} for ${url}`);
  const sentences: Sentences = await response.json();
  return sentences;
}
