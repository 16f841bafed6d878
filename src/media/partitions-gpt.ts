import { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteSource } from '../bytes/byte-source.ts';
import { crc32 } from './partitions-crc32.ts';
import { SECTOR_BYTES, type Partition } from './partitions-entry.ts';

const HEADER_BYTES = 92;
const MAX_TABLE_BYTES = 1 << 20;
const UNUSED = '00000000-0000-0000-0000-000000000000';
/** Attribute "legacy BIOS bootable". */
const ATTRIBUTE_BIOS_BOOT = 2n;

/**
 * The entries of the GUID partition table whose header is in `sector` (UEFI 2.10 §5.3); null where there is no
 * sound one: signature, header checksum, table checksum and places are all checked.
 */
export async function readGptEntries(disk: ByteSource, sector: number): Promise<Partition[] | null> {
  const offset = sector * SECTOR_BYTES;
  if (sector < 1 || offset + SECTOR_BYTES > disk.sizeBytes) return null;
  const bytes = await disk.read(offset, SECTOR_BYTES);
  const header = new ByteReader(bytes);
  if (!header.startsWith('EFI PART')) return null;
  const headerBytes = header.at(12).u32();
  if (headerBytes < HEADER_BYTES || headerBytes > SECTOR_BYTES) return null;
  const headerSum = header.at(16).u32();
  const forSum = bytes.slice(0, headerBytes).fill(0, 16, 20);
  if (crc32(forSum) !== headerSum) return null;

  const tableSector = header.at(72).u64();
  const count = header.u32();
  const entryBytes = header.u32();
  const tableSum = header.u32();
  const tableBytes = count * entryBytes;
  if (entryBytes < 128 || tableBytes > MAX_TABLE_BYTES || tableSector > BigInt(disk.sizeBytes)) return null;
  const tableOffset = Number(tableSector) * SECTOR_BYTES;
  if (tableOffset + tableBytes > disk.sizeBytes) return null;
  const table = await disk.read(tableOffset, tableBytes);
  if (crc32(table) !== tableSum) return null;

  const partitions: Partition[] = [];
  for (let at = 0; at < tableBytes; at += entryBytes) {
    const entry = new ByteReader(table.subarray(at, at + entryBytes));
    const type = readGuid(entry);
    if (type === UNUSED) continue;
    const first = Number(entry.at(32).u64());
    const last = Number(entry.u64());
    if (last < first || !Number.isSafeInteger(last * SECTOR_BYTES)) return null;
    partitions.push({
      offsetBytes: first * SECTOR_BYTES,
      lengthBytes: (last - first + 1) * SECTOR_BYTES,
      type,
      active: ((entry.at(48).u64() >> ATTRIBUTE_BIOS_BOOT) & 1n) === 1n,
      logical: false,
    });
  }
  return partitions;
}

/** A GUID as it is written: its first three fields are little-endian on disk. */
function readGuid(reader: ByteReader): string {
  const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
  const head = `${hex(reader.u32(), 8)}-${hex(reader.u16(), 4)}-${hex(reader.u16(), 4)}`;
  const tail = [...reader.bytes(8)].map((byte) => hex(byte, 2)).join('');
  return `${head}-${tail.slice(0, 4)}-${tail.slice(4)}`;
}
