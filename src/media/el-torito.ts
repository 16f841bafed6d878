import { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteSource } from '../bytes/byte-source.ts';
import { trimField } from './iso9660-text.ts';
import { readVolumeStructures, SECTOR_BYTES } from './volume-descriptors.ts';

export type BootPlatform = 'x86' | 'powerpc' | 'mac' | 'efi' | 'unknown';
export type BootEmulation = 'none' | 'floppy-1200' | 'floppy-1440' | 'floppy-2880' | 'hard-disk' | 'unknown';

/** One thing that firmware can start from a disc (El Torito 1.0, figures 3 and 5). */
export interface BootEntry {
  /** True for the initial/default entry: the only one that SeaBIOS considers. */
  readonly isDefault: boolean;
  readonly platform: BootPlatform;
  readonly bootable: boolean;
  readonly emulation: BootEmulation;
  /** 0 stands for the traditional 0x7C0. */
  readonly loadSegment: number;
  readonly systemType: number;
  /** Virtual sectors of 512 bytes that firmware loads. */
  readonly loadSectors: number;
  readonly lba: number;
}

export interface BootCatalog {
  readonly bootRecordSector: number;
  readonly catalogLba: number;
  readonly platform: BootPlatform;
  /** Who made it: free text of the validation entry. */
  readonly id: string;
  /** Header 1 and key bytes 55 AA: without them firmware does not look further. */
  readonly signatureOk: boolean;
  /** The validation entry's sixteen words add up to 0. */
  readonly checksumOk: boolean;
  /** Default entry first. Empty where the signature is wrong. */
  readonly entries: readonly BootEntry[];
}

const SIGNATURE = 'EL TORITO SPECIFICATION';
const CATALOG_BYTES = SECTOR_BYTES;
const ENTRY_BYTES = 32;

/**
 * The boot catalog of a disc: null where there is no boot record. Throws `bytes/out-of-range` where the record
 * points outside the file. Section entries are followed within the catalog's first sector (62 entries).
 */
export async function readElTorito(source: ByteSource): Promise<BootCatalog | null> {
  const record = (await readVolumeStructures(source)).find(
    ({ identifier, type, bytes }) =>
      identifier === 'CD001' && type === 0 && new ByteReader(bytes).at(7).startsWith(SIGNATURE),
  );
  if (!record) return null;
  const catalogLba = new ByteReader(record.bytes).at(0x47).u32();
  const bytes = await source.read(catalogLba * SECTOR_BYTES, CATALOG_BYTES);
  const reader = new ByteReader(bytes, source.name);

  const headerId = reader.u8();
  const platform = platformOf(reader.u8());
  const id = trimField(reader.at(4).latin1(24));
  const signatureOk = headerId === 1 && reader.at(30).u8() === 0x55 && reader.u8() === 0xaa;
  return {
    bootRecordSector: record.sector,
    catalogLba,
    platform,
    id,
    signatureOk,
    checksumOk: checksumOf(bytes.subarray(0, ENTRY_BYTES)) === 0,
    entries: signatureOk ? parseEntries(reader, platform) : [],
  };
}

/** The bytes of the boot image that the map shows: what firmware loads, or the whole emulated drive. */
export function bootImageBytes(entry: BootEntry): number {
  switch (entry.emulation) {
    case 'floppy-1200':
      return 1200 * 1024;
    case 'floppy-1440':
      return 1440 * 1024;
    case 'floppy-2880':
      return 2880 * 1024;
    default:
      return Math.max(1, entry.loadSectors) * 512;
  }
}

function parseEntries(reader: ByteReader, platform: BootPlatform): BootEntry[] {
  const entries = [parseEntry(reader.at(ENTRY_BYTES), platform, true)];
  let at = 2 * ENTRY_BYTES;
  for (let more = true; more && at + ENTRY_BYTES <= reader.length;) {
    // Section header: 0x90 more follow, 0x91 the last one (El Torito figure 4).
    const header = reader.at(at).u8();
    if (header !== 0x90 && header !== 0x91) break;
    more = header === 0x90;
    const sectionPlatform = platformOf(reader.u8());
    const count = reader.u16();
    at += ENTRY_BYTES;
    for (let i = 0; i < count && at + ENTRY_BYTES <= reader.length; i++) {
      entries.push(parseEntry(reader.at(at), sectionPlatform, false));
      at += ENTRY_BYTES;
      // Extensions (0x44) belong to the entry before them and carry selection criteria only.
      while (at + ENTRY_BYTES <= reader.length && reader.at(at).u8() === 0x44) at += ENTRY_BYTES;
    }
  }
  return entries;
}

function parseEntry(reader: ByteReader, platform: BootPlatform, isDefault: boolean): BootEntry {
  const bootable = reader.u8() === 0x88;
  const emulation = emulationOf(reader.u8() & 0x0f);
  const loadSegment = reader.u16();
  const systemType = reader.u8();
  const loadSectors = reader.skip(1).u16();
  return {
    isDefault,
    platform,
    bootable,
    emulation,
    loadSegment,
    systemType,
    loadSectors,
    lba: reader.u32(),
  };
}

function checksumOf(entry: Uint8Array): number {
  const reader = new ByteReader(entry);
  let sum = 0;
  while (reader.remaining > 0) sum = (sum + reader.u16()) & 0xffff;
  return sum;
}

function platformOf(id: number): BootPlatform {
  if (id === 0xef) return 'efi';
  return (['x86', 'powerpc', 'mac'] as const)[id] ?? 'unknown';
}

function emulationOf(type: number): BootEmulation {
  return (['none', 'floppy-1200', 'floppy-1440', 'floppy-2880', 'hard-disk'] as const)[type] ?? 'unknown';
}
