import { sentence } from '../lib/language.ts';
import type { ByteSource } from '../bytes/byte-source.ts';
import { VitrineError } from '../lib/errors.ts';
import { malformed, type DiscNode } from './disc-tree.ts';
import { decodeDstring, readDescriptor, TAG, type Descriptor } from './udf-descriptor.ts';
import { openIcb, type LogicalAddress, type UdfPartition } from './udf-icb.ts';
import { readVolumeStructures, SECTOR_BYTES } from './volume-descriptors.ts';

export interface UdfVolume {
  readonly label: string;
  /** As on the disc: '1.02', '2.01', '' where the domain does not say. */
  readonly revision: string;
  /** End of the last partition: what the whole image should have at least. */
  readonly volumeBytes: number;
  /** Lazy: damage below shows as `media/malformed` or `bytes/*` when a node is read. */
  readonly root: DiscNode;
  /** For the disc map. */
  readonly anchorSector: number;
  readonly partition: { offsetBytes: number; sizeBytes: number };
}

/** Descriptors followed in one volume descriptor sequence, pointers to further extents included. */
const MAX_SEQUENCE = 256;

/**
 * The UDF file system of a disc with 2048-byte sectors (UDF 1.02 to 2.01): a plain partition; virtual, sparable and
 * metadata partitions are refused with `media/unsupported`. Null where the disc does not announce UDF (no NSR
 * descriptor). Throws `media/malformed` where it does and no whole set of descriptors is found.
 */
export async function readUdf(source: ByteSource): Promise<UdfVolume | null> {
  const structures = await readVolumeStructures(source);
  if (!structures.some(({ identifier }) => identifier === 'NSR02' || identifier === 'NSR03')) return null;

  for (const anchorSector of anchorCandidates(source)) {
    const anchor = await readDescriptor(source, anchorSector);
    if (anchor?.tagId !== TAG.anchor) continue;
    // Main sequence, then its reserve copy (ECMA-167 3/10.2).
    for (const at of [16, 24]) {
      const length = anchor.reader.at(at).u32();
      const sector = anchor.reader.u32();
      const sequence = await readSequence(source, sector, length);
      if (sequence) return openVolume(source, sequence, anchorSector);
    }
  }
  throw malformed(source.name, sentence`its UDF volume descriptors`);
}

/** UDF 1.02 §2.2.3: at two of 256, N - 256 and N, where N is the last sector; 512 on discs not yet closed. */
function anchorCandidates(source: ByteSource): number[] {
  const last = Math.floor(source.sizeBytes / SECTOR_BYTES) - 1;
  return [...new Set([256, last, last - 256, 512])].filter((sector) => sector > 0);
}

interface Sequence {
  readonly volume: Descriptor;
  readonly partitions: readonly Descriptor[];
}

/** The prevailing descriptors (highest sequence number, ECMA-167 3/8.4.3), null where an essential one is missing. */
async function readSequence(source: ByteSource, sector: number, length: number): Promise<Sequence | null> {
  let volume: Descriptor | null = null;
  const partitions = new Map<number, Descriptor>();
  let left = Math.floor(length / SECTOR_BYTES);
  let at = sector;
  for (let count = 0; left > 0 && count < MAX_SEQUENCE; count++) {
    const descriptor = await readDescriptor(source, at);
    at++;
    left--;
    if (!descriptor || descriptor.tagId === TAG.terminating) break;
    if (descriptor.tagId === TAG.volumePointer) {
      left = Math.floor(descriptor.reader.at(20).u32() / SECTOR_BYTES);
      at = descriptor.reader.u32();
    } else if (descriptor.tagId === TAG.logicalVolume) {
      if (!volume || sequenceNumber(descriptor) > sequenceNumber(volume)) volume = descriptor;
    } else if (descriptor.tagId === TAG.partition) {
      const number = descriptor.reader.at(22).u16();
      const older = partitions.get(number);
      if (!older || sequenceNumber(descriptor) > sequenceNumber(older)) partitions.set(number, descriptor);
    }
  }
  return volume && partitions.size > 0 ? { volume, partitions: [...partitions.values()] } : null;
}

function sequenceNumber({ reader }: Descriptor): number {
  return reader.at(16).u32();
}

async function openVolume(source: ByteSource, sequence: Sequence, anchorSector: number): Promise<UdfVolume> {
  const { reader } = sequence.volume;
  const label = decodeDstring(reader.at(84).bytes(128));
  if (reader.at(212).u32() !== SECTOR_BYTES) throw malformed(source.name, sentence`its UDF block size`);
  const revision = revisionOf(reader.at(216 + 24).u16());
  const partitions = partitionMaps(source, sequence);

  // Logical volume contents use: the file set's long_ad (UDF 1.02 §2.2.4.4).
  const fileSetAddress: LogicalAddress = { block: reader.at(252).u32(), partition: reader.u16() };
  const partition = partitions[fileSetAddress.partition];
  if (!partition) throw malformed(source.name, sentence`the place of its UDF file set`);
  const fileSet = await partition.readDescriptor(fileSetAddress.block);
  if (fileSet?.tagId !== TAG.fileSet) throw malformed(source.name, sentence`its UDF file set`);
  const root: LogicalAddress = { block: fileSet.reader.at(404).u32(), partition: fileSet.reader.u16() };
  return {
    label: label === '' ? decodeDstring(fileSet.reader.at(304).bytes(32)) : label,
    revision,
    volumeBytes: Math.max(...partitions.map(({ startBytes, sizeBytes }) => startBytes + sizeBytes)),
    root: openIcb({ disc: source, partitions }, root, '', true),
    anchorSector,
    partition: { offsetBytes: partition.startBytes, sizeBytes: partition.sizeBytes },
  };
}

/** ECMA-167 3/10.7: the partition maps of the logical volume, in the order that partition references count. */
function partitionMaps(source: ByteSource, { volume, partitions }: Sequence): UdfPartition[] {
  const { reader } = volume;
  const tableBytes = reader.at(264).u32();
  const count = reader.u32();
  const table = reader.at(440).bytes(Math.min(tableBytes, reader.length - 440));
  const maps: UdfPartition[] = [];
  for (let at = 0; at + 2 <= table.length && maps.length < count; at += table[at + 1]) {
    const [type, length] = [table[at], table[at + 1]];
    if (length < 2 || at + length > table.length)
      throw malformed(source.name, sentence`its UDF partition table`);
    // Type 1 is a partition as it lies; type 2 are the virtual, sparable and metadata ones of UDF 1.50 and 2.50.
    if (type !== 1 || length !== 6) {
      const what = sentence`a UDF partition of a kind that Windows 7 discs do not have`;
      throw new VitrineError('media/unsupported', { name: source.name, what });
    }
    const number = table[at + 4] + table[at + 5] * 256;
    const descriptor = partitions.find((partition) => partition.reader.at(22).u16() === number);
    if (!descriptor) throw malformed(source.name, sentence`its UDF partition table`);
    maps.push(openPartition(source, descriptor));
  }
  return maps;
}

function openPartition(source: ByteSource, { reader }: Descriptor): UdfPartition {
  const startSector = reader.at(188).u32();
  const sectors = reader.u32();
  return {
    startBytes: startSector * SECTOR_BYTES,
    sizeBytes: sectors * SECTOR_BYTES,
    async readDescriptor(block) {
      if (block >= sectors) return null;
      return readDescriptor(source, startSector + block, block);
    },
  };
}

/** The domain's suffix gives the revision as binary coded decimals: 0x0102 (UDF 1.02 §2.1.5.3). */
function revisionOf(suffix: number): string {
  if (suffix === 0) return '';
  return `${suffix >> 8}.${(suffix & 0xff).toString(16).padStart(2, '0')}`;
}
