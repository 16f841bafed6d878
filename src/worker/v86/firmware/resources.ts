/** Descriptors of what a device uses, for `_CRS` and `_PRS` (ACPI 2.0, chapter 6.4, "Resource Data Types"). */
import { buffer, dword, word, type Term } from './aml.ts';

/** A resource template: the descriptors and the tag that ends them, whose zero sum says that none is given. */
export const resources = (...descriptors: Term[]): Term => buffer([...descriptors.flat(), 0x79, 0]);

/** Ports that do not move, decoded with all 16 bits. */
export const ports = (first: number, count: number): Term => [
  0x47,
  1,
  ...word(first),
  ...word(first),
  1,
  count,
];

/** An ISA interrupt: an edge, high, its own. */
export const irq = (line: number): Term => [0x22, ...word(1 << line)];

/** A channel of the 8237 for devices of 8 bits. */
export const dma = (channel: number): Term => [0x2a, 1 << channel, 0];

/** Interrupts of which one is taken: levels, high, shared, as our PCI bus raises them. */
export const interrupts = (...lines: number[]): Term => [
  0x89,
  ...word(2 + 4 * lines.length),
  0x09,
  lines.length,
  ...lines.flatMap((line) => dword(line)),
];

/** Where in a template of `interrupts(0)` the number is. */
export const INTERRUPT_NUMBER_OFFSET = 5;

/** What a bridge passes on; both ends fixed. */
const PRODUCER = 0x0c;

const window16 = (type: number, typeFlags: number, first: number, last: number): Term => [
  0x88,
  ...word(13),
  type,
  PRODUCER,
  typeFlags,
  ...word(0),
  ...word(first),
  ...word(last),
  ...word(0),
  ...word(last - first + 1),
];

export const busNumbers = (first: number, last: number): Term => window16(2, 0, first, last);
export const portWindow = (first: number, last: number): Term => window16(1, 3, first, last);

/** A window of memory that can be written; `cacheable` for what is memory and no register. */
export const memoryWindow = (first: number, last: number, cacheable: boolean): Term => [
  0x87,
  ...word(23),
  0,
  PRODUCER,
  cacheable ? 0x03 : 0x01,
  ...dword(0),
  ...dword(first),
  ...dword(last),
  ...dword(0),
  ...dword(last - first + 1),
];
