import type { ByteSource } from '../bytes/byte-source.ts';
import { SECTOR_BYTES } from './volume-descriptors.ts';

/**
 * How a file keeps the user data of a disc: 2048 bytes of each sector, at `dataOffsetBytes` of every `sectorBytes`.
 * A raw copy of a CD keeps a sector whole (ECMA-130 §14: 2352 bytes), some with the 96 bytes of subchannel after it.
 */
export interface DiscLayout {
  /** Where sector 0 begins: behind the two seconds of lead-in that some programs write too. */
  readonly startBytes: number;
  readonly sectorBytes: number;
  readonly dataOffsetBytes: number;
}

/** A piece of the file that a search for the layout wants to see; the answer is shorter where the file ends. */
export interface Look {
  readonly offset: number;
  readonly length: number;
}

/** As an .iso file: nothing but user data. */
export const PLAIN_LAYOUT: DiscLayout = { startBytes: 0, sectorBytes: SECTOR_BYTES, dataOffsetBytes: 0 };

/** Mode 1 has its data behind sync and header, form 1 of mode 2 behind a subheader as well (ECMA-130, the XA book). */
const RAW_SECTORS = [
  { sectorBytes: 2352, dataOffsetBytes: 16 },
  { sectorBytes: 2352, dataOffsetBytes: 24 },
  { sectorBytes: 2448, dataOffsetBytes: 16 },
  { sectorBytes: 2448, dataOffsetBytes: 24 },
];
/** Mode 2 without sync and header (MODE2/2336 of a cue sheet). */
const HEADLESS = { sectorBytes: 2336, dataOffsetBytes: 8 };
const LEAD_IN_SECTORS = 150;
/** ECMA-130 §14.1: what every sector of a data track begins with. */
export const SYNC = '\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\0';
/** The last bytes of an image of Nero's: an identifier, then where its list of tracks is. */
const NERO_FOOTERS = [
  { fromEnd: 12, id: 'NER5' },
  { fromEnd: 8, id: 'NERO' },
];
const FIRST_DESCRIPTOR = 16;
/** Type, identifier and version of a volume descriptor (ECMA-119 §8.1, ECMA-167 2/9.1). */
const DESCRIPTOR_IDS = ['CD001\x01', 'BEA01\x01'];

/**
 * Searches for the first volume descriptor of a disc in every layout, plainest first; null where none has one. A
 * generator, so that one search serves files that are read at once and files that are waited for.
 */
export function* searchDiscLayout(fileBytes: number): Generator<Look, DiscLayout | null, Uint8Array> {
  const starts = (texts: string[], bytes: Uint8Array) => texts.some((text) => latin1(bytes).startsWith(text));
  const atDescriptor = (layout: DiscLayout): Look => ({
    offset: spanInFile(layout, FIRST_DESCRIPTOR * SECTOR_BYTES, 1).offset + 1,
    length: DESCRIPTOR_IDS[0].length,
  });
  const layouts = [PLAIN_LAYOUT, ...[...RAW_SECTORS, HEADLESS].map((one) => ({ startBytes: 0, ...one }))];
  for (const layout of layouts) {
    if (starts(DESCRIPTOR_IDS, yield atDescriptor(layout))) return layout;
  }
  // Behind a lead-in only where the file says by itself what it is: a hard disk may hold an .iso file there.
  const behind: DiscLayout[] = [];
  if (starts([SYNC], yield { offset: 0, length: SYNC.length })) {
    behind.push(...RAW_SECTORS.map((one) => ({ startBytes: LEAD_IN_SECTORS * one.sectorBytes, ...one })));
  }
  for (const { fromEnd, id } of NERO_FOOTERS) {
    if (!starts([id], yield { offset: Math.max(0, fileBytes - fromEnd), length: id.length })) continue;
    const plain = { sectorBytes: SECTOR_BYTES, dataOffsetBytes: 0 };
    behind.push(
      ...[plain, ...RAW_SECTORS, HEADLESS].map((one) => ({
        startBytes: LEAD_IN_SECTORS * one.sectorBytes,
        ...one,
      })),
    );
  }
  for (const layout of behind) {
    if (starts(DESCRIPTOR_IDS, yield atDescriptor(layout))) return layout;
  }
  return null;
}

/** The layout of a file that is waited for; rejects only with the errors of the source. */
export async function readDiscLayout(file: ByteSource): Promise<DiscLayout | null> {
  const search = searchDiscLayout(file.sizeBytes);
  let step = search.next();
  while (!step.done) {
    const { offset, length } = step.value;
    const inside = Math.max(0, Math.min(length, file.sizeBytes - offset));
    step = search.next(inside > 0 ? await file.read(offset, inside) : new Uint8Array(0));
  }
  return step.value;
}

/** How many bytes of user data a file holds: whole sectors, except where it is plain. */
export function discBytes(
  { startBytes, sectorBytes, dataOffsetBytes }: DiscLayout,
  fileBytes: number,
): number {
  if (startBytes === 0 && sectorBytes === SECTOR_BYTES) return fileBytes;
  const sectors = Math.floor((fileBytes - startBytes - dataOffsetBytes - SECTOR_BYTES) / sectorBytes) + 1;
  return Math.max(0, sectors) * SECTOR_BYTES;
}

/** The piece of the file in which user data lies, what is between them included. `length` is not 0. */
export function spanInFile(layout: DiscLayout, offset: number, length: number): Look {
  const from = inFile(layout, offset);
  return { offset: from, length: inFile(layout, offset + length - 1) + 1 - from };
}

/** The user data of a span that `spanInFile` gave for the same `offset` and `length`. */
export function dataOfSpan(layout: DiscLayout, span: Uint8Array, offset: number, length: number): Uint8Array {
  if (layout.sectorBytes === SECTOR_BYTES) return span;
  const data = new Uint8Array(length);
  const from = inFile(layout, offset);
  for (let done = 0; done < length;) {
    const count = Math.min(length - done, SECTOR_BYTES - ((offset + done) % SECTOR_BYTES));
    const at = inFile(layout, offset + done) - from;
    data.set(span.subarray(at, at + count), done);
    done += count;
  }
  return data;
}

function inFile({ startBytes, sectorBytes, dataOffsetBytes }: DiscLayout, offset: number): number {
  const within = offset % SECTOR_BYTES;
  return startBytes + ((offset - within) / SECTOR_BYTES) * sectorBytes + dataOffsetBytes + within;
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
