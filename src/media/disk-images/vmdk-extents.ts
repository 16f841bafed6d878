import { checkRange, type ByteSource } from '../../bytes/byte-source.ts';
import { checkInFile, damaged, imageError, SECTOR_BYTES, type SparseReader } from './disk-image.ts';
import { MappedDisk } from './mapped-disk.ts';
import type { VmdkDescriptor, VmdkExtentLine } from './vmdk-descriptor.ts';
import { readVmdkSparseHeader, VmdkSparseLayout } from './vmdk-sparse.ts';

/** Finds another file of an image that is kept in several, by the name that its descriptor gives; null: not there. */
export type OpenSibling = (fileName: string) => Promise<ByteSource | null>;

/** One part of the disk, and the size of the file that it is in. */
export interface VmdkExtent extends SparseReader {
  readonly storedSizeBytes: number;
}

/** Types whose bytes lie in their file as they are. */
const FLAT_TYPES = ['FLAT', 'VMFS'];
/** Types that only VMware's servers write, for the changes since a snapshot. */
const SERVER_TYPES = ['VMFSSPARSE', 'SESPARSE', 'VMFSSESPARSE'];
/** Types that lead to a drive of the computer instead of a file. */
const DRIVE_TYPES = ['VMFSRDM', 'VMFSRAW', 'VMFSRAWDEVICEMAP'];
/** What the tables of all parts together may take in memory; each keeps at least one part of a table. */
const TABLE_CACHE_BYTES = 8 << 20;
/** More parts than any disk has: 2 TB in parts of 2 GB are a thousand. */
const MAX_EXTENTS = 1024;

/** Whether the file that an extent is in can be opened: a part that is only zeros has none. */
export const hasFile = ({ type }: VmdkExtentLine): boolean => type !== 'ZERO';

/** Refuses what a descriptor leads to that is in no file, or in a format of VMware's servers. */
export function refuseExtents(image: ByteSource, { extents }: VmdkDescriptor): void {
  if (extents.length > MAX_EXTENTS) throw damaged(image, `${extents.length} extents`);
  for (const { type, path, startSector, sectors } of extents) {
    const isDrive = path.startsWith('\\\\.\\') || path.startsWith('/dev/');
    if (isDrive || DRIVE_TYPES.includes(type))
      throw imageError(image, 'image/on-a-drive', { drive: path || '?' });
    if (SERVER_TYPES.includes(type))
      throw imageError(image, 'image/other-format', { format: `${type} (VMware ESX)` });
    if (![...FLAT_TYPES, 'SPARSE', 'ZERO'].includes(type))
      throw imageError(image, 'image/unknown-feature', { feature: `VMDK extent of type ${type}` });
    if (Number.isNaN(startSector) || sectors === 0) throw damaged(image, `extent of ${sectors} sectors`);
  }
}

/** The file of each extent, null where it is not there (or where the extent has none). */
export async function findExtentFiles(
  { extents }: VmdkDescriptor,
  openSibling: OpenSibling,
): Promise<(ByteSource | null)[]> {
  const files: (ByteSource | null)[] = [];
  for (const extent of extents) {
    let file: ByteSource | null = null;
    if (hasFile(extent))
      for (const name of extent.fileNames) if (name !== '') file ??= await openSibling(name);
    files.push(file);
  }
  return files;
}

/** Opens an extent in its file; null stands for one that has no file and is only zeros. */
export async function openExtent(
  line: VmdkExtentLine,
  file: ByteSource | null,
  extents: number,
): Promise<VmdkExtent> {
  const sizeBytes = line.sectors * SECTOR_BYTES;
  if (file === null) return { ...zeros(sizeBytes), storedSizeBytes: 0 };
  if (FLAT_TYPES.includes(line.type)) return openFlat(line, file);
  const header = await readVmdkSparseHeader(file);
  if (header.sizeBytes < sizeBytes)
    throw damaged(file, `${header.sizeBytes} bytes, and ${sizeBytes} in its descriptor`);
  const tableCacheBytes = Math.floor(TABLE_CACHE_BYTES / extents);
  const disk = new MappedDisk(file, new VmdkSparseLayout(file, header, tableCacheBytes), {
    format: 'vmdk',
    variant: 'sparse',
  });
  return {
    sizeBytes,
    storedSizeBytes: file.sizeBytes,
    read: (offset, length) => disk.read(offset, length),
    async *allocatedRanges() {
      for await (const { offset, length } of disk.allocatedRanges()) {
        if (offset < sizeBytes) yield { offset, length: Math.min(length, sizeBytes - offset) };
      }
    },
  };
}

function openFlat({ sectors, startSector }: VmdkExtentLine, file: ByteSource): VmdkExtent {
  const sizeBytes = sectors * SECTOR_BYTES;
  const start = startSector * SECTOR_BYTES;
  checkInFile(file, start, sizeBytes, 'disk');
  return {
    sizeBytes,
    storedSizeBytes: file.sizeBytes,
    async read(offset, length) {
      checkRange({ name: file.name, sizeBytes }, offset, length);
      return file.read(start + offset, length);
    },
    async *allocatedRanges() {
      yield { offset: 0, length: sizeBytes };
    },
  };
}

function zeros(sizeBytes: number): SparseReader {
  return {
    sizeBytes,
    async read(offset, length) {
      checkRange({ name: 'zeros', sizeBytes }, offset, length);
      return new Uint8Array(length);
    },
    async *allocatedRanges() {
      // All of it is zeros.
    },
  };
}
