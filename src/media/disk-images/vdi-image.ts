import type { ByteSource } from '../../bytes/byte-source.ts';
import { BitSet } from './bit-set.ts';
import { ClusterClaims } from './claims.ts';
import {
  checkInFile,
  checkVirtualSize,
  damaged,
  imageError,
  isPowerOfTwo,
  readU64,
  readView,
  type DiskImage,
} from './disk-image.ts';
import { MappedDisk, type Extent, type ImageLayout, type MissingTable } from './mapped-disk.ts';
import { TableCache } from './table-cache.ts';

export const VDI_SIGNATURE = 0xbeda107f;
export const VDI_SIGNATURE_OFFSET = 64;
const HEADER_BYTES = 512;
const PART_BYTES = 32 << 10;
const TYPE_DYNAMIC = 1;
const TYPE_STATIC = 2;
const UNALLOCATED = 0xffffffff;
/** Given back by the guest: reads as zeros. */
const DISCARDED = 0xfffffffe;
const MIN_BLOCK_BYTES = 1 << 20;
const MAX_BLOCK_BYTES = 256 << 20;

/**
 * Opens a VirtualBox image, dynamic or static, version 1.1 (VirtualBox `VDICore.h`, `VDIHEADER1PLUS`). Undo and
 * differencing images, and images with a parent, are refused.
 */
export async function openVdi(source: ByteSource): Promise<DiskImage> {
  const header = await readView(source, 0, HEADER_BYTES);
  const version = header.getUint32(68, true);
  if (version >>> 16 !== 1) {
    const shown = `${version >>> 16}.${version & 0xffff}`;
    throw imageError(source, 'image/old-version', { format: 'VDI', version: shown });
  }
  const type = header.getUint32(76, true);
  // Link and parent ids, 16 bytes each: an image of its own has neither.
  const linked = Array.from({ length: 8 }, (_, index) => header.getUint32(424 + index * 4)).some(
    (word) => word !== 0,
  );
  if (linked || type === 3 || type === 4) throw imageError(source, 'image/differencing');
  if (type !== TYPE_DYNAMIC && type !== TYPE_STATIC) {
    throw imageError(source, 'image/unknown-feature', { feature: `VDI image type ${type}` });
  }
  const sizeBytes = checkVirtualSize(source, readU64(header, 368, true));
  const blockBytes = header.getUint32(376, true);
  if (!isPowerOfTwo(blockBytes) || blockBytes < MIN_BLOCK_BYTES || blockBytes > MAX_BLOCK_BYTES) {
    throw damaged(source, `block size ${blockBytes}`);
  }
  if (header.getUint32(380, true) !== 0) {
    throw imageError(source, 'image/unknown-feature', { feature: 'VDI blocks with extra data' });
  }
  if (header.getUint32(360, true) !== 512)
    throw damaged(source, `sector size ${header.getUint32(360, true)}`);
  const entries = Math.ceil(sizeBytes / blockBytes);
  if (header.getUint32(384, true) < entries) throw damaged(source, 'fewer blocks than the disk has');
  const tableOffset = header.getUint32(340, true);
  const dataOffset = header.getUint32(344, true);
  checkInFile(source, tableOffset, entries * 4, 'block map');
  if (tableOffset < HEADER_BYTES || tableOffset + entries * 4 > dataOffset) {
    throw imageError(source, 'image/overlap', {}, `block map at ${tableOffset}, data at ${dataOffset}`);
  }
  const layout = new VdiLayout(source, { sizeBytes, blockBytes, tableOffset, dataOffset, entries });
  const variant = type === TYPE_STATIC ? 'static' : 'dynamic';
  return new MappedDisk(source, layout, { format: 'vdi', variant });
}

class VdiLayout implements ImageLayout {
  readonly sizeBytes: number;
  readonly clusterBytes: number;
  readonly #source: ByteSource;
  readonly #tableOffset: number;
  readonly #tableBytes: number;
  readonly #dataOffset: number;
  readonly #tables: TableCache;
  readonly #claims = new ClusterClaims();
  readonly #seen = new BitSet();

  constructor(
    source: ByteSource,
    disk: { sizeBytes: number; blockBytes: number; tableOffset: number; dataOffset: number; entries: number },
  ) {
    this.sizeBytes = disk.sizeBytes;
    this.clusterBytes = disk.blockBytes;
    this.#source = source;
    this.#tableOffset = disk.tableOffset;
    this.#tableBytes = disk.entries * 4;
    this.#dataOffset = disk.dataOffset;
    this.#tables = new TableCache(source);
  }

  map(offset: number): Extent | MissingTable {
    const entry = Math.floor(offset / this.clusterBytes) * 4;
    const start = entry - (entry % PART_BYTES);
    const part = this.#tables.get(this.#tableOffset + start, this.#partBytes(start));
    if (part === undefined) return this.#missing(start);
    const block = part.getUint32(entry - start, true);
    const within = offset % this.clusterBytes;
    const length = this.clusterBytes - within;
    if (block === UNALLOCATED || block === DISCARDED) return { kind: 'zero', length };
    return { kind: 'stored', length, fileOffset: this.#dataOffset + block * this.clusterBytes + within };
  }

  #partBytes(start: number): number {
    return Math.min(PART_BYTES, this.#tableBytes - start);
  }

  #missing(start: number): MissingTable {
    const length = this.#partBytes(start);
    const admit = (part: DataView): void => {
      if (!this.#seen.add(start / PART_BYTES)) return;
      for (let at = 0; at < length; at += 4) {
        const block = part.getUint32(at, true);
        if (block === UNALLOCATED || block === DISCARDED) continue;
        checkInFile(this.#source, this.#dataOffset + block * this.clusterBytes, 1, 'block');
        if (!this.#claims.claim(block)) throw imageError(this.#source, 'image/overlap', {}, `block ${block}`);
      }
    };
    const load = (): Promise<DataView> =>
      this.#tables.load(this.#tableOffset + start, length, 'block map', admit);
    return { kind: 'missing', load };
  }
}
