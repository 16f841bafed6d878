import { checkRange, type ByteSource } from '../../bytes/byte-source.ts';
import { checkVirtualSize, imageError, SECTOR_BYTES, type DiskImage } from './disk-image.ts';

/**
 * A raw image: the file is the disk. A file that ends inside a sector is read as if that sector were filled up
 * with zeros, as QEMU does; the inspector warns of it, for it is often a copy that broke off. Less than one
 * sector is no disk.
 */
export function openRaw(source: ByteSource): DiskImage {
  if (source.sizeBytes < SECTOR_BYTES) throw imageError(source, 'image/cut', {}, 'less than a sector');
  const sizeBytes = checkVirtualSize(source, Math.ceil(source.sizeBytes / SECTOR_BYTES) * SECTOR_BYTES);
  return {
    name: source.name,
    format: 'raw',
    variant: 'raw',
    sizeBytes,
    storedSizeBytes: source.sizeBytes,
    async read(offset, length) {
      checkRange(this, offset, length);
      if (offset + length <= source.sizeBytes) return source.read(offset, length);
      const out = new Uint8Array(length);
      const inFile = source.sizeBytes - offset;
      if (inFile > 0) out.set(await source.read(offset, inFile));
      return out;
    },
    async *allocatedRanges() {
      yield { offset: 0, length: sizeBytes };
    },
  };
}
