import { ByteReader } from '../bytes/byte-reader.ts';
import { checkRange, type ByteSource } from '../bytes/byte-source.ts';
import type { WindowsOnDisk } from './disk-report.ts';

/** A volume on which files are found by their paths, letter case ignored. */
export interface FileVolume {
  openFile(path: readonly string[]): Promise<ByteSource | null>;
}

/** The kernel carries its version and the processor it is for: two facts from one file, in a dozen reads. */
const KERNELS = [
  ['Windows', 'System32', 'ntoskrnl.exe'],
  ['WINNT', 'System32', 'ntoskrnl.exe'],
];
const SIZE_OF_HEADERS = 4096;
const RESOURCE_VERSION = 16;
const FIXED_INFO_MAGIC = 0xfeef04bd;
const MACHINES: Record<number, WindowsOnDisk['architecture']> = {
  0x014c: 'x86',
  0x8664: 'x64',
  0x0200: 'ia64',
  0xaa64: 'arm64',
};

/** The Windows on a volume, null where none is found (or its kernel cannot be read plainly). */
export async function findWindows(volume: FileVolume): Promise<Omit<WindowsOnDisk, 'partition'> | null> {
  for (const path of KERNELS) {
    const kernel = await volume.openFile(path);
    if (kernel === null) continue;
    const found = await readProgramVersion(kernel);
    if (found === null) return null;
    const { version, architecture } = found;
    return { name: nameOf(version), version, architecture, hibernated: await isHibernated(volume) };
  }
  return null;
}

/** Names of desktop Windows by kernel version; server releases share their numbers. */
const NAMES: Record<string, string> = {
  '4.0': 'Windows NT 4.0',
  '5.0': 'Windows 2000',
  '5.1': 'Windows XP',
  '6.0': 'Windows Vista',
  '6.1': 'Windows 7',
  '6.2': 'Windows 8',
  '6.3': 'Windows 8.1',
};

function nameOf(version: string): string {
  const [major, minor, build] = version.split('.').map(Number);
  if (major >= 10) return build >= 22000 ? 'Windows 11' : 'Windows 10';
  return NAMES[`${major}.${minor}`] ?? `Windows ${major}.${minor}`;
}

/** The hibernation file begins with "hibr" or "HIBR" while there is something to wake up to. */
async function isHibernated(volume: FileVolume): Promise<boolean> {
  const file = await volume.openFile(['hiberfil.sys']);
  if (file === null || file.sizeBytes < 4) return false;
  return new ByteReader(await file.read(0, 4)).latin1(4).toLowerCase() === 'hibr';
}

/** File version and machine of a program (Microsoft "PE Format"); null where it has none that can be found. */
export async function readProgramVersion(
  file: ByteSource,
): Promise<{ version: string; architecture: WindowsOnDisk['architecture'] } | null> {
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
    return version === null ? null : { version, architecture };
  }
  return null;
}

interface Section {
  address: number;
  offset: number;
  length: number;
}

/** Goes down the resource tree, type → name → language, to the version information. */
async function readVersionResource(file: ByteSource, section: Section): Promise<string | null> {
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
  const info = new ByteReader(await readIn(file, section, start, length), file.name);
  for (let from = 0; from + 16 <= info.length; from += 4) {
    if (info.at(from).u32() !== FIXED_INFO_MAGIC) continue;
    const high = info.at(from + 8).u32();
    const low = info.u32();
    return `${high >>> 16}.${high & 0xffff}.${low >>> 16}.${low & 0xffff}`;
  }
  return null;
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
