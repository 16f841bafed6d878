import { sentence } from '../lib/language.ts';
import { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteSource } from '../bytes/byte-source.ts';
import { VitrineError } from '../lib/errors.ts';
import { malformed, once, type DiscNode } from './disc-tree.ts';
import { parseDirectoryRecord, readIsoDirectory, type IsoNaming } from './iso9660-directory.ts';
import { decodeUcs2, trimField } from './iso9660-text.ts';
import { findRockRidge } from './rock-ridge.ts';
import { readVolumeStructures, SECTOR_BYTES, type VolumeStructure } from './volume-descriptors.ts';

/** One tree of names over the files of an ISO 9660 disc. */
export interface IsoTree {
  readonly kind: 'iso9660' | 'joliet';
  readonly volumeId: string;
  readonly systemId: string;
  readonly publisherId: string;
  readonly preparerId: string;
  readonly applicationId: string;
  /** Volume space size in bytes: what the whole image should have at least. */
  readonly volumeBytes: number;
  /** Lazy: damage below shows as `media/malformed` or `bytes/*` when a node is read. */
  readonly root: DiscNode;
}

export interface Iso9660Volume {
  readonly primary: IsoTree;
  readonly joliet: IsoTree | null;
  /** Whether the primary tree carries Rock Ridge names; its nodes then show those. */
  readonly rockRidge: boolean;
  /** The sectors of the volume descriptors, for the disc map. */
  readonly descriptorSectors: { first: number; count: number };
}

/**
 * The ISO 9660 file system of a disc (ECMA-119), with Joliet (UCS-2 levels 1 to 3) and Rock Ridge where they are
 * there. Null where there is no primary volume descriptor. Throws `media/malformed` where the primary descriptor
 * contradicts itself; a damaged supplementary one is left out. What is below the root is read only when asked for.
 */
export async function readIso9660(source: ByteSource): Promise<Iso9660Volume | null> {
  const structures = (await readVolumeStructures(source)).filter(({ identifier }) => identifier === 'CD001');
  const primaryDescriptor = structures.find(({ type }) => type === 1);
  if (!primaryDescriptor) return null;

  const susp = await findRockRidge(source, rootRecord(source, primaryDescriptor.bytes));
  const primary = openTree(
    source,
    primaryDescriptor.bytes,
    susp ? { kind: 'rock-ridge', skip: susp.skip } : { kind: 'plain' },
  );
  return {
    primary,
    joliet: openJoliet(source, structures),
    rockRidge: susp !== null,
    descriptorSectors: { first: structures[0].sector, count: structures.length },
  };
}

function openJoliet(source: ByteSource, structures: readonly VolumeStructure[]): IsoTree | null {
  const descriptor = structures.find(({ type, bytes }) => type === 2 && isJoliet(bytes));
  if (!descriptor) return null;
  try {
    return openTree(source, descriptor.bytes, { kind: 'joliet' });
  } catch (error) {
    if (!(error instanceof VitrineError)) throw error;
    // The primary tree names the same files; a second, damaged set of names adds nothing.
    return null;
  }
}

/** Joliet §3: escape sequences `%/@`, `%/C`, `%/E` at byte 88 select UCS-2 levels 1, 2 and 3. */
function isJoliet(descriptor: Uint8Array): boolean {
  const reader = new ByteReader(descriptor).at(88);
  return reader.startsWith('%/@') || reader.startsWith('%/C') || reader.startsWith('%/E');
}

function rootRecord(source: ByteSource, descriptor: Uint8Array): { offsetBytes: number; sizeBytes: number } {
  // ECMA-119 §8.4.18: a directory record of 34 bytes at byte 156.
  const record = parseDirectoryRecord(new ByteReader(descriptor.subarray(156, 190), source.name));
  if (!record || !record.isDirectory || record.extents.length !== 1) {
    throw malformed(source.name, sentence`its root directory`);
  }
  return record.extents[0];
}

function openTree(source: ByteSource, descriptor: Uint8Array, naming: IsoNaming): IsoTree {
  const reader = new ByteReader(descriptor, source.name);
  const text = (offset: number, count: number): string =>
    naming.kind === 'joliet'
      ? decodeUcs2(reader.at(offset).bytes(count))
      : trimField(reader.at(offset).latin1(count));
  const blockBytes = bothEndian16(reader, 128, sentence`its block size`);
  if (blockBytes !== SECTOR_BYTES)
    throw malformed(source.name, sentence`its block size`, `${blockBytes} bytes`);
  const volumeBlocks = bothEndian32(reader, 80, sentence`its volume size`);
  const root = rootRecord(source, descriptor);
  return {
    kind: naming.kind === 'joliet' ? 'joliet' : 'iso9660',
    systemId: text(8, 32),
    volumeId: text(40, 32),
    publisherId: text(318, 128),
    preparerId: text(446, 128),
    applicationId: text(574, 128),
    volumeBytes: volumeBlocks * SECTOR_BYTES,
    root: {
      name: '',
      isDirectory: true,
      key: root.offsetBytes,
      layout: async () => ({
        sizeBytes: root.sizeBytes,
        extents: [{ offsetBytes: root.offsetBytes, lengthBytes: root.sizeBytes }],
      }),
      children: once(() => readIsoDirectory(source, root, naming)),
    },
  };
}

/** ECMA-119 §7.2.3: the number twice, in both byte orders; they must agree. */
function bothEndian16(reader: ByteReader, offset: number, what: string): number {
  const little = reader.at(offset).u16();
  if (reader.u16Be() !== little) throw malformed(reader.name, what);
  return little;
}

/** ECMA-119 §7.3.3. */
function bothEndian32(reader: ByteReader, offset: number, what: string): number {
  const little = reader.at(offset).u32();
  if (reader.u32Be() !== little) throw malformed(reader.name, what);
  return little;
}
