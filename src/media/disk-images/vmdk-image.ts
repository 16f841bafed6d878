import type { ByteSource } from '../../bytes/byte-source.ts';
import {
  checkInFile,
  checkVirtualSize,
  damaged,
  imageError,
  SECTOR_BYTES,
  type DiskImage,
} from './disk-image.ts';
import { JoinedDisk } from './joined-disk.ts';
import { MappedDisk } from './mapped-disk.ts';
import { parseVmdkDescriptor, VMDK_DESCRIPTOR_MAX_BYTES, type VmdkDescriptor } from './vmdk-descriptor.ts';
import {
  findExtentFiles,
  hasFile,
  openExtent,
  refuseExtents,
  type OpenSibling,
  type VmdkExtent,
} from './vmdk-extents.ts';
import { descriptorNameOfPart } from './vmdk-parts.ts';
import { readVmdkSparseHeader, VmdkSparseLayout } from './vmdk-sparse.ts';

/** Names of missing files that are said one by one. */
const MOST_NAMES = 6;

/**
 * Opens a VMDK in one sparse file, "monolithicSparse" or "streamOptimized". A sparse file that does not say what disk
 * it is, is one part of several: `image/part-alone`.
 */
export async function openVmdkSparse(source: ByteSource): Promise<DiskImage> {
  const header = await readVmdkSparseHeader(source);
  let descriptor: VmdkDescriptor | null = null;
  if (header.descriptorOffset > 0 && header.descriptorBytes > 0) {
    const length = Math.min(header.descriptorBytes, VMDK_DESCRIPTOR_MAX_BYTES);
    checkInFile(source, header.descriptorOffset, length, 'descriptor');
    descriptor = parseVmdkDescriptor(await source.read(header.descriptorOffset, length));
    refuseUnreadable(source, descriptor);
  }
  if (descriptor?.extents.length !== 1) {
    // Only the descriptor in another file says what the whole disk is.
    throw imageError(source, 'image/part-alone', { descriptor: descriptorNameOfPart(source.name) ?? '' });
  }
  const variant = header.compressed ? 'stream-optimized' : 'sparse';
  return new MappedDisk(source, new VmdkSparseLayout(source, header), { format: 'vmdk', variant });
}

/**
 * Opens a VMDK by its descriptor file: "monolithicFlat", "vmfs", "twoGbMaxExtentSparse" and "twoGbMaxExtentFlat" of any
 * number of parts, which `openSibling` finds. Refused with `image/second-file`, `image/only-described` or
 * `image/parts-missing` where they are not there, and where the disk is in no file at all.
 */
export async function openVmdkDescriptor(source: ByteSource, openSibling?: OpenSibling): Promise<DiskImage> {
  if (source.sizeBytes > VMDK_DESCRIPTOR_MAX_BYTES)
    throw damaged(source, `descriptor of ${source.sizeBytes} bytes`);
  const descriptor = parseVmdkDescriptor(await source.read(0, source.sizeBytes));
  refuseUnreadable(source, descriptor);
  if (descriptor.extents.length === 0) throw damaged(source, 'no extents');
  refuseExtents(source, descriptor);
  const files = await findExtentFiles(descriptor, openSibling ?? (async () => null));
  refuseMissing(source, descriptor, files);
  checkVirtualSize(
    source,
    descriptor.extents.reduce((sum, { sectors }) => sum + sectors * SECTOR_BYTES, 0),
  );

  const parts: VmdkExtent[] = [];
  for (const [index, line] of descriptor.extents.entries())
    parts.push(await openExtent(line, files[index], descriptor.extents.length));
  const flat = descriptor.extents.every(({ type }) => type !== 'SPARSE') ? 'flat' : 'sparse';
  return new JoinedDisk(parts, {
    name: source.name,
    format: 'vmdk',
    variant: parts.length === 1 ? flat : `${flat}, ${parts.length} files`,
    storedSizeBytes: parts.reduce((sum, { storedSizeBytes }) => sum + storedSizeBytes, source.sizeBytes),
  });
}

function refuseUnreadable(source: ByteSource, descriptor: VmdkDescriptor): void {
  if (descriptor.encrypted) throw imageError(source, 'image/encrypted');
  if (descriptor.hasParent) throw imageError(source, 'image/differencing');
}

function refuseMissing(
  source: ByteSource,
  { extents }: VmdkDescriptor,
  files: readonly (ByteSource | null)[],
): void {
  const missing = extents.filter((extent, index) => hasFile(extent) && files[index] === null);
  if (missing.length === 0) return;
  const names = [...new Set(missing.map(({ fileNames }) => fileNames[0] || '?'))];
  const [only] = extents;
  if (extents.length === 1 && only.type !== 'SPARSE' && only.startSector === 0)
    throw imageError(source, 'image/second-file', { second: names[0] });
  const count = new Set(extents.filter(hasFile).map(({ fileNames }) => fileNames[0])).size;
  const code = names.length === count ? 'image/only-described' : 'image/parts-missing';
  const missingNames = names.slice(0, MOST_NAMES).join(', ');
  throw imageError(source, code, { count, missing: missingNames, more: names.length - MOST_NAMES });
}
