import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renameSentence, updateLanguage, type LanguageFile } from './language-file.ts';

const KNOWN = { Open: 'Öffnen', 'Save it': 'Speichern', Close: 'Schließen' };

describe('updateLanguage', () => {
  it('keeps the translation of a reworded sentence beside the empty one', () => {
    const { file, empty, dropped } = updateLanguage(KNOWN, ['Open', 'Save the disk', 'Close']);
    expect(Object.entries(file)).toEqual([
      ['Open', 'Öffnen'],
      ['#was Save it', 'Speichern'],
      ['Save the disk', ''],
      ['Close', 'Schließen'],
    ]);
    expect([empty, dropped]).toEqual([['Save the disk'], []]);
  });

  it('drops it once nothing waits for its translation', () => {
    const reworded = updateLanguage(KNOWN, ['Open', 'Save the disk', 'Close']).file;
    const filled = { ...reworded, 'Save the disk': 'Die Platte speichern' };
    const { file, dropped } = updateLanguage(filled, ['Open', 'Save the disk', 'Close']);
    expect(file).toEqual({ Open: 'Öffnen', 'Save the disk': 'Die Platte speichern', Close: 'Schließen' });
    expect(dropped).toEqual(['Save it']);
  });

  it('gives it back to a sentence that comes back', () => {
    const reworded = updateLanguage(KNOWN, ['Save the disk']).file;
    expect(updateLanguage(reworded, ['Open', 'Save it', 'Close']).file).toEqual(KNOWN);
  });

  it('loses no translation while one is missing, in any order of rewordings, and settles at once', () => {
    const sentence = fc.constantFrom('a', 'b', 'c', 'd', 'e');
    const list = fc.uniqueArray(sentence);
    fc.assert(
      fc.property(fc.dictionary(sentence, fc.constantFrom('', 'x', 'y')), fc.array(list), (start, steps) => {
        let file: Readonly<Record<string, string>> = start;
        for (const sentences of steps) {
          const before = Object.values(file).filter((words) => words !== '').length;
          const next = updateLanguage(file, sentences);
          expect(Object.keys(next.file).filter((key) => !key.startsWith('#was '))).toEqual(sentences);
          expect(updateLanguage(next.file, sentences).file).toEqual(next.file);
          const after = Object.values(next.file).filter((words) => words !== '').length;
          if (next.empty.length > 0) expect(after).toBe(before);
          file = next.file;
        }
      }),
    );
  });
});

describe('renameSentence', () => {
  it.each<LanguageFile>([{ Open: 'Öffnen' }, { '#was Open': 'Öffnen', 'Open it': '' }])(
    'gives the translation to the new wording',
    (file) => {
      expect(renameSentence([file], 'Open', 'Open it')).toEqual([{ 'Open it': 'Öffnen' }]);
    },
  );

  it('does so in every language that has one, and leaves a language alone that is not translated yet', () => {
    const files: LanguageFile[] = [{ Open: 'Öffnen' }, { Open: '' }, { Open: 'Ouvrir' }, {}];
    expect(renameSentence(files, 'Open', 'Open it')).toEqual([
      { 'Open it': 'Öffnen' },
      { Open: '' },
      { 'Open it': 'Ouvrir' },
      {},
    ]);
  });

  it('refuses what it would lose or fill wrongly', () => {
    expect(() => renameSentence([KNOWN, {}], 'Opne', 'Open it')).toThrow('no translation');
    expect(() => renameSentence([{ Open: 'Ouvrir' }, KNOWN], 'Open', 'Close')).toThrow('already');
    expect(() => renameSentence([KNOWN], 'Open', 'Open {0}')).toThrow('other values');
  });
});
