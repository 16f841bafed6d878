import { ByteWriter } from '../bytes/byte-writer.ts';
import { SECTOR_BYTES } from './volume-descriptors.ts';

/** How one tree writes its texts: one byte a character, or UCS-2 big-endian. */
export type IsoTextKind = 'primary' | 'joliet';

/** What a directory record points at. */
export interface RecordTarget {
  readonly sector: number;
  readonly sizeBytes: number;
  readonly isDirectory: boolean;
  readonly hasMoreExtents?: boolean;
}

export interface VolumeFields {
  readonly volumeId: string;
  readonly publisherId?: string;
  readonly preparerId?: string;
  readonly applicationId?: string;
  readonly date: Date;
}

/** Where a tree begins; its path table is there twice, once for each byte order. */
export interface TreePlace {
  readonly root: RecordTarget;
  readonly pathTable: { readonly sizeBytes: number; readonly little: number; readonly big: number };
}

/** Names of the entries for a directory itself and its parent. */
export const SELF = Uint8Array.of(0);
export const PARENT = Uint8Array.of(1);

export function encodeIsoText(text: string, kind: IsoTextKind): Uint8Array<ArrayBuffer> {
  const width = kind === 'joliet' ? 2 : 1;
  const writer = new ByteWriter(text.length * width);
  for (let i = 0; i < text.length; i++) {
    if (kind === 'joliet') writer.u16Be(text.charCodeAt(i));
    else writer.u8(text.charCodeAt(i));
  }
  return writer.bytes;
}

/** ECMA-119 §9.1. */
export function directoryRecord(
  identifier: Uint8Array,
  target: RecordTarget,
  date: Date,
): Uint8Array<ArrayBuffer> {
  const length = 33 + identifier.length + ((identifier.length & 1) ^ 1);
  const writer = new ByteWriter(length);
  writer.u8(length).u8(0).u32Both(target.sector).u32Both(target.sizeBytes);
  writer.u8(date.getUTCFullYear() - 1900).u8(date.getUTCMonth() + 1);
  writer.u8(date.getUTCDate()).u8(date.getUTCHours()).u8(date.getUTCMinutes()).u8(date.getUTCSeconds()).u8(0);
  writer.u8((target.isDirectory ? 0x02 : 0) | (target.hasMoreExtents ? 0x80 : 0));
  writer.u8(0).u8(0).u16Both(1).u8(identifier.length).put(identifier);
  return writer.bytes;
}

/** Records one after the other, none across a sector's end; always at least one sector. */
export function packRecords(records: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter(packedSectors(records.map(({ length }) => length)) * SECTOR_BYTES);
  for (const record of records) {
    const room = SECTOR_BYTES - (writer.position % SECTOR_BYTES);
    if (record.length > room) writer.at(writer.position + room);
    writer.put(record);
  }
  return writer.bytes;
}

/** How many sectors `packRecords` fills with records of these lengths. */
export function packedSectors(lengths: readonly number[]): number {
  let at = 0;
  for (const length of lengths) {
    const room = SECTOR_BYTES - (at % SECTOR_BYTES);
    at += length > room ? room + length : length;
  }
  return Math.max(1, Math.ceil(at / SECTOR_BYTES));
}

/** A primary or supplementary volume descriptor (ECMA-119 §8.4, §8.5; Joliet §4). */
export function volumeDescriptor(
  kind: IsoTextKind,
  fields: VolumeFields,
  volumeSectors: number,
  place: TreePlace,
): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter(SECTOR_BYTES);
  const text = (offset: number, length: number, value = ''): void => {
    const encoded = encodeIsoText(value, kind).subarray(0, length);
    const padding = encodeIsoText(' '.repeat(length), kind).subarray(encoded.length, length);
    writer.at(offset).put(encoded).put(padding);
  };
  writer
    .u8(kind === 'joliet' ? 2 : 1)
    .ascii('CD001')
    .u8(1);
  text(8, 32);
  text(40, 32, fields.volumeId);
  writer.at(80).u32Both(volumeSectors);
  if (kind === 'joliet') writer.at(88).ascii('%/E');
  writer.at(120).u16Both(1).u16Both(1).u16Both(SECTOR_BYTES).u32Both(place.pathTable.sizeBytes);
  writer.u32(place.pathTable.little).u32(0).u32Be(place.pathTable.big).u32Be(0);
  writer.put(directoryRecord(SELF, place.root, fields.date));
  text(190, 128);
  text(318, 128, fields.publisherId);
  text(446, 128, fields.preparerId);
  text(574, 128, fields.applicationId);
  for (const offset of [702, 739, 776]) text(offset, 37);
  const digits = fields.date
    .toISOString()
    .replace(/[^0-9]/gu, '')
    .slice(0, 16);
  for (const offset of [813, 830]) writer.at(offset).ascii(digits);
  for (const offset of [847, 864]) writer.at(offset).ascii('0'.repeat(16));
  writer.at(881).u8(1);
  return writer.bytes;
}

/** Volume descriptor set terminator (ECMA-119 §8.3). */
export function descriptorTerminator(): Uint8Array<ArrayBuffer> {
  return new ByteWriter(SECTOR_BYTES).u8(255).ascii('CD001').u8(1).bytes;
}
