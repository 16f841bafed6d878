import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { languageNames } from '../../scripts/language-names.ts';
import {
  allSentences,
  LANGUAGES_FOLDER,
  placeholders,
  readSources,
  sentencesOf,
  unspokenOf,
} from '../../scripts/sentences.ts';

const files = readdirSync(LANGUAGES_FOLDER).filter((name) => name.endsWith('.json'));
const sentences = allSentences();

it('every language is offered under its own name', () => {
  const names = languageNames();
  expect(Object.keys(names)).toEqual(['en', ...files.map((file) => file.slice(0, -'.json'.length))]);
  expect(names).toMatchObject({ en: 'English', de: 'Deutsch' });
});

describe.each(files)('%s', (name) => {
  const language = JSON.parse(readFileSync(join(LANGUAGES_FOLDER, name), 'utf8')) as Record<string, string>;

  it('has every sentence of the code and of the exhibit', () => {
    expect(sentences.filter((sentence) => !(sentence in language))).toEqual([]);
  });

  it('has none that nobody says', () => {
    expect(Object.keys(language).filter((sentence) => !sentences.includes(sentence))).toEqual([]);
  });

  it('leaves none empty', () => {
    expect(Object.keys(language).filter((sentence) => language[sentence].trim() === '')).toEqual([]);
  });

  it('fills in the same values', () => {
    const wrong = Object.entries(language).filter(
      ([sentence, words]) => placeholders(sentence).join() !== placeholders(words).join(),
    );
    expect(wrong).toEqual([]);
  });
});

describe('the sources', () => {
  it('are read: sentences with values, marked ones and those of the exhibit', () => {
    const text =
      'const a = t`Saved ${x} at ${y}`; const b = sentence`its size`; const c = html`${t`Close`}`;';
    expect(sentencesOf({ path: 'a.ts', text })).toEqual(['Saved {0} at {1}', 'its size', 'Close']);
    expect(sentences).toContain('A Windows 7 PC in a museum case');
    expect(sentences.length).toBeGreaterThan(500);
  });

  it('refuse what cannot be read', () => {
    expect(() => sentencesOf({ path: 'a.ts', text: 'const a = sentence`of ${x}`;' })).toThrow('with values');
    expect(() => sentencesOf({ path: 'a.ts', text: 'const a = ;' })).toThrow('a.ts');
  });

  it('find words that would stay English', () => {
    const text = 'html`<p title="A title">${a}<b>Some words</b> ${t`More`}</p>`';
    expect(unspokenOf({ path: 'a.ts', text })).toEqual(['A title', 'Some words']);
  });

  it('leave no words of a template out', () => {
    const found = readSources()
      .filter(({ path }) => path.startsWith('src/ui/'))
      .flatMap((source) => unspokenOf(source).map((words) => `${source.path}: ${words}`));
    expect(found).toEqual([]);
  });
});
