import { checkRange, type ByteSource } from '../../bytes/byte-source.ts';
import { checkInFile, checkVirtualSize, imageError, SECTOR_BYTES, type DiskImage } from './disk-image.ts';
import { MappedDisk } from './mapped-disk.ts';
import { parseVmdkDescriptor, VMDK_DESCRIPTOR_MAX_BYTES, type VmdkDescriptor } from './vmdk-descriptor.ts';
import { readVmdkSparseHeader, VmdkSparseLayout } from './vmdk-sparse.ts';

/** Finds the other file of an image that consists of two, by the name that its descriptor gives; null: not there. */
export type OpenSibling = (fileName: string) => Promise<ByteSource | null>;

/** Opens a VMDK in one sparse file, "monolithicSparse" or "streamOptimized". */
export async function openVmdkSparse(source: ByteSource): Promise<DiskImage> {
  const header = await readVmdkSparseHeader(source);
  if (header.descriptorOffset > 0 && header.descriptorBytes > 0) {
    const length = Math.min(header.descriptorBytes, VMDK_DESCRIPTOR_MAX_BYTES);
    checkInFile(source, header.descriptorOffset, length, 'descriptor');
    const descriptor = parseVmdkDescriptor(decode(await source.read(header.descriptorOffset, length)));
    refuseUnreadable(source, descriptor);
    if (descriptor.extents.length > 1) throw imageError(source, 'image/several-files');
  } else {
    // One of several extents: only the descriptor in another file says what the whole disk is.
    throw imageError(source, 'image/several-files');
  }
  const variant = header.compressed ? 'stream-optimized' : 'sparse';
  return new MappedDisk(source, new VmdkSparseLayout(source, header), { format: 'vmdk', variant });
}

/**
 * Opens a "monolithicFlat" VMDK by its descriptor file: the disk itself is in a second file, which `openSibling`
 * finds. Without it, or with a disk of more than one part, refuses with `image/several-files`.
 */
export async function openVmdkDescriptor(source: ByteSource, openSibling?: OpenSibling): Promise<DiskImage> {
  const length = Math.min(source.sizeBytes, VMDK_DESCRIPTOR_MAX_BYTES);
  const descriptor = parseVmdkDescriptor(decode(await source.read(0, length)));
  refuseUnreadable(source, descriptor);
  const [extent, another] = descriptor.extents;
  if (extent === undefined || another !== undefined || extent.type !== 'FLAT') {
    throw imageError(source, 'image/several-files');
  }
  // Only the last part of the name: a descriptor does not lead to other folders.
  const fileName = extent.fileName.split(/[\\/]/).at(-1) ?? '';
  const data = (await openSibling?.(fileName)) ?? null;
  if (data === null) throw imageError(source, 'image/second-file', { second: fileName });
  const sizeBytes = checkVirtualSize(source, extent.sectors * SECTOR_BYTES);
  const start = extent.startSector * SECTOR_BYTES;
  checkInFile(data, start, sizeBytes, 'disk');
  const disk: DiskImage = {
    name: source.name,
    format: 'vmdk',
    variant: 'flat',
    sizeBytes,
    storedSizeBytes: source.sizeBytes + data.sizeBytes,
    async read(offset, count) {
      checkRange(disk, offset, count);
      return data.read(start + offset, count);
    },
    async *allocatedRanges() {
      yield { offset: 0, length: sizeBytes };
    },
  };
  return disk;
}

function refuseUnreadable(source: ByteSource, descriptor: VmdkDescriptor): void {
  if (descriptor.encrypted) throw imageError(source, 'image/encrypted');
  if (descriptor.hasParent) throw imageError(source, 'image/differencing');
}

const decode = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes);
