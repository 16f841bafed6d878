import { language, translate } from '../lib/language.ts';
import type { Exhibit, ExhibitText } from './exhibit-file.ts';

/**
 * A text of the exhibit in the language of the page: the museum's own in that language, else the one of the page's
 * language file (the exhibit that comes with the product has its translations there), else English, else the first.
 */
export function say(text: ExhibitText): string {
  if (typeof text === 'string') return translate(text);
  const { tag } = language.value;
  return text[tag] ?? text[tag.split('-')[0]] ?? text['en'] ?? Object.values(text)[0] ?? '';
}

/** Every text of an exhibit that stands there in one language only: what a language file has to have. */
export function exhibitSentences(exhibit: Exhibit): string[] {
  const texts: (ExhibitText | undefined)[] = [exhibit.title, exhibit.subtitle];
  for (const chapter of exhibit.chapters) {
    texts.push(chapter.title, chapter.gist, chapter.picture?.alt, ...chapter.text, ...chapter.sources);
    for (const pointer of chapter.pointers) texts.push(pointer.title, pointer.look);
  }
  for (const event of exhibit.timeline) texts.push(event.title, event.text, event.source);
  return [...new Set(texts.filter((text) => typeof text === 'string'))];
}
