import { sentence } from '../lib/language.ts';
import type { ByteSource } from '../bytes/byte-source.ts';
import type { Extent } from '../bytes/extent-source.ts';
import { VitrineError } from '../lib/errors.ts';
import {
  malformed,
  MAX_DIRECTORY_BYTES,
  once,
  openNode,
  type DiscNode,
  type FileLayout,
} from './disc-tree.ts';
import { decodeOstaName, parseDescriptor, TAG, type Descriptor } from './udf-descriptor.ts';
import { SECTOR_BYTES } from './volume-descriptors.ts';

/** A block within a partition (ECMA-167 4/7.1). */
export interface LogicalAddress {
  readonly block: number;
  readonly partition: number;
}

/** A partition of the logical volume. `readDescriptor` gives null where the block holds no whole descriptor. */
export interface UdfPartition {
  readonly startBytes: number;
  readonly sizeBytes: number;
  readDescriptor(block: number): Promise<Descriptor | null>;
}

interface UdfContext {
  readonly disc: ByteSource;
  readonly partitions: readonly UdfPartition[];
}

/** Blocks of further allocation descriptors that are followed for one file: room for 60,000 pieces. */
const MAX_CONTINUATIONS = 256;

/** The only strategy of read-only and rewritable discs: one direct entry (UDF 1.02 §2.3.5.1). */
const STRATEGY_DIRECT = 4;

const FID_DIRECTORY = 0x02;
const FID_DELETED = 0x04;
const FID_PARENT = 0x08;
/** ECMA-167 4/14.4: the fixed part of a file identifier descriptor. */
const FID_FIXED_BYTES = 38;

/** The file or directory that an information control block describes; it is read at the first question. */
export function openIcb(
  context: UdfContext,
  address: LogicalAddress,
  name: string,
  isDirectory: boolean,
): DiscNode {
  const partition = context.partitions[address.partition];
  const layout = once(() => readLayout(context, address, name));
  const node: DiscNode = {
    name,
    isDirectory,
    key: (partition?.startBytes ?? 0) + address.block * SECTOR_BYTES,
    layout,
    children: once(async () => {
      if (!isDirectory) throw malformed(name, sentence`a file that is used as a directory`);
      return readUdfDirectory(context, node);
    }),
  };
  return node;
}

/** Extents of the file entry at `address` (ECMA-167 4/14.9, extended: 4/14.17). */
async function readLayout(context: UdfContext, address: LogicalAddress, name: string): Promise<FileLayout> {
  const partition = context.partitions[address.partition];
  const entry = await partition?.readDescriptor(address.block);
  const isExtended = entry?.tagId === TAG.extendedFileEntry;
  if (!partition || !entry || (entry.tagId !== TAG.fileEntry && !isExtended)) {
    throw malformed(
      name === '' ? context.disc.name : name,
      sentence`its UDF file entry`,
      `block ${address.block}`,
    );
  }
  const { reader } = entry;
  if (reader.at(20).u16() !== STRATEGY_DIRECT) {
    throw new VitrineError('media/unsupported', {
      name,
      what: sentence`a UDF file entry of the write-once kind`,
    });
  }
  const allocationKind = reader.at(34).u16() & 0x07;
  const sizeBytes = reader.at(56).size();
  const attributesLength = reader.at(isExtended ? 208 : 168).u32();
  const descriptorsLength = reader.u32();
  const descriptorsAt = reader.position + attributesLength;
  if (descriptorsAt + descriptorsLength > SECTOR_BYTES) throw malformed(name, sentence`its UDF file entry`);

  if (allocationKind === 3) {
    // The contents lie in the entry itself.
    if (sizeBytes > descriptorsLength) throw malformed(name, sentence`its size`);
    const offsetBytes = partition.startBytes + address.block * SECTOR_BYTES + descriptorsAt;
    return { sizeBytes, extents: [{ offsetBytes, lengthBytes: sizeBytes }] };
  }
  const kind = (['short', 'long'] as const)[allocationKind];
  if (!kind)
    throw new VitrineError('media/unsupported', { name, what: sentence`extended allocation descriptors` });
  const area = reader.at(descriptorsAt).bytes(descriptorsLength);
  const extents = await readExtents(context, area, kind, address.partition, name);
  return trimExtents(extents, sizeBytes, name);
}

/** Allocation descriptors (ECMA-167 4/14.14.1 short, 4/14.14.2 long), through their continuations (4/14.5). */
async function readExtents(
  context: UdfContext,
  firstArea: Uint8Array,
  kind: 'short' | 'long',
  homePartition: number,
  name: string,
): Promise<Extent[]> {
  const step = kind === 'short' ? 8 : 16;
  const extents: Extent[] = [];
  let area: Uint8Array | null = firstArea;
  for (let hops = 0; area; hops++) {
    if (hops > MAX_CONTINUATIONS) throw malformed(name, sentence`the chain of its pieces`);
    const view: DataView = new DataView(area.buffer, area.byteOffset, area.byteLength);
    let next: LogicalAddress | null = null;
    for (let at = 0; at + step <= area.length; at += step) {
      const word = view.getUint32(at, true);
      const lengthBytes = word & 0x3fffffff;
      if (lengthBytes === 0) break;
      const type = word >>> 30;
      const partition: number = kind === 'short' ? homePartition : view.getUint16(at + 8, true);
      const block: number = view.getUint32(at + 4, true);
      if (type === 3) {
        next = { block, partition };
        break;
      }
      // 0 is recorded; 1 (reserved) and 2 (a hole) read as zeros (ECMA-167 4/12.1).
      const offsetBytes = type === 0 ? blockOffset(context, { block, partition }, name) : null;
      extents.push({ offsetBytes, lengthBytes });
    }
    area = next ? await readContinuation(context, next, name) : null;
  }
  return extents;
}

async function readContinuation(
  context: UdfContext,
  address: LogicalAddress,
  name: string,
): Promise<Uint8Array> {
  const descriptor = await context.partitions[address.partition]?.readDescriptor(address.block);
  if (descriptor?.tagId !== TAG.allocationExtent) throw malformed(name, sentence`the chain of its pieces`);
  const length = descriptor.reader.at(20).u32();
  return descriptor.reader.bytes(length);
}

function blockOffset({ partitions }: UdfContext, address: LogicalAddress, name: string): number {
  const partition = partitions[address.partition];
  const within = address.block * SECTOR_BYTES;
  if (!partition || within >= partition.sizeBytes)
    throw malformed(name, sentence`the place of a piece of it`);
  return partition.startBytes + within;
}

/** Cuts what the last blocks have beyond the file's size, and joins pieces that lie side by side. */
function trimExtents(extents: readonly Extent[], sizeBytes: number, name: string): FileLayout {
  const trimmed: { offsetBytes: number | null; lengthBytes: number }[] = [];
  let left = sizeBytes;
  for (const { offsetBytes, lengthBytes } of extents) {
    if (left === 0) break;
    const length = Math.min(left, lengthBytes);
    const last = trimmed.at(-1);
    if (last && last.offsetBytes !== null && last.offsetBytes + last.lengthBytes === offsetBytes) {
      last.lengthBytes += length;
    } else {
      trimmed.push({ offsetBytes, lengthBytes: length });
    }
    left -= length;
  }
  if (left > 0) throw malformed(name, sentence`its size`, `${left} bytes have no place`);
  return { sizeBytes, extents: trimmed };
}

/** The file identifier descriptors of a directory (ECMA-167 4/14.4). */
async function readUdfDirectory(context: UdfContext, directory: DiscNode): Promise<DiscNode[]> {
  const name = directory.name === '' ? context.disc.name : directory.name;
  const { sizeBytes } = await directory.layout();
  if (sizeBytes > MAX_DIRECTORY_BYTES) {
    throw malformed(name, sentence`the size of a directory`, `${sizeBytes} bytes`);
  }
  const source = await openNode(context.disc, directory);
  const bytes = await source.read(0, sizeBytes);
  const nodes: DiscNode[] = [];
  for (let at = 0; at + FID_FIXED_BYTES <= bytes.length;) {
    const length = fileIdentifierBytes(bytes, at);
    const descriptor = parseDescriptor(bytes.subarray(at, at + length), name);
    if (descriptor?.tagId !== TAG.fileIdentifier)
      throw malformed(name, sentence`a directory entry`, `at ${at}`);
    const { reader } = descriptor;
    const characteristics = reader.at(18).u8();
    const nameLength = reader.u8();
    const address = { block: reader.at(24).u32(), partition: reader.u16() };
    const nameAt = FID_FIXED_BYTES + reader.at(36).u16();
    const entryName = decodeOstaName(reader.at(nameAt).bytes(nameLength));
    if ((characteristics & (FID_DELETED | FID_PARENT)) === 0) {
      if (!context.partitions[address.partition])
        throw malformed(name, sentence`a directory entry`, `at ${at}`);
      nodes.push(openIcb(context, address, entryName, (characteristics & FID_DIRECTORY) !== 0));
    }
    at += length;
  }
  return nodes;
}

/**
 * How long the file identifier at `at` says it is: its checksum covers no more (UDF 1.02 §2.3.4), or a small directory
 * could have the same bytes summed up once for each entry.
 */
function fileIdentifierBytes(bytes: Uint8Array, at: number): number {
  const nameLength = bytes[at + 19];
  const useLength = bytes[at + 36] + bytes[at + 37] * 256;
  // Entries are padded to four bytes.
  return (FID_FIXED_BYTES + useLength + nameLength + 3) & ~3;
}
