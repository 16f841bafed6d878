import { sentence } from '../lib/language.ts';
import { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteSource } from '../bytes/byte-source.ts';
import { malformed, MAX_DIRECTORY_BYTES, once, type DiscNode } from './disc-tree.ts';
import { decodeUcs2 } from './iso9660-text.ts';
import { readRockRidgeName } from './rock-ridge.ts';
import { SECTOR_BYTES } from './volume-descriptors.ts';

/** How the names of a tree are written; `skip` is the SUSP offset of its system use fields. */
export type IsoNaming = { kind: 'plain' } | { kind: 'joliet' } | { kind: 'rock-ridge'; skip: number };

const FLAG_DIRECTORY = 0x02;
const FLAG_MORE_EXTENTS = 0x80;

/** ECMA-119 §9.1: one record of a directory. A file in several extents has a record for each. */
export interface DirectoryRecord {
  readonly isDirectory: boolean;
  readonly hasMoreExtents: boolean;
  readonly isInterleaved: boolean;
  readonly identifier: Uint8Array;
  readonly systemUse: Uint8Array;
  extents: { offsetBytes: number; sizeBytes: number }[];
}

/** The record at the cursor, which moves past it; null at the zero that ends a sector's records. */
export function parseDirectoryRecord(reader: ByteReader): DirectoryRecord | null {
  const start = reader.position;
  const length = reader.u8();
  if (length === 0) return null;
  if (length < 34) throw malformed(reader.name, sentence`a directory record`, `length ${length} at ${start}`);
  const attributeBlocks = reader.u8();
  const block = reader.u32();
  reader.skip(4);
  const sizeBytes = reader.u32();
  reader.skip(4 + 7);
  const flags = reader.u8();
  const fileUnit = reader.u8();
  const gap = reader.u8();
  reader.skip(4);
  const identifierLength = reader.u8();
  if (33 + identifierLength > length)
    throw malformed(reader.name, sentence`a directory record`, `name at ${start}`);
  const identifier = reader.bytes(identifierLength);
  // A padding byte keeps the system use field at an even offset.
  const systemUseStart = Math.min(length, 33 + identifierLength + ((identifierLength & 1) ^ 1));
  const systemUse = reader.at(start + systemUseStart).bytes(length - systemUseStart);
  return {
    isDirectory: (flags & FLAG_DIRECTORY) !== 0,
    hasMoreExtents: (flags & FLAG_MORE_EXTENTS) !== 0,
    isInterleaved: fileUnit !== 0 || gap !== 0,
    identifier,
    systemUse,
    extents: [{ offsetBytes: (block + attributeBlocks) * SECTOR_BYTES, sizeBytes }],
  };
}

/** The entries of the directory at an extent. `media/malformed` or `bytes/*` where it is damaged or too large. */
export async function readIsoDirectory(
  source: ByteSource,
  extent: { offsetBytes: number; sizeBytes: number },
  naming: IsoNaming,
): Promise<DiscNode[]> {
  if (extent.sizeBytes > MAX_DIRECTORY_BYTES) {
    throw malformed(source.name, sentence`the size of a directory`, `${extent.sizeBytes} bytes`);
  }
  const bytes = await source.read(extent.offsetBytes, extent.sizeBytes);
  const nodes: DiscNode[] = [];
  let pending: DirectoryRecord | null = null;
  for (const record of recordsOf(bytes, source.name)) {
    if (isSelfOrParent(record)) continue;
    const file: DirectoryRecord = pending ?? record;
    if (pending) pending.extents.push(...record.extents);
    pending = record.hasMoreExtents ? file : null;
    // The last record of a file says what it is (ECMA-119 §9.1.6), the first where it begins.
    if (!pending) nodes.push(await makeNode(source, { ...record, extents: file.extents }, naming));
  }
  if (pending) throw malformed(source.name, sentence`a file in several parts`, 'the last part is missing');
  return nodes;
}

/** Records do not cross sectors: a zero length, or too little room, ends each sector's own (ECMA-119 §6.8.1.1). */
function* recordsOf(bytes: Uint8Array, name: string): Generator<DirectoryRecord> {
  for (let start = 0; start < bytes.length; start += SECTOR_BYTES) {
    const reader = new ByteReader(bytes.subarray(start, start + SECTOR_BYTES), name);
    while (reader.remaining > 0) {
      const record = parseDirectoryRecord(reader);
      if (!record) break;
      yield record;
    }
  }
}

function isSelfOrParent({ identifier }: DirectoryRecord): boolean {
  return identifier.length === 1 && identifier[0] <= 1;
}

async function makeNode(source: ByteSource, record: DirectoryRecord, naming: IsoNaming): Promise<DiscNode> {
  const name = await nameOf(source, record, naming);
  const first = record.extents[0];
  return {
    name,
    isDirectory: record.isDirectory,
    key: first.offsetBytes,
    async layout() {
      if (record.isInterleaved) throw malformed(name, sentence`the way it is interleaved`);
      return {
        sizeBytes: record.extents.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
        extents: record.extents.map(({ offsetBytes, sizeBytes }) => ({
          offsetBytes,
          lengthBytes: sizeBytes,
        })),
      };
    },
    children: once(async () => {
      if (!record.isDirectory) throw malformed(name, sentence`a file that is used as a directory`);
      return readIsoDirectory(source, first, naming);
    }),
  };
}

async function nameOf(source: ByteSource, record: DirectoryRecord, naming: IsoNaming): Promise<string> {
  if (naming.kind === 'joliet') return withoutVersion(decodeUcs2(record.identifier));
  if (naming.kind === 'rock-ridge') {
    const name = await readRockRidgeName(source, record.systemUse.subarray(naming.skip));
    if (name !== null) return name;
  }
  return withoutVersion(new ByteReader(record.identifier).latin1(record.identifier.length));
}

/** `README.TXT;1` is README.TXT, and `README.;1` is README (ECMA-119 §7.5.1). */
function withoutVersion(identifier: string): string {
  return identifier.replace(/;[0-9]{0,5}$/u, '').replace(/\.$/u, '');
}
