import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { exhibitSchemaText } from '../../scripts/exhibit-schema.ts';
import { exhibitSentences, say } from './exhibit-text.ts';
import { defaultKioskSettings } from './kiosk-settings.ts';
import { LONGEST_EXHIBIT, readExhibit, readKioskPart, type ExhibitMistake } from './read-exhibit.ts';
import { inOrder, spokenDate } from './timeline.ts';
import { isVisible } from './visible.ts';

const OWN = readFileSync(new URL('../../public/exhibit.json', import.meta.url), 'utf8');

function mistakes(source: string): readonly ExhibitMistake[] {
  const read = readExhibit(source);
  return read.ok ? [] : read.mistakes;
}

function exhibit(source: string) {
  const read = readExhibit(source);
  if (!read.ok) throw new Error(JSON.stringify(read.mistakes));
  return read.exhibit;
}

describe('the exhibit file', () => {
  it('that comes with the product is right, and every picture it names is there', () => {
    const own = exhibit(OWN);
    expect(own.chapters.map(({ title }) => say(title))).toEqual([
      'What an ISO is',
      'Why it was loved',
      'What made it Professional',
      'What it did not do',
      'The long second life',
      'The security paradox',
      'Whose disc?',
    ]);
    for (const { picture } of own.chapters)
      expect(readFileSync(new URL(`../../public/${picture?.src}`, import.meta.url), 'utf8')).toMatch(
        /^<svg /,
      );
    for (const chapter of own.chapters) expect(chapter.sources).not.toEqual([]);
  });

  it('has its schema published as it is', () => {
    const published = readFileSync(new URL('../../public/exhibit.schema.json', import.meta.url), 'utf8');
    expect(published).toBe(exhibitSchemaText());
  });

  it('may be the format alone', () => {
    expect(exhibit('{"format": 1}')).toMatchObject({ title: 'Vitrine', chapters: [], timeline: [] });
  });

  it.each([
    ['', { line: 1, column: 1, where: '', reason: 'is empty' }],
    [
      '{"format": 1,}',
      {
        line: 1,
        column: 14,
        where: '',
        reason: 'a name in quotes is missing here, or a comma stands too many',
      },
    ],
    [
      '{\n  "format": 1\n  "title": "A"\n}',
      { line: 3, column: 3, where: '', reason: 'a comma is missing here' },
    ],
    ['{"format": 1} x', { line: 1, column: 15, where: '', reason: 'a word that JSON does not know' }],
    ['{"format": 1, // one\n}', { line: 1, column: 15, where: '', reason: 'JSON knows no comments' }],
    [
      '{"format": 2}',
      { line: 1, column: 2, where: 'format', reason: 'must be 1: this exhibit reads no other' },
    ],
    ['{}', { line: 1, column: 1, where: 'format', reason: 'is missing' }],
    ['[]', { line: 1, column: 1, where: '', reason: 'must be an object, { … }' }],
    [
      '{"format": 1,\n "titel": "A"}',
      { line: 2, column: 2, where: 'titel', reason: 'is not known here; exhibit.schema.json tells what is' },
    ],
    [
      '{"format": 1,\n\n  "title": 7}',
      {
        line: 3,
        column: 3,
        where: 'title',
        reason: 'must be a text of up to 60 letters, or one for each language',
      },
    ],
    ['{"format": 1, "title": ""}', { line: 1, column: 15, where: 'title', reason: 'is empty' }],
    ['{"format": 1, "title": {"de": ""}}', { line: 1, column: 25, where: 'title.de', reason: 'is empty' }],
    [
      '{"format": 1, "title": {"deutsch!": "A"}}',
      { line: 1, column: 25, where: 'title.deutsch!', reason: 'is no language tag like "en" or "de"' },
    ],
    ['{"format": 1,\n "format": 1}', { line: 2, column: 2, where: 'format', reason: 'stands there twice' }],
    [
      '{"format": 1, "timeline": [{"when": "22.10.2009", "title": "A"}]}',
      {
        line: 1,
        column: 29,
        where: 'timeline[0].when',
        reason: 'must be a date like "2009", "2009-10" or "2009-10-22"',
      },
    ],
    [
      '{"format": 1, "chapters": [\n {"id": "a", "title": "A", "text": ["b"],\n  "picture": {"src": "../a.png", "alt": "a"}}]}',
      {
        line: 3,
        column: 15,
        where: 'chapters[0].picture.src',
        reason: 'must be an address below the folder of this file, like "pictures/one.png"',
      },
    ],
    [
      '{"format": 1, "chapters": [{"id": "a", "title": "A", "text": ["b"], "pointers": [{"id": "p", "title": "T", "look": "L", "place": {"x": 101, "y": 1}}]}]}',
      { line: 1, column: 131, where: 'chapters[0].pointers[0].place.x', reason: 'is above 100' },
    ],
  ])('%j is told with its line and reason', (source, expected) => {
    expect(mistakes(source)).toContainEqual(expected);
  });

  it('tells ids that are used twice', () => {
    const chapter = '{"id": "a", "title": "A", "text": ["b"]}';
    expect(mistakes(`{"format": 1, "chapters": [${chapter}, ${chapter}]}`)).toEqual([
      { line: 1, column: 15, where: 'chapters', reason: 'use the same id twice' },
    ]);
  });

  it('is not looked at when it is endless or bottomless', () => {
    expect(mistakes(' '.repeat(LONGEST_EXHIBIT + 1))[0].reason).toMatch(/is longer than/);
    expect(mistakes('['.repeat(100_000))[0].reason).toMatch(/nested deeper/);
    expect(mistakes('{"format":'.repeat(50_000))[0].reason).toMatch(/nested deeper/);
    for (const many of ['{},', 'x ', '"x"\n', '1,', ',', '"a":'])
      expect(mistakes(`[${many.repeat(60_000)}`)[0].reason, many).toMatch(/more than 60000 brackets/);
    // A long text is one word, with whatever in it.
    expect(mistakes(`["${'{ , x '.repeat(60_000)}"]`)[0].reason).toMatch(/must be an object/);
  });

  it('never throws, whatever was changed in it', () => {
    fc.assert(
      fc.property(fc.nat(OWN.length - 1), fc.nat(40), fc.string({ maxLength: 8 }), (at, cut, put) => {
        const read = readExhibit(OWN.slice(0, at) + put + OWN.slice(at + cut));
        if (read.ok) return;
        expect(read.mistakes.length).toBeGreaterThan(0);
        const lines = OWN.split('\n').length + 8;
        for (const { line, column, reason } of read.mistakes) {
          expect(line).toBeGreaterThan(0);
          expect(line).toBeLessThan(lines);
          expect(column).toBeGreaterThan(0);
          expect(reason).not.toBe('');
        }
      }),
      { numRuns: 300 },
    );
  });

  it('never throws, whatever it is', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (json) => {
        expect(readExhibit(json).ok).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});

describe('texts', () => {
  it('of several languages are said in the page’s, else English, else the first', () => {
    expect(say({ de: 'Hallo', en: 'Hello' })).toBe('Hello');
    expect(say({ fr: 'Bonjour', de: 'Hallo' })).toBe('Bonjour');
    expect(say('As it is')).toBe('As it is');
  });

  it('of one language are what a language file has to have', () => {
    const sentences = exhibitSentences(
      exhibit('{"format": 1, "title": {"en": "A"}, "timeline": [{"when": "2009", "title": "Born"}]}'),
    );
    expect(sentences).toEqual(['A Windows 7 PC in a museum case', 'Born']);
  });
});

describe('the timeline', () => {
  it('is in the order of time, and says its dates as people do', () => {
    const { timeline } = exhibit(
      '{"format": 1, "timeline": [{"when": "2020-01-14", "title": "C"}, {"when": "2009", "title": "A"}, {"when": "2009-10", "title": "B"}]}',
    );
    expect(inOrder(timeline).map(({ title }) => title)).toEqual(['A', 'B', 'C']);
    expect(['2009', '2009-10', '2009-10-22'].map((when) => spokenDate(when, 'en'))).toEqual([
      '2009',
      'October 2009',
      '22 October 2009',
    ]);
    expect(spokenDate('2009-10-22', 'de')).toBe('22. Oktober 2009');
  });
});

describe('what can be seen', () => {
  const seen = { power: 'running', mode: 'graphics', system: 'house-disc' } as const;

  it('follows the machine', () => {
    expect(isVisible('always', { ...seen, power: 'off' })).toBe(true);
    expect(isVisible('off', { ...seen, power: 'off' })).toBe(true);
    expect(isVisible('off', seen)).toBe(false);
    expect(isVisible('on', { ...seen, power: 'paused' })).toBe(true);
    expect(isVisible('on', { ...seen, power: 'failed' })).toBe(false);
    expect(isVisible('text', seen)).toBe(false);
    expect(isVisible('text', { ...seen, mode: 'text' })).toBe(true);
    expect(isVisible('house-disc', seen)).toBe(true);
    expect(isVisible('windows', seen)).toBe(false);
    expect(isVisible('windows', { ...seen, system: 'windows' })).toBe(true);
    expect(isVisible('house-disc', { ...seen, mode: null })).toBe(false);
  });
});

describe('what a file with mistakes says of a kiosk', () => {
  const kiosk = '"kiosk": {"enabled": true, "idleSeconds": 60}';
  const told = { enabled: true, idleSeconds: 60 };

  it.each([
    ['a field that nobody knows', `{"format": 1, ${kiosk}, "titel": "A"}`],
    ['a mistake in a chapter', `{"format": 1, "chapters": [{"title": 3}], ${kiosk}}`],
    ['a comma too many', `{"format": 1, ${kiosk},}`],
    ['a comma too few', `{"format": 1 ${kiosk}}`],
    ['no end', `{"format": 1, ${kiosk}, "chapters": [{`],
    ['another format', `{"format": 2, ${kiosk}}`],
    ['letters of another encoding', `{"title": "Stra\uFFFDe", ${kiosk}}`],
  ])('is heard over %s', (_what, source) => {
    expect(readKioskPart(source)).toMatchObject(told);
  });

  it('is that it is one, where the rest of that is wrong, and never with half a PIN', () => {
    const part = readKioskPart('{"format": 1, "kiosk": {"enabled": true, "pin": {"salt": "00"}, "idle": 1}}');
    expect(part).toEqual({ ...defaultKioskSettings(), enabled: true });
  });

  it.each([
    '',
    '[]',
    '{',
    '{"format": 1}',
    '{"kiosk": 1}',
    '{"kiosk": {"enabled": "yes"}}',
    '['.repeat(1000),
  ])('is nothing: %j', (source) => expect(readKioskPart(source)).toBeNull());

  it('is read of any text at all', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[{}[\],:"a-z ]*$/), (text) => {
        readKioskPart(text);
        readKioskPart(`{"kiosk": ${text}`);
      }),
    );
  });
});
