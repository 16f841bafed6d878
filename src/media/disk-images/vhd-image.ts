import { checkRange, type ByteSource } from '../../bytes/byte-source.ts';
import { BitSet } from './bit-set.ts';
import { SpanClaims } from './claims.ts';
import {
  checkInFile,
  checkVirtualSize,
  damaged,
  imageError,
  isPowerOfTwo,
  readU64,
  readView,
  SECTOR_BYTES,
  type DiskImage,
} from './disk-image.ts';
import { MappedDisk, type Extent, type ImageLayout, type MissingTable } from './mapped-disk.ts';
import { TableCache } from './table-cache.ts';
import { findVhdFooter, type FoundFooter } from './vhd-find-footer.ts';
import {
  isVhdDynamicHeaderSound,
  VHD_DYNAMIC_HEADER_BYTES,
  VHD_FOOTER_BYTES,
  VHD_UNALLOCATED,
} from './vhd-footer.ts';

const PART_BYTES = 32 << 10;
const MIN_BLOCK_BYTES = 512 << 10;
const MAX_BLOCK_BYTES = 256 << 20;

/**
 * Opens a VHD, fixed or dynamic (Microsoft "Virtual Hard Disk Image Format Specification"), by the footer that
 * `findVhdFooter` finds. A dynamic disk that has only the copy at its start is opened when every block that its table
 * lists is whole; otherwise it was cut off. The disk's size is the footer's "current size". Differencing disks and
 * disks of a suspended machine are refused.
 */
export async function openVhd(source: ByteSource): Promise<DiskImage> {
  const found = await findVhdFooter(source);
  if (found === null) throw imageError(source, 'image/cut', {}, 'no sound footer');
  const { footer } = found;
  if (footer.version >>> 16 !== 1) {
    const feature = `VHD version ${footer.version >>> 16}`;
    throw imageError(source, 'image/unknown-feature', { feature });
  }
  if (footer.diskType === 'differencing') throw imageError(source, 'image/differencing');
  if (footer.savedState) throw imageError(source, 'image/dirty', {}, 'saved state');
  const sizeBytes = checkVirtualSize(source, footer.currentSize[0] * 2 ** 32 + footer.currentSize[1]);
  if (footer.diskType === 'fixed') return openFixed(source, sizeBytes, found);
  if (footer.diskType === 'dynamic') {
    const headerOffset = footer.dataOffset[0] * 2 ** 32 + footer.dataOffset[1];
    return openDynamic(source, { sizeBytes, headerOffset, isCopy: found.offset === 0 });
  }
  throw imageError(source, 'image/unknown-feature', { feature: `VHD disk type ${footer.typeNumber}` });
}

function openFixed(source: ByteSource, sizeBytes: number, footer: FoundFooter): DiskImage {
  if (footer.offset < sizeBytes)
    throw imageError(source, 'image/cut', {}, `${footer.offset} of ${sizeBytes} bytes`);
  return {
    name: source.name,
    format: 'vhd',
    variant: 'fixed',
    sizeBytes,
    storedSizeBytes: source.sizeBytes,
    async read(offset, length) {
      checkRange(this, offset, length);
      return source.read(offset, length);
    },
    async *allocatedRanges() {
      yield { offset: 0, length: sizeBytes };
    },
  };
}

async function openDynamic(
  source: ByteSource,
  disk: { sizeBytes: number; headerOffset: number; isCopy: boolean },
): Promise<DiskImage> {
  const { sizeBytes, headerOffset, isCopy } = disk;
  checkInFile(source, headerOffset, VHD_DYNAMIC_HEADER_BYTES, 'dynamic header');
  const header = await readView(source, headerOffset, VHD_DYNAMIC_HEADER_BYTES);
  if (!isVhdDynamicHeaderSound(header)) throw damaged(source, 'dynamic header');
  const blockBytes = header.getUint32(32);
  if (!isPowerOfTwo(blockBytes) || blockBytes < MIN_BLOCK_BYTES || blockBytes > MAX_BLOCK_BYTES) {
    throw damaged(source, `block size ${blockBytes}`);
  }
  const entries = Math.ceil(sizeBytes / blockBytes);
  if (header.getUint32(28) < entries) throw damaged(source, `${header.getUint32(28)} of ${entries} blocks`);
  const tableOffset = readU64(header, 16);
  checkInFile(source, tableOffset, entries * 4, 'block table');
  const layout = new VhdLayout(source, { sizeBytes, blockBytes, headerOffset, tableOffset, entries });
  if (isCopy) await layout.checkWhole();
  return new MappedDisk(source, layout, { format: 'vhd', variant: 'dynamic' });
}

class VhdLayout implements ImageLayout {
  readonly sizeBytes: number;
  readonly clusterBytes: number;
  readonly #source: ByteSource;
  readonly #headerOffset: number;
  readonly #tableOffset: number;
  readonly #tableBytes: number;
  readonly #bitmapBytes: number;
  readonly #tables: TableCache;
  readonly #claims: SpanClaims;
  readonly #seen = new BitSet();

  constructor(
    source: ByteSource,
    disk: {
      sizeBytes: number;
      blockBytes: number;
      headerOffset: number;
      tableOffset: number;
      entries: number;
    },
  ) {
    this.sizeBytes = disk.sizeBytes;
    this.clusterBytes = disk.blockBytes;
    this.#source = source;
    this.#headerOffset = disk.headerOffset;
    this.#tableOffset = disk.tableOffset;
    this.#tableBytes = disk.entries * 4;
    this.#tables = new TableCache(source);
    // A bit for each sector, filled up to a whole sector. The bits themselves only matter for differencing disks:
    // what was never written in an allocated block of a dynamic disk is zero there.
    this.#bitmapBytes = Math.ceil(disk.blockBytes / SECTOR_BYTES / 8 / SECTOR_BYTES) * SECTOR_BYTES;
    this.#claims = new SpanClaims((this.#bitmapBytes + disk.blockBytes) / SECTOR_BYTES);
  }

  map(offset: number): Extent | MissingTable {
    const entry = Math.floor(offset / this.clusterBytes) * 4;
    const start = entry - (entry % PART_BYTES);
    const part = this.#tables.get(this.#tableOffset + start, this.#partBytes(start));
    if (part === undefined) return this.#missing(start);
    const sector = part.getUint32(entry - start);
    const within = offset % this.clusterBytes;
    const length = this.clusterBytes - within;
    if (sector === VHD_UNALLOCATED) return { kind: 'zero', length };
    return { kind: 'stored', length, fileOffset: sector * SECTOR_BYTES + this.#bitmapBytes + within };
  }

  /** Reads the whole table, and rejects with `image/cut` where a block does not end inside of the file. */
  async checkWhole(): Promise<void> {
    for (let start = 0; start < this.#tableBytes; start += PART_BYTES) {
      const part = await readView(this.#source, this.#tableOffset + start, this.#partBytes(start));
      for (let at = 0; at < part.byteLength; at += 4) {
        const sector = part.getUint32(at);
        if (sector === VHD_UNALLOCATED) continue;
        checkInFile(this.#source, sector * SECTOR_BYTES, this.#bitmapBytes + this.clusterBytes, 'block');
      }
    }
  }

  #partBytes(start: number): number {
    return Math.min(PART_BYTES, this.#tableBytes - start);
  }

  #missing(start: number): MissingTable {
    const length = this.#partBytes(start);
    const admit = (part: DataView): void => {
      if (!this.#seen.add(start / PART_BYTES)) return;
      for (let at = 0; at < length; at += 4) this.#admitBlock(part.getUint32(at));
    };
    const load = (): Promise<DataView> =>
      this.#tables.load(this.#tableOffset + start, length, 'block table', admit);
    return { kind: 'missing', load };
  }

  #admitBlock(sector: number): void {
    if (sector === VHD_UNALLOCATED) return;
    const offset = sector * SECTOR_BYTES;
    checkInFile(this.#source, offset, this.#bitmapBytes + 1, 'block');
    const end = offset + this.#bitmapBytes + this.clusterBytes;
    const meets = (start: number, length: number): boolean => offset < start + length && end > start;
    const inTables =
      meets(0, VHD_FOOTER_BYTES) ||
      meets(this.#headerOffset, VHD_DYNAMIC_HEADER_BYTES) ||
      meets(this.#tableOffset, this.#tableBytes);
    if (inTables || !this.#claims.claim(sector)) {
      throw imageError(this.#source, 'image/overlap', {}, `block at ${offset}`);
    }
  }
}
