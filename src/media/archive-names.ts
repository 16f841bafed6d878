import { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteSource } from '../bytes/byte-source.ts';
import { VitrineError } from '../lib/errors.ts';
import type { ArchiveFormat } from './file-signatures.ts';

/** Members of an archive that are looked at: an archive of a machine has five. */
const MAX_NAMES = 200;
/** The central directory of a ZIP with thousands of files; a longer one is read from its start. */
const MAX_DIRECTORY_BYTES = 256 * 1024;
/** A ZIP's end record and the longest comment after it (APPNOTE §4.3.16). */
const ZIP_END_BYTES = 22 + 0xffff;

/**
 * Names of what is packed in an archive, as far as they can be read without unpacking: from tar headers, a ZIP's
 * central directory, the header of gzip, otherwise from the archive's own name. Costs some reads that `MAX_NAMES`
 * bounds. Damage gives fewer names; only a medium that fails rejects.
 */
export async function readArchiveNames(source: ByteSource, format: ArchiveFormat): Promise<string[]> {
  const names: string[] = [];
  try {
    if (format === 'tar') await addTarNames(source, names);
    else if (format === 'zip') await addZipNames(source, names);
    else if (format === 'gzip') await addGzipName(source, names);
  } catch (error) {
    // What follows a damaged entry cannot be found, what came before it still counts.
    if (!(error instanceof VitrineError) || error.code === 'bytes/unreadable') throw error;
  }
  if (names.length === 0) names.push(withoutPackedEnding(source.name));
  return names;
}

/** POSIX ustar: a header of 512 bytes, then the member, filled up to 512 bytes. */
async function addTarNames(source: ByteSource, names: string[]): Promise<void> {
  let at = 0;
  for (let headers = 0; headers < MAX_NAMES && at + 512 <= source.sizeBytes; headers++) {
    const reader = new ByteReader(await source.read(at, 512), source.name);
    const name = untilNul(reader.at(0).latin1(100));
    if (name === '') return;
    const sizeBytes = tarNumber(reader.at(124).bytes(12));
    const kind = reader.at(156).latin1(1);
    if (kind === '0' || kind === '\0') names.push(name);
    if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0) return;
    at += 512 + Math.ceil(sizeBytes / 512) * 512;
  }
}

/** Octal digits, or base 256 with the highest bit set (GNU, for members of 8 GiB and more). */
function tarNumber(field: Uint8Array): number {
  if ((field[0] & 0x80) !== 0) {
    return field.reduce((value, byte, index) => value * 256 + (index === 0 ? byte & 0x7f : byte), 0);
  }
  const digits = untilNul(String.fromCharCode(...field)).trim();
  return digits === '' ? 0 : parseInt(digits, 8);
}

async function addZipNames(source: ByteSource, names: string[]): Promise<void> {
  const tailBytes = Math.min(ZIP_END_BYTES, source.sizeBytes);
  const tailAt = source.sizeBytes - tailBytes;
  const tail = await source.read(tailAt, tailBytes);
  const end = findLast(tail, [0x50, 0x4b, 5, 6]);
  if (end < 0) return;
  const reader = new ByteReader(tail, source.name);
  let sizeBytes = reader.at(end + 12).u32();
  let offset = reader.u32();
  if (offset === 0xffffffff && end >= 20) {
    // ZIP64: its locator stands before the end record (APPNOTE §4.3.15).
    const recordAt = Number(reader.at(end - 20 + 8).u64());
    const record = new ByteReader(await source.read(recordAt, 56), source.name);
    sizeBytes = Number(record.at(40).u64());
    offset = Number(record.u64());
  }
  const length = Math.min(sizeBytes, MAX_DIRECTORY_BYTES, Math.max(0, source.sizeBytes - offset));
  const directory = new ByteReader(await source.read(offset, length), source.name);
  for (let at = 0; at + 46 <= length && names.length < MAX_NAMES;) {
    if (directory.at(at).u32() !== 0x02014b50) return;
    const flags = directory.at(at + 8).u16();
    const nameBytes = directory.at(at + 28).u16();
    const rest = directory.u16() + directory.u16();
    const name = directory.at(at + 46).bytes(nameBytes);
    names.push(new TextDecoder((flags & 0x800) !== 0 ? 'utf-8' : 'windows-1252').decode(name));
    at += 46 + nameBytes + rest;
  }
}

/** RFC 1952 §2.3: the name stands behind the extra field, ended by a zero. */
async function addGzipName(source: ByteSource, names: string[]): Promise<void> {
  const head = await source.read(0, Math.min(1024, source.sizeBytes));
  const reader = new ByteReader(head, source.name);
  const flags = reader.at(3).u8();
  if ((flags & 8) === 0) return;
  reader.at(10);
  if ((flags & 4) !== 0) reader.skip(reader.u16());
  const name = untilNul(reader.latin1(reader.remaining));
  if (name !== '') names.push(name);
}

function withoutPackedEnding(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(0, dot) : name;
}

function untilNul(text: string): string {
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}

function findLast(bytes: Uint8Array, wanted: readonly number[]): number {
  for (let at = bytes.length - 22; at >= 0; at--) {
    if (wanted.every((byte, index) => bytes[at + index] === byte)) return at;
  }
  return -1;
}
