import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync, Visitor } from 'rolldown/utils';
import { exhibitSentences } from '../src/exhibit/exhibit-text.ts';
import { readExhibit } from '../src/exhibit/read-exhibit.ts';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const SRC = join(ROOT, 'src');
/** Where the languages are, one file each. */
export const LANGUAGES_FOLDER = join(SRC, 'languages');

/** A source file of the page, by its path from the root. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** All TypeScript of the page and its workers, without tests. */
export function readSources(): Source[] {
  return readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && !path.includes('testing/'))
    .map((path) => join(SRC, path))
    .sort()
    .map((path) => ({ path: relative(ROOT, path), text: readFileSync(path, 'utf8') }));
}

/**
 * The sentences of a source file as `t` and `sentence` look them up ("Saved {0}"), in their order. Throws where one
 * cannot be read: a file that does not parse, or a template with an escape that means nothing.
 */
export function sentencesOf({ path, text }: Source): string[] {
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0].message}`);
  const found: string[] = [];
  new Visitor({
    TaggedTemplateExpression({ tag, quasi }) {
      if (tag.type !== 'Identifier' || (tag.name !== 't' && tag.name !== 'sentence')) return;
      const parts = quasi.quasis.map(({ value }) => value.cooked);
      if (parts.some((part) => typeof part !== 'string'))
        throw new Error(`${path}: a template with a bad escape`);
      if (tag.name === 'sentence' && parts.length > 1) throw new Error(`${path}: a sentence with values`);
      found.push(
        parts.reduce<string>(
          (key, part, index) => (index === 0 ? `${part}` : `${key}{${index - 1}}${part}`),
          '',
        ),
      );
    },
  }).visit(program);
  return found;
}

/** Every sentence that the page can say, each once: of the code, in the order of the files, then of the exhibit. */
export function allSentences(): string[] {
  return [...new Set([...readSources().flatMap(sentencesOf), ...sentencesOfExhibit()])];
}

/** Those of the exhibit that comes with the product. */
function sentencesOfExhibit(): string[] {
  const read = readExhibit(readFileSync(join(ROOT, 'public/exhibit.json'), 'utf8'));
  if (!read.ok) throw new Error('public/exhibit.json has mistakes: see its own test');
  return exhibitSentences(read.exhibit);
}

/** The values that a sentence is filled with: "{0}", "{1}"…, sorted. */
export function placeholders(sentence: string): string[] {
  return [...sentence.matchAll(/\{\d+\}/g)].map(([match]) => match).sort();
}

/** Names that are the same in every language. */
const NAMES = /^(Vitrine|MiB|SHA-1|Windows 7|ms|ACPI)$/;
const SPOKEN_ATTRIBUTES =
  /\s(?:aria-label|aria-description|title|placeholder|alt|label|heading|text)="([^"]*)"/g;

/** Words of a source's templates that are not said by `t`: between tags, or in an attribute that is read out. */
export function unspokenOf({ path, text }: Source): string[] {
  const { program } = parseSync(path, text);
  const found: string[] = [];
  new Visitor({
    TaggedTemplateExpression({ tag, quasi }) {
      if (tag.type !== 'Identifier' || (tag.name !== 'html' && tag.name !== 'svg')) return;
      const markup = quasi.quasis
        .map(({ value }) => value.raw)
        .join('${}')
        .replace(/<!--.*?-->/gs, '');
      found.push(...[...markup.matchAll(SPOKEN_ATTRIBUTES)].map(([, words]) => words));
      found.push(...markup.replace(/<[^>]*>/g, '\n').split('\n'));
    },
  }).visit(program);
  return found
    .map((words) => words.replaceAll('${}', '').trim())
    .filter((words) => /\p{L}{2}/u.test(words) && !NAMES.test(words));
}
