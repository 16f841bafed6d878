import {
  findNodeAtLocation,
  getNodeValue,
  parseTree,
  printParseErrorCode,
  type Node,
  type ParseError,
  type ParseErrorCode,
} from 'jsonc-parser';
import * as v from 'valibot';
import { t } from '../lib/language.ts';
import { lastAtOrBefore } from '../lib/last-at-or-before.ts';
import { ExhibitSchema, type Exhibit } from './exhibit-file.ts';
import { defaultKioskSettings, readKioskSettings, type KioskSettings } from './kiosk-settings.ts';

/** One thing that is wrong in an exhibit file; lines and columns count from 1, as editors do. */
export interface ExhibitMistake {
  readonly line: number;
  readonly column: number;
  /** Where in the file, as a path: "chapters[2].title"; '' for the file as a whole. */
  readonly where: string;
  /** What is wrong with it, to be read after `where`: "is longer than 80 letters". */
  readonly reason: string;
}

export type ReadExhibit =
  | { readonly ok: true; readonly exhibit: Exhibit }
  | { readonly ok: false; readonly mistakes: readonly ExhibitMistake[] };

/** More text than any exhibit has: what is longer is not looked at. In UTF-16 units. */
export const LONGEST_EXHIBIT = 2_000_000;

/** Mistakes that are told at once; the rest shows when these are mended. */
const MOST_MISTAKES = 50;

/** More brackets, commas, texts and other words than any exhibit has: each may become a mistake that is held. */
const MOST_TOKENS = 60_000;

/** Deeper than any exhibit is: a file made to exhaust the stack is refused before it is walked. */
const DEEPEST = 64;

/**
 * Reads an exhibit file: JSON (RFC 8259, nothing more) that keeps `ExhibitSchema`. Never throws; each mistake is
 * told with its line and reason, those of the JSON first, since the rest means nothing before they are mended.
 */
export function readExhibit(source: string): ReadExhibit {
  const at = lineFinder(source);
  if (source.length > LONGEST_EXHIBIT)
    return wrong([{ ...at(0), where: '', reason: t`is longer than ${LONGEST_EXHIBIT} letters` }]);
  const excess = tooMuch(source);
  if (excess === 'deep')
    return wrong([{ ...at(0), where: '', reason: t`is nested deeper than ${DEEPEST} levels` }]);
  if (excess === 'many')
    return wrong([
      { ...at(0), where: '', reason: t`has more than ${MOST_TOKENS} brackets, commas and words` },
    ]);
  const errors: ParseError[] = [];
  const root = parseTree(source, errors, { disallowComments: true, allowTrailingComma: false });
  if (!root) return wrong([{ ...at(0), where: '', reason: t`is empty` }]);
  if (errors.length > 0)
    return wrong(
      errors
        .slice(0, MOST_MISTAKES)
        .map(({ error, offset }) => ({ ...at(offset), where: '', reason: jsonReason(error) })),
    );
  // The schema takes a list for an object without fields.
  if (root.type !== 'object') return wrong([{ ...at(0), where: '', reason: t`must be an object, { … }` }]);
  const twice = repeatedNames(root);
  if (twice.length > 0)
    return wrong(
      twice.map(({ node, where }) => ({ ...at(node.offset), where, reason: t`stands there twice` })),
    );
  const result = v.safeParse(ExhibitSchema, JSON.parse(source));
  if (result.success) return { ok: true, exhibit: result.output };
  return wrong(
    flatten(result.issues.slice(0, MOST_MISTAKES)).map(({ path, reason }) => ({
      ...at(nodeAt(root, path).offset),
      where: pathText(path),
      reason,
    })),
  );
}

/**
 * What a file that has mistakes says of a kiosk: the field alone, out of a file that is otherwise wrong. One that makes
 * a kiosk but has a mistake there itself gives the settings of a kiosk of which nothing is said, without a PIN. Null where
 * nothing of it can be read.
 */
export function readKioskPart(source: string): KioskSettings | null {
  if (source.length > LONGEST_EXHIBIT || tooMuch(source)) return null;
  const root = parseTree(source, [], { disallowComments: true, allowTrailingComma: false });
  const node = root?.type === 'object' ? findNodeAtLocation(root, ['kiosk']) : undefined;
  if (!node) return null;
  const value: unknown = getNodeValue(node);
  const isEnabled =
    typeof value === 'object' && value !== null && 'enabled' in value && value.enabled === true;
  return readKioskSettings(value) ?? (isEnabled ? { ...defaultKioskSettings(), enabled: true } : null);
}

function wrong(mistakes: readonly ExhibitMistake[]): ReadExhibit {
  return { ok: false, mistakes: mistakes.slice(0, MOST_MISTAKES) };
}

type Path = (string | number)[];

/** Of a value that may be one of several things, the mistakes of the thing it comes nearest to. */
function flatten(issues: readonly v.BaseIssue<unknown>[]): { path: Path; reason: string }[] {
  return issues.flatMap((issue) => {
    const nearest = issue.type === 'union' ? nearestOption(issue) : [];
    if (nearest.length > 0) return flatten(nearest);
    const path = (issue.path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)));
    return [{ path, reason: reasonOf(issue) }];
  });
}

/** An option whose own shape is right and which fails only deeper inside says more than "none of these". */
function nearestOption(issue: v.BaseIssue<unknown>): readonly v.BaseIssue<unknown>[] {
  const depth = issue.path?.length ?? 0;
  return (issue.issues ?? []).filter(
    (each) => (each.path?.length ?? 0) > depth || each.kind === 'validation',
  );
}

function reasonOf(issue: v.BaseIssue<unknown>): string {
  if (issue.received === 'undefined') return t`is missing`;
  if (issue.type === 'strict_object' && issue.expected === 'never')
    return t`is not known here; exhibit.schema.json tells what is`;
  // What the schema says itself is a reason already; valibot's own words are not for museum staff.
  if (!issue.message.startsWith('Invalid ')) return issue.message;
  switch (issue.type) {
    case 'string':
      return t`must be a text in quotes`;
    case 'number':
      return t`must be a number`;
    case 'boolean':
      return t`must be true or false`;
    case 'array':
      return t`must be a list, [ … ]`;
    default:
      return t`must be an object, { … }`;
  }
}

function jsonReason(error: ParseErrorCode): string {
  const code = printParseErrorCode(error);
  switch (code) {
    case 'InvalidSymbol':
      return t`a word that JSON does not know`;
    case 'InvalidNumberFormat':
    case 'UnexpectedEndOfNumber':
      return t`a number that is not written as JSON asks`;
    case 'PropertyNameExpected':
      return t`a name in quotes is missing here, or a comma stands too many`;
    case 'ValueExpected':
      return t`a value is missing here, or a comma stands too many`;
    case 'ColonExpected':
      return t`a colon is missing here`;
    case 'CommaExpected':
      return t`a comma is missing here`;
    case 'CloseBraceExpected':
      return t`a closing brace } is missing here`;
    case 'CloseBracketExpected':
      return t`a closing bracket ] is missing here`;
    case 'EndOfFileExpected':
      return t`something stands after the end`;
    case 'InvalidCommentToken':
    case 'UnexpectedEndOfComment':
      return t`JSON knows no comments`;
    case 'UnexpectedEndOfString':
      return t`a text is not closed with a quote in its line`;
    case 'InvalidUnicode':
    case 'InvalidEscapeCharacter':
      return t`a backslash stands before something that it cannot stand before`;
    default:
      return t`a character that must not stand here`;
  }
}

/** JSON.parse keeps the last of two; whoever wrote them means another. */
function repeatedNames(root: Node): { node: Node; where: string }[] {
  const found: { node: Node; where: string }[] = [];
  const walk = (node: Node, path: Path): void => {
    const seen = new Set<string>();
    for (const [index, child] of (node.children ?? []).entries()) {
      const [key, value] = child.type === 'property' ? (child.children ?? []) : [null, child];
      const name = key ? String(key.value) : index;
      if (key && typeof name === 'string') {
        if (seen.has(name) && found.length < MOST_MISTAKES)
          found.push({ node: key, where: pathText([...path, name]) });
        seen.add(name);
      }
      if (value) walk(value, [...path, name]);
    }
  };
  walk(root, []);
  return found;
}

/** The node of a path, or the nearest around it: what is missing has no place of its own. */
function nodeAt(root: Node, path: Path): Node {
  for (let length = path.length; length > 0; length--) {
    const node = findNodeAtLocation(root, path.slice(0, length));
    if (node) return node.parent?.type === 'property' ? node.parent : node;
  }
  return root;
}

function pathText(path: Path): string {
  return path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text ? `${text}.${key}` : key),
    '',
  );
}

/**
 * Goes over brackets, words and texts, and tells whether there are more than an exhibit has, or deeper ones. A text that
 * is not closed ends with its line.
 */
function tooMuch(source: string): 'deep' | 'many' | null {
  let depth = 0;
  let tokens = 0;
  let inside: 'text' | 'word' | null = null;
  for (let at = 0; at < source.length; at++) {
    const letter = source[at];
    if (inside === 'text') {
      if (letter === '\\') at++;
      else if (letter === '"' || letter === '\n') inside = null;
      continue;
    }
    if (letter === '{' || letter === '[') depth++;
    else if (letter === '}' || letter === ']') depth--;
    const isSpace = ' \t\r\n'.includes(letter);
    const isMark = '{}[],:"'.includes(letter);
    if (isMark || (!isSpace && inside === null)) tokens++;
    inside = letter === '"' ? 'text' : isSpace || isMark ? null : 'word';
    if (depth > DEEPEST) return 'deep';
    if (tokens > MOST_TOKENS) return 'many';
  }
  return null;
}

/** Finds lines and columns of offsets; the text is gone through once, at the first question. */
function lineFinder(source: string): (offset: number) => { line: number; column: number } {
  let starts: number[] | null = null;
  return (offset) => {
    starts ??= lineStarts(source);
    const line = lastAtOrBefore(starts, offset);
    return { line: line + 1, column: offset - starts[line] + 1 };
  };
}

function lineStarts(source: string): number[] {
  const starts = [0];
  for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
