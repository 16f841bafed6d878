import { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteSource } from '../bytes/byte-source.ts';
import { SECTOR_BYTES } from './volume-descriptors.ts';

/** Tag identifiers (ECMA-167 3/7.2.1 and 4/7.2.1). */
export const TAG = {
  primaryVolume: 1,
  anchor: 2,
  volumePointer: 3,
  partition: 5,
  logicalVolume: 6,
  terminating: 8,
  fileSet: 256,
  fileIdentifier: 257,
  allocationExtent: 258,
  indirectEntry: 259,
  fileEntry: 261,
  extendedFileEntry: 266,
} as const;

const TAG_BYTES = 16;

export interface Descriptor {
  readonly tagId: number;
  readonly location: number;
  /** At byte 0 of the descriptor, whole sector in view. */
  readonly reader: ByteReader;
}

/**
 * The descriptor that begins at `bytes`, or null where its tag is not right: checksum of the tag, version 2 or 3,
 * CRC of the body (ECMA-167 3/7.2). A CRC length of 0 means that the writer made none.
 */
export function parseDescriptor(bytes: Uint8Array, name: string): Descriptor | null {
  if (bytes.length < TAG_BYTES) return null;
  let checksum = 0;
  for (let i = 0; i < TAG_BYTES; i++) if (i !== 4) checksum = (checksum + bytes[i]) & 0xff;
  const reader = new ByteReader(bytes, name);
  const tagId = reader.u16();
  const version = reader.u16();
  if (tagId === 0 || checksum !== bytes[4] || (version !== 2 && version !== 3)) return null;
  const crc = reader.at(8).u16();
  const crcLength = reader.u16();
  const location = reader.u32();
  if (crcLength > bytes.length - TAG_BYTES) return null;
  if (crcLength > 0 && crc16(bytes.subarray(TAG_BYTES, TAG_BYTES + crcLength)) !== crc) return null;
  return { tagId, location, reader: reader.at(0) };
}

/**
 * The descriptor in a sector, null where there is none or its tag names another place. `location` is what the tag
 * should say: inside a partition that is the block within it.
 */
export async function readDescriptor(
  source: ByteSource,
  sector: number,
  location = sector,
): Promise<Descriptor | null> {
  if (sector < 0 || (sector + 1) * SECTOR_BYTES > source.sizeBytes) return null;
  const bytes = await source.read(sector * SECTOR_BYTES, SECTOR_BYTES);
  const descriptor = parseDescriptor(bytes, source.name);
  return descriptor?.location === location ? descriptor : null;
}

const CRC_TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
  return crc;
});

/** CRC of ECMA-167 3/7.2.6: polynomial x^16 + x^12 + x^5 + 1, start 0. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) crc = ((crc << 8) ^ CRC_TABLE[(crc >> 8) ^ byte]) & 0xffff;
  return crc;
}

/** OSTA compressed unicode (UDF 1.02 §2.1.1): the first byte says 8 or 16 bits a character. */
export function decodeOstaName(bytes: Uint8Array): string {
  const bits = bytes[0];
  let text = '';
  if (bits === 8) for (let i = 1; i < bytes.length; i++) text += String.fromCharCode(bytes[i]);
  if (bits === 16) {
    for (let i = 1; i + 1 < bytes.length; i += 2) text += String.fromCharCode(bytes[i] * 256 + bytes[i + 1]);
  }
  return text;
}

/** A fixed field of characters whose last byte is how many are used (UDF 1.02 §2.1.3). */
export function decodeDstring(field: Uint8Array): string {
  const used = Math.min(field[field.length - 1] ?? 0, field.length - 1);
  return decodeOstaName(field.subarray(0, used));
}
