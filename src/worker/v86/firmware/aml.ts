/**
 * An assembler for the part of ACPI's machine language that describes our PC (ACPI 2.0, chapter 16, "ACPI Machine
 * Language"; for a revision 1 table, whose integers have 32 bits). Each function gives the bytes of one term.
 */

export type Term = readonly number[];

/** Letters of ASCII, a byte each. */
export const ascii = (letters: string): Term =>
  Array.from({ length: letters.length }, (_, i) => letters.charCodeAt(i));

/** A name of up to four letters, or a path: `\_SB_.PCI0`, `^PIRQ`. */
export function name(path: string): Term {
  const [, prefix = '', rest = ''] = /^(\\|\^*)(.*)$/.exec(path)!;
  const segments = rest === '' ? [] : rest.split('.').map((segment) => ascii(segment.padEnd(4, '_')));
  const count =
    segments.length === 0
      ? [0]
      : segments.length === 1
        ? []
        : segments.length === 2
          ? [0x2e]
          : [0x2f, segments.length];
  return [...ascii(prefix), ...count, ...segments.flat()];
}

/** An integer in as few bytes as it fits into. */
export function integer(value: number): Term {
  if (value === 0 || value === 1) return [value];
  if (value <= 0xff) return [0x0a, value];
  if (value <= 0xffff) return [0x0b, ...word(value)];
  return [0x0c, ...dword(value)];
}

export const word = (value: number): Term => [value & 0xff, (value >> 8) & 0xff];
export const dword = (value: number): Term => [...word(value), ...word(value >>> 16)];

/** The length of what follows, itself included (16.2.4, "Package Length Encoding"). */
function packageLength(contentBytes: number): Term {
  if (contentBytes + 1 <= 0x3f) return [contentBytes + 1];
  for (let extra = 1; extra <= 3; extra++) {
    const total = contentBytes + 1 + extra;
    if (total >= 1 << (4 + 8 * extra)) continue;
    const bytes = Array.from({ length: extra }, (_, i) => (total >> (4 + 8 * i)) & 0xff);
    return [(extra << 6) | (total & 0xf), ...bytes];
  }
  throw new RangeError(`A term of ${contentBytes} bytes is too long for AML.`);
}

const sized = (opcode: Term, content: Term): Term => [
  ...opcode,
  ...packageLength(content.length),
  ...content,
];

/** A compressed identifier of the EISA kind: `PNP0A03`. */
export function eisaId(id: string): Term {
  const maker = ascii(id.slice(0, 3)).reduce((packed, letter) => (packed << 5) | (letter - 0x40), 0);
  const product = Number.parseInt(id.slice(3), 16);
  return [0x0c, maker >> 8, maker & 0xff, product >> 8, product & 0xff];
}

export const named = (path: string, value: Term): Term => [0x08, ...name(path), ...value];
export const scope = (path: string, ...terms: Term[]): Term =>
  sized([0x10], [...name(path), ...terms.flat()]);
export const device = (path: string, ...terms: Term[]): Term =>
  sized([0x5b, 0x82], [...name(path), ...terms.flat()]);
export const packageOf = (...elements: Term[]): Term => sized([0x12], [elements.length, ...elements.flat()]);
export const buffer = (bytes: Term): Term => sized([0x11], [...integer(bytes.length), ...bytes]);

/** `serialized` for a method that makes named objects: two of it at once would meet. */
export function method(
  path: string,
  options: { arguments?: number; serialized?: boolean },
  ...terms: Term[]
): Term {
  const flags = (options.arguments ?? 0) | (options.serialized ? 8 : 0);
  return sized([0x14], [...name(path), flags, ...terms.flat()]);
}

/** A processor with its block of power registers (`lengthBytes` 6, or 0 for none). */
export const processor = (path: string, id: number, port: number, lengthBytes: number): Term =>
  sized([0x5b, 0x83], [...name(path), id, ...dword(port), lengthBytes]);

const REGION_SPACES = { memory: 0, io: 1, pciConfig: 2 } as const;
export const operationRegion = (
  path: string,
  space: keyof typeof REGION_SPACES,
  offset: number,
  bytes: number,
): Term => [0x5b, 0x80, ...name(path), REGION_SPACES[space], ...integer(offset), ...integer(bytes)];

/** Fields of eight bits each, one after the other, read and written by byte. */
export const byteFields = (region: string, ...fields: string[]): Term =>
  sized([0x5b, 0x81], [...name(region), 0x01, ...fields.flatMap((field) => [...name(field), 8])]);

export const argument = (index: number): Term => [0x68 + index];
export const call = (path: string, ...terms: Term[]): Term => [...name(path), ...terms.flat()];
export const returns = (value: Term): Term => [0xa4, ...value];
export const store = (value: Term, target: Term): Term => [0x70, ...value, ...target];
export const or = (left: Term, right: Term, target: Term = [0]): Term => [0x7d, ...left, ...right, ...target];
export const less = (left: Term, right: Term): Term => [0x95, ...left, ...right];
export const when = (condition: Term, ...terms: Term[]): Term =>
  sized([0xa0], [...condition, ...terms.flat()]);
export const dwordFieldOf = (source: Term, byteOffset: number, path: string): Term => [
  0x8a,
  ...source,
  ...integer(byteOffset),
  ...name(path),
];
