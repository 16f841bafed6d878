import { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteSource } from '../bytes/byte-source.ts';

/** A place in a WIM file (`RESHDR_DISK_SHORT`, 24 bytes). */
export interface WimResource {
  readonly offsetBytes: bigint;
  readonly sizeInFileBytes: bigint;
  readonly originalBytes: bigint;
  readonly isCompressed: boolean;
}

/** The first 208 bytes of a Windows imaging file. */
export interface WimHeader {
  /** 0x10D00 for WIM, 0xE00 for the solid kind that is called ESD. */
  readonly version: number;
  readonly isSolid: boolean;
  readonly isSpanned: boolean;
  readonly isBeingWritten: boolean;
  readonly compression: 'none' | 'xpress' | 'lzx' | 'lzms';
  readonly chunkBytes: number;
  readonly partNumber: number;
  readonly totalParts: number;
  readonly imageCount: number;
  /** Which image firmware's RAM disk starts, from 1; 0 is none. */
  readonly bootIndex: number;
  readonly xml: WimResource;
}

const HEADER_BYTES = 208;
const VERSION_SOLID = 0xe00;
const FLAG_SPANNED = 0x8;
const FLAG_WRITING = 0x40;
const RESOURCE_COMPRESSED = 4;

/** The header of a WIM, or null where the bytes are not one: wrong magic, another header size, too short. */
export async function readWimHeader(source: ByteSource): Promise<WimHeader | null> {
  if (source.sizeBytes < HEADER_BYTES) return null;
  const reader = new ByteReader(await source.read(0, HEADER_BYTES), source.name);
  if (!reader.startsWith('MSWIM\0\0\0') || reader.at(8).u32() !== HEADER_BYTES) return null;
  const version = reader.u32();
  const flags = reader.u32();
  return {
    version,
    isSolid: version === VERSION_SOLID,
    isSpanned: (flags & FLAG_SPANNED) !== 0,
    isBeingWritten: (flags & FLAG_WRITING) !== 0,
    compression: compressionOf(flags),
    chunkBytes: reader.u32(),
    partNumber: reader.at(0x28).u16(),
    totalParts: reader.u16(),
    imageCount: reader.u32(),
    xml: parseResource(reader.at(0x48)),
    bootIndex: reader.at(0x78).u32(),
  };
}

function parseResource(reader: ByteReader): WimResource {
  // Seven bytes of size and one of flags share a 64-bit word.
  const word = reader.u64();
  return {
    sizeInFileBytes: word & ((1n << 56n) - 1n),
    isCompressed: (Number(word >> 56n) & RESOURCE_COMPRESSED) !== 0,
    offsetBytes: reader.u64(),
    originalBytes: reader.u64(),
  };
}

function compressionOf(flags: number): WimHeader['compression'] {
  if (flags & 0x20000) return 'xpress';
  if (flags & 0x40000) return 'lzx';
  if (flags & 0x80000) return 'lzms';
  return 'none';
}
