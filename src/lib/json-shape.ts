/** What JSON text may be made of before it is parsed: parsed, a few bytes of it can take a hundred times their room. */
export interface JsonLimits {
  /** Objects and arrays inside each other. */
  readonly depth: number;
  /** Bytes of text there must be, at least, for each object or array. */
  readonly bytesPerList: number;
  /** The same for each member of an object. */
  readonly bytesPerMember: number;
  /** The same for each comma: members and items. */
  readonly bytesPerItem: number;
}

/** Objects, arrays, members and items that are never too many, however short the text. */
const FEW = 4096;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPENING: ReadonlySet<number> = new Set([0x7b, 0x5b]);
const CLOSING: ReadonlySet<number> = new Set([0x7d, 0x5d]);

/** Whether JSON text in UTF-8 (RFC 8259), well formed or not, keeps the limits: one pass, nothing is built. */
export function hasJsonShape(text: Uint8Array, limits: JsonLimits): boolean {
  const most = (bytesPer: number): number => FEW + text.length / bytesPer;
  const mostLists = most(limits.bytesPerList);
  let depth = 0;
  let lists = 0;
  let members = 0;
  let commas = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at++) {
    const byte = text[at];
    if (isInString) {
      if (byte === BACKSLASH) at++;
      else if (byte === QUOTE) isInString = false;
    } else if (byte === QUOTE) isInString = true;
    else if (byte === COLON) members++;
    else if (byte === COMMA) commas++;
    else if (OPENING.has(byte)) {
      lists++;
      depth++;
      if (depth > limits.depth || lists > mostLists) return false;
    } else if (CLOSING.has(byte)) depth--;
  }
  return members <= most(limits.bytesPerMember) && commas <= most(limits.bytesPerItem);
}
