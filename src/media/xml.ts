import type { VitrineError } from '../lib/errors.ts';
import { sentence } from '../lib/language.ts';
import { malformed } from './disc-tree.ts';

/** An element of a small XML document. Text is what lies directly in it, joined and trimmed. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

interface OpenElement {
  name: string;
  attributes: Record<string, string>;
  children: XmlElement[];
  text: string;
}

const MAX_DEPTH = 32;
const MAX_ELEMENTS = 20_000;
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/**
 * The root element of the XML subset that WIM files hold: elements, attributes in quotes, text, the five entities and
 * character numbers. No document types, so nothing expands. Throws `media/malformed` where elements do not match,
 * or where there are more than a real document has (32 levels, 20,000 elements). Each character is looked at a fixed
 * number of times, whatever the text.
 */
export function parseXml(text: string, name: string): XmlElement {
  const scanner = new Scanner(text, name);
  const open: OpenElement[] = [{ name: '', attributes: {}, children: [], text: '' }];
  let elements = 0;
  while (!scanner.isAtEnd) {
    const top = open.at(-1)!;
    const tag = scanner.next();
    if (typeof tag === 'string') {
      top.text += decodeEntities(tag);
    } else if (tag?.kind === 'end') {
      if (open.length === 1 || top.name !== tag.name)
        throw malformed(name, sentence`its description`, `</${tag.name}>`);
      closeElement(open);
    } else if (tag) {
      if (++elements > MAX_ELEMENTS || open.length > MAX_DEPTH)
        throw malformed(name, sentence`its description`);
      open.push({ name: tag.name, attributes: tag.attributes, children: [], text: '' });
      if (tag.kind === 'empty') closeElement(open);
    }
  }
  const root = open[0].children[0];
  if (open.length !== 1 || !root) throw malformed(name, sentence`its description`);
  return root;
}

interface Tag {
  kind: 'start' | 'end' | 'empty';
  name: string;
  attributes: Record<string, string>;
}

/** A cursor over the text that only goes forward: what is not found up to the end ends the parsing. */
class Scanner {
  readonly #text: string;
  readonly #name: string;
  #at = 0;

  constructor(text: string, name: string) {
    this.#text = text;
    this.#name = name;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  /** The next run of text, the next tag, or null for a comment or declaration. */
  next(): string | Tag | null {
    if (this.#text[this.#at] !== '<') return this.#take((letter) => letter !== '<');
    if (this.#text.startsWith('<!--', this.#at)) {
      this.#at += '<!--'.length;
      this.#passText('-->');
      return null;
    }
    this.#at++;
    const second = this.#text[this.#at];
    if (second !== '?' && second !== '!') return this.#tag();
    this.#passText('>');
    return null;
  }

  #tag(): Tag {
    const isEnd = this.#skip('/');
    const name = this.#take(isNameLetter);
    if (name === '') throw this.#malformed();
    const attributes: Record<string, string> = {};
    for (;;) {
      this.#take(isSpace);
      if (this.#skip('>')) return { kind: isEnd ? 'end' : 'start', name, attributes };
      if (!isEnd && this.#skip('/')) {
        if (!this.#skip('>')) throw this.#malformed();
        return { kind: 'empty', name, attributes };
      }
      const key = this.#take(isNameLetter);
      this.#take(isSpace);
      if (key === '' || !this.#skip('=')) throw this.#malformed();
      this.#take(isSpace);
      const quote = this.#skip('"') ? '"' : this.#skip("'") ? "'" : null;
      if (quote === null) throw this.#malformed();
      attributes[key] = decodeEntities(this.#take((letter) => letter !== quote));
      if (!this.#skip(quote)) throw this.#malformed();
    }
  }

  /** Letters as long as they belong. */
  #take(belongs: (letter: string) => boolean): string {
    const start = this.#at;
    while (!this.isAtEnd && belongs(this.#text[this.#at])) this.#at++;
    return this.#text.slice(start, this.#at);
  }

  #skip(letter: string): boolean {
    if (this.#text[this.#at] !== letter) return false;
    this.#at++;
    return true;
  }

  #passText(end: string): void {
    const found = this.#text.indexOf(end, this.#at);
    if (found < 0) throw this.#malformed();
    this.#at = found + end.length;
  }

  #malformed(): VitrineError {
    return malformed(this.#name, sentence`its description`, `at character ${this.#at}`);
  }
}

const isSpace = (letter: string): boolean =>
  letter === ' ' || letter === '\t' || letter === '\n' || letter === '\r';
const isNameLetter = (letter: string): boolean => !isSpace(letter) && !'/>=<"\''.includes(letter);

/** The first child element of a name, null where there is none. */
export function childOf(element: XmlElement | null, name: string): XmlElement | null {
  return element?.children.find((child) => child.name === name) ?? null;
}

/** The text at a path of child names, '' where a step is missing. */
export function textAt(element: XmlElement | null, ...path: string[]): string {
  let at = element;
  for (const name of path) at = childOf(at, name);
  return at?.text ?? '';
}

function closeElement(open: OpenElement[]): void {
  const element = open.pop()!;
  open.at(-1)!.children.push({ ...element, text: element.text.trim() });
}

function decodeEntities(text: string): string {
  return text.replace(/&(?:#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z]{1,8});/giu, (whole) => {
    const name = whole.slice(1, -1).toLowerCase();
    if (!name.startsWith('#')) return ENTITIES[name] ?? whole;
    const point = Number(name.startsWith('#x') ? `0${name.slice(1)}` : name.slice(1));
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}
