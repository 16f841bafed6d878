import { ByteReader } from '../bytes/byte-reader.ts';
import { checkRange, type ByteSource } from '../bytes/byte-source.ts';
import type { WindowsOnDisk } from './disk-report.ts';

export interface ProgramVersion {
  /** "6.1.7601.17514" */
  version: string;
  architecture: WindowsOnDisk['architecture'];
  /** The name that its maker gave the file, '' where it does not say. */
  originalName: string;
}

const SIZE_OF_HEADERS = 4096;
const RESOURCE_VERSION = 16;
const FIXED_INFO_MAGIC = 0xfeef04bd;
const MACHINES: Record<number, WindowsOnDisk['architecture']> = {
  0x014c: 'x86',
  0x8664: 'x64',
  0x0200: 'ia64',
  0xaa64: 'arm64',
};

/** What a program (Microsoft "PE Format") says of itself; null where it has no version that can be found. */
export async function readProgramVersion(file: ByteSource): Promise<ProgramVersion | null> {
  if (file.sizeBytes < SIZE_OF_HEADERS) return null;
  const head = new ByteReader(await file.read(0, SIZE_OF_HEADERS), file.name);
  if (!head.startsWith('MZ')) return null;
  const pe = head.at(60).u32();
  if (pe + 24 > head.length || !head.at(pe).startsWith('PE\0\0')) return null;
  const architecture = MACHINES[head.at(pe + 4).u16()];
  const sections = head.u16();
  const optionalBytes = head.at(pe + 20).u16();
  if (architecture === undefined) return null;
  const table = pe + 24 + optionalBytes;
  for (let index = 0; index < sections && table + (index + 1) * 40 <= head.length; index++) {
    if (!head.at(table + index * 40).startsWith('.rsrc\0')) continue;
    const address = head.at(table + index * 40 + 12).u32();
    const length = head.u32();
    const offset = head.u32();
    if (offset + length > file.sizeBytes) return null;
    const version = await readVersionResource(file, { address, offset, length });
    return version === null ? null : { ...version, architecture };
  }
  return null;
}

interface Section {
  address: number;
  offset: number;
  length: number;
}

/** Goes down the resource tree, type → name → language, to the version information. */
async function readVersionResource(
  file: ByteSource,
  section: Section,
): Promise<Omit<ProgramVersion, 'architecture'> | null> {
  let at = 0;
  for (let level = 0; level < 3; level++) {
    const entry = await findEntry(file, section, at, level === 0 ? RESOURCE_VERSION : null);
    if (entry === null) return null;
    at = entry.offset;
    if (entry.isDirectory !== level < 2) return null;
  }
  const leaf = new ByteReader(await readIn(file, section, at, 8), file.name);
  const start = leaf.u32() - section.address;
  const length = Math.min(leaf.u32(), 4096);
  const bytes = await readIn(file, section, start, length);
  const info = new ByteReader(bytes, file.name);
  for (let from = 0; from + 16 <= info.length; from += 4) {
    if (info.at(from).u32() !== FIXED_INFO_MAGIC) continue;
    const high = info.at(from + 8).u32();
    const low = info.u32();
    const version = `${high >>> 16}.${high & 0xffff}.${low >>> 16}.${low & 0xffff}`;
    return { version, originalName: findString(bytes, 'OriginalFilename') };
  }
  return null;
}

/**
 * The value of a string in the version information: after its name and a NUL, at a multiple of four bytes, up to the
 * next NUL (Microsoft "String structure"). '' where there is none.
 */
function findString(info: Uint8Array, name: string): string {
  const text = new TextDecoder('utf-16le', { ignoreBOM: true }).decode(info);
  const at = text.indexOf(`${name}\0`);
  if (at < 0) return '';
  const start = (at + name.length + 1 + 1) & ~1;
  const end = text.indexOf('\0', start);
  return end < 0 ? '' : text.slice(start, end);
}

async function findEntry(
  file: ByteSource,
  section: Section,
  directory: number,
  id: number | null,
): Promise<{ offset: number; isDirectory: boolean } | null> {
  const head = new ByteReader(await readIn(file, section, directory, 16), file.name);
  const count = head.at(12).u16() + head.u16();
  const entries = new ByteReader(await readIn(file, section, directory + 16, count * 8), file.name);
  for (let index = 0; index < count; index++) {
    const own = entries.u32();
    const where = entries.u32();
    if (id === null || own === id) return { offset: where & 0x7fffffff, isDirectory: where >>> 31 === 1 };
  }
  return null;
}

/** Bytes of the section; `bytes/out-of-range` where the tree leads out of it. */
async function readIn(file: ByteSource, section: Section, at: number, length: number): Promise<Uint8Array> {
  checkRange({ name: file.name, sizeBytes: section.length }, at, length);
  return file.read(section.offset + at, length);
}
