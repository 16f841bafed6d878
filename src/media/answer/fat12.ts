import { VitrineError } from '../../lib/errors.ts';

/** A 1.44 MB floppy: the only geometry that is made here (3.5", 80 tracks, 2 sides, 18 sectors). */
export const FLOPPY_BYTES = 2880 * 512;
const SECTOR_BYTES = 512;
const FAT_SECTORS = 9;
const FAT_COPIES = 2;
const ROOT_ENTRIES = 224;
const ENTRY_BYTES = 32;
const FAT_OFFSET = SECTOR_BYTES;
const ROOT_OFFSET = FAT_OFFSET + FAT_COPIES * FAT_SECTORS * SECTOR_BYTES;
const DATA_OFFSET = ROOT_OFFSET + ROOT_ENTRIES * ENTRY_BYTES;
/** One sector each; the first two numbers are taken by the format. */
const CLUSTERS = (FLOPPY_BYTES - DATA_OFFSET) / SECTOR_BYTES;
const FIRST_CLUSTER = 2;
const END_OF_CHAIN = 0xfff;
const MEDIA = 0xf0;
const ATTRIBUTE_LABEL = 0x08;
const ATTRIBUTE_ARCHIVE = 0x20;
const ATTRIBUTE_LONG_NAME = 0x0f;
const LONG_NAME_CHARACTERS = 13;

export interface FloppyFile {
  /** A name of the root directory, up to 255 characters; long names get a short one beside them. */
  name: string;
  bytes: Uint8Array;
}

export interface FloppyOptions {
  /** Up to 11 characters, A to Z, digits, space, - and _; put in upper case. */
  label: string;
  /** The time of every file. */
  modifiedAt: Date;
}

/**
 * A floppy image with FAT12 (Microsoft "FAT: General Overview of On-Disk Format") that holds the files in its root
 * directory, long names included. The same input gives the same bytes. A PC that starts from it goes on to its
 * next drive. Rejects with `floppy/full` and `floppy/bad-name`.
 */
export function makeFloppy(files: readonly FloppyFile[], options: FloppyOptions): Uint8Array {
  const image = new Uint8Array(FLOPPY_BYTES);
  writeBootSector(image, options);
  const fat = new Uint16Array(FIRST_CLUSTER + CLUSTERS);
  fat[0] = 0xf00 | MEDIA;
  fat[1] = END_OF_CHAIN;
  const entries: Uint8Array[] = [makeLabelEntry(options)];
  const names = new Set<string>();
  let next = FIRST_CLUSTER;
  for (const { name, bytes } of files) {
    checkName(name, names);
    const count = Math.ceil(bytes.length / SECTOR_BYTES);
    if (next + count > fat.length) throw new VitrineError('floppy/full', { name });
    image.set(bytes, DATA_OFFSET + (next - FIRST_CLUSTER) * SECTOR_BYTES);
    for (let index = 0; index < count; index++) {
      fat[next + index] = index + 1 < count ? next + index + 1 : END_OF_CHAIN;
    }
    const shortName = makeShortName(name, names);
    const start = count === 0 ? 0 : next;
    if (toPlainName(shortName) !== name) entries.push(...makeLongNameEntries(name, shortName));
    entries.push(makeFileEntry(shortName, start, bytes.length, options.modifiedAt));
    next += count;
  }
  if (entries.length > ROOT_ENTRIES) throw new VitrineError('floppy/full', { name: files.at(-1)!.name });
  entries.forEach((entry, index) => image.set(entry, ROOT_OFFSET + index * ENTRY_BYTES));
  const packed = packFat(fat);
  for (let copy = 0; copy < FAT_COPIES; copy++) {
    image.set(packed, FAT_OFFSET + copy * FAT_SECTORS * SECTOR_BYTES);
  }
  return image;
}

function writeBootSector(image: Uint8Array, { label, modifiedAt }: FloppyOptions): void {
  const view = new DataView(image.buffer, 0, SECTOR_BYTES);
  image.set([0xeb, 0x3c, 0x90]);
  image.set(ascii('VITRINE '), 3);
  view.setUint16(11, SECTOR_BYTES, true);
  view.setUint8(13, 1);
  view.setUint16(14, 1, true);
  view.setUint8(16, FAT_COPIES);
  view.setUint16(17, ROOT_ENTRIES, true);
  view.setUint16(19, FLOPPY_BYTES / SECTOR_BYTES, true);
  view.setUint8(21, MEDIA);
  view.setUint16(22, FAT_SECTORS, true);
  view.setUint16(24, 18, true);
  view.setUint16(26, 2, true);
  view.setUint8(38, 0x29);
  view.setUint32(39, Math.floor(modifiedAt.getTime() / 1000) >>> 0, true);
  image.set(labelBytes(label), 43);
  image.set(ascii('FAT12   '), 54);
  // INT 18h: "nothing to start here", whereupon a BIOS tries its next drive; then halt, should it come back.
  image.set([0xcd, 0x18, 0xf4, 0xeb, 0xfd], 62);
  view.setUint16(510, 0xaa55, true);
}

/** Two 12-bit numbers in three bytes. */
function packFat(fat: Uint16Array): Uint8Array {
  const bytes = new Uint8Array(FAT_SECTORS * SECTOR_BYTES);
  fat.forEach((value, index) => {
    const at = Math.floor((index * 3) / 2);
    if (index % 2 === 0) {
      bytes[at] = value & 0xff;
      bytes[at + 1] |= value >> 8;
    } else {
      bytes[at] |= (value & 0x0f) << 4;
      bytes[at + 1] = value >> 4;
    }
  });
  return bytes;
}

function makeLabelEntry({ label, modifiedAt }: FloppyOptions): Uint8Array {
  const entry = new Uint8Array(ENTRY_BYTES);
  entry.set(labelBytes(label));
  entry[11] = ATTRIBUTE_LABEL;
  setTime(entry, modifiedAt);
  return entry;
}

function makeFileEntry(shortName: string, cluster: number, sizeBytes: number, modifiedAt: Date): Uint8Array {
  const entry = new Uint8Array(ENTRY_BYTES);
  const view = new DataView(entry.buffer);
  entry.set(ascii(shortName));
  entry[11] = ATTRIBUTE_ARCHIVE;
  setTime(entry, modifiedAt);
  view.setUint16(26, cluster, true);
  view.setUint32(28, sizeBytes, true);
  return entry;
}

/** Entries with the long name in UTF-16, last part first, tied to the short name by its checksum. */
function makeLongNameEntries(name: string, shortName: string): Uint8Array[] {
  let sum = 0;
  for (const byte of ascii(shortName)) sum = ((((sum & 1) << 7) | (sum >> 1)) + byte) & 0xff;
  const parts = Math.ceil(name.length / LONG_NAME_CHARACTERS);
  const places = [1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30];
  return Array.from({ length: parts }, (_, index) => {
    const part = parts - index;
    const entry = new Uint8Array(ENTRY_BYTES);
    const view = new DataView(entry.buffer);
    entry[0] = part | (index === 0 ? 0x40 : 0);
    entry[11] = ATTRIBUTE_LONG_NAME;
    entry[13] = sum;
    places.forEach((place, character) => {
      const at = (part - 1) * LONG_NAME_CHARACTERS + character;
      view.setUint16(place, at < name.length ? name.charCodeAt(at) : at === name.length ? 0 : 0xffff, true);
    });
    return entry;
  });
}

/** The 11 characters of a short name that no other file has: the name itself if it is one, else with a ~ and number. */
function makeShortName(name: string, taken: Set<string>): string {
  const dot = name.lastIndexOf('.');
  const clean = (text: string): string => text.toUpperCase().replaceAll(/[^A-Z0-9_\-$#&@!%'(){}^]/g, '');
  const base = clean(dot > 0 ? name.slice(0, dot) : name);
  const extension = clean(dot > 0 ? name.slice(dot + 1) : '').slice(0, 3);
  const join = (stem: string): string => stem.padEnd(8) + extension.padEnd(3);
  const fits = base.length > 0 && base.length <= 8 && toPlainName(join(base)) === name.toUpperCase();
  for (let number = 0; ; number++) {
    const tail = `~${number}`;
    const candidate = number === 0 ? join(base.slice(0, 8)) : join(base.slice(0, 8 - tail.length) + tail);
    if ((number > 0 || fits) && !taken.has(candidate)) {
      taken.add(candidate);
      return candidate;
    }
  }
}

function toPlainName(shortName: string): string {
  const extension = shortName.slice(8).trim();
  return shortName.slice(0, 8).trim() + (extension === '' ? '' : `.${extension}`);
}

function checkName(name: string, taken: Set<string>): void {
  const key = `name:${name.toUpperCase()}`;
  const bad =
    name.length === 0 ||
    name.length > 255 ||
    /["*/:<>?\\|]/u.test(name) ||
    /\p{Cc}/u.test(name) ||
    /[. ]$/u.test(name) ||
    taken.has(key);
  if (bad) throw new VitrineError('floppy/bad-name', { name });
  taken.add(key);
}

function labelBytes(label: string): Uint8Array {
  if (!/^[A-Za-z0-9 _-]{1,11}$/u.test(label)) throw new VitrineError('floppy/bad-name', { name: label });
  return ascii(label.toUpperCase().padEnd(11));
}

/** Local parts of the time in UTC, so that one moment gives the same bytes everywhere. FAT knows 1980 to 2107. */
function setTime(entry: Uint8Array, at: Date): void {
  const view = new DataView(entry.buffer);
  const year = Math.min(127, Math.max(0, at.getUTCFullYear() - 1980));
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1);
  view.setUint16(22, time, true);
  view.setUint16(24, (year << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate(), true);
}

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
