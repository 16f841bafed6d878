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
/** A tag with its attributes, or a run of text. Comments and declarations are matched to be skipped. */
const TOKEN = /<!--[\s\S]*?-->|<[?!][^>]*>|<(\/?)([^\s/>]+)([^>]*?)(\/?)>|([^<]+)/gu;
const ATTRIBUTE = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/gu;
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/**
 * The root element of the XML subset that WIM files hold: elements, attributes, text, the five entities and
 * character numbers. No document types, so nothing expands. Throws `media/malformed` where elements do not match,
 * or where there are more than a real document has (32 levels, 20,000 elements).
 */
export function parseXml(text: string, name: string): XmlElement {
  const open: OpenElement[] = [{ name: '', attributes: {}, children: [], text: '' }];
  let elements = 0;
  let end = 0;
  for (const token of text.matchAll(TOKEN)) {
    if (token.index !== end) break;
    end = token.index + token[0].length;
    const [, slash, tag, attributes, selfClosing, characters] = token;
    const top = open.at(-1)!;
    if (characters !== undefined) {
      top.text += decodeEntities(characters);
    } else if (tag !== undefined && slash === '/') {
      if (open.length === 1 || top.name !== tag)
        throw malformed(name, sentence`its description`, `</${tag}>`);
      closeElement(open);
    } else if (tag !== undefined) {
      if (++elements > MAX_ELEMENTS || open.length > MAX_DEPTH)
        throw malformed(name, sentence`its description`);
      open.push({ name: tag, attributes: parseAttributes(attributes ?? ''), children: [], text: '' });
      if (selfClosing === '/') closeElement(open);
    }
  }
  const root = open[0].children[0];
  if (open.length !== 1 || !root || end !== text.length) throw malformed(name, sentence`its description`);
  return root;
}

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

function parseAttributes(text: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [, name, double, single] of text.matchAll(ATTRIBUTE)) {
    attributes[name] = decodeEntities(double ?? single ?? '');
  }
  return attributes;
}

function decodeEntities(text: string): string {
  return text.replace(/&(?:#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z]+);/giu, (whole) => {
    const name = whole.slice(1, -1).toLowerCase();
    if (!name.startsWith('#')) return ENTITIES[name] ?? whole;
    const point = Number(name.startsWith('#x') ? `0${name.slice(1)}` : name.slice(1));
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}
