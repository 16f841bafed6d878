import { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteSource } from '../bytes/byte-source.ts';

export const SECTOR_BYTES = 2048;

const FIRST_DESCRIPTOR_SECTOR = 16;
/** How far the volume recognition sequence is followed: real discs end before sector 32. */
const MAX_DESCRIPTORS = 64;

/** One sector of the volume recognition sequence (ECMA-119 §8.1, ECMA-167 2/9.1), not yet interpreted. */
export interface VolumeStructure {
  readonly sector: number;
  /** `CD001` for ISO 9660, `BEA01`, `NSR02`, `NSR03`, `TEA01` for UDF. */
  readonly identifier: string;
  /** ISO 9660: 0 boot record, 1 primary, 2 supplementary (Joliet), 3 partition, 255 end. */
  readonly type: number;
  readonly version: number;
  readonly bytes: Uint8Array;
}

const IDENTIFIERS = new Set(['CD001', 'BEA01', 'NSR02', 'NSR03', 'TEA01', 'BOOT2']);

/**
 * The structures from sector 16 up to the first sector that is none: ISO 9660 and UDF ones in one row, as on a
 * bridge disc. Empty for anything that is not an optical disc image; short where the file ends within them.
 */
export async function readVolumeStructures(source: ByteSource): Promise<VolumeStructure[]> {
  const structures: VolumeStructure[] = [];
  const sectors = Math.floor(source.sizeBytes / SECTOR_BYTES);
  const end = Math.min(sectors, FIRST_DESCRIPTOR_SECTOR + MAX_DESCRIPTORS);
  for (let sector = FIRST_DESCRIPTOR_SECTOR; sector < end; sector++) {
    const bytes = await source.read(sector * SECTOR_BYTES, SECTOR_BYTES);
    const reader = new ByteReader(bytes, source.name);
    const type = reader.u8();
    const identifier = reader.latin1(5);
    if (!IDENTIFIERS.has(identifier)) break;
    structures.push({ sector, identifier, type, version: reader.u8(), bytes });
  }
  return structures;
}
