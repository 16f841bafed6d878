import type { ByteSource } from '../../bytes/byte-source.ts';
import { BitSet } from './bit-set.ts';
import { SpanClaims } from './claims.ts';
import { CompressedDataError } from './compressed-data-error.ts';
import {
  checkInFile,
  checkVirtualSize,
  damaged,
  imageError,
  isPowerOfTwo,
  readU64,
  readView,
  SECTOR_BYTES,
  viewOf,
} from './disk-image.ts';
import { inflateZlib } from './inflate.ts';
import type { Extent, ImageLayout, MissingTable } from './mapped-disk.ts';
import { TableCache } from './table-cache.ts';

/** "KDMV", little-endian. */
export const VMDK_SPARSE_MAGIC = 0x564d444b;
const HEADER_BYTES = 512;
const PART_BYTES = 32 << 10;
const MAX_DIRECTORY_ENTRIES = 4 << 20;
const MIN_GRAIN_BYTES = 4 << 10;
const MAX_GRAIN_BYTES = 2 << 20;
const GRAIN_MARKER_BYTES = 12;
/** Room that a grain which does not compress takes beyond its own size. */
const SLACK_BYTES = 1024;
/** A table entry that stands for a grain of zeros, where the header's flag allows it. */
const ZERO_GRAIN = 1;

const FLAG_NEWLINE_TEST = 1;
const FLAG_ZERO_GRAINS = 4;
const FLAG_COMPRESSED = 1 << 16;
const FLAG_MARKERS = 1 << 17;
const KNOWN_FLAGS = FLAG_NEWLINE_TEST | 2 | FLAG_ZERO_GRAINS | FLAG_COMPRESSED | FLAG_MARKERS;

/** The header of a hosted sparse extent (VMware "Virtual Disk Format 5.0", SparseExtentHeader), checked. */
export interface VmdkSparseHeader {
  sizeBytes: number;
  grainBytes: number;
  entriesPerTable: number;
  directoryOffset: number;
  directoryEntries: number;
  /** Bytes at the start that hold tables and no grains; 0 where grains and tables are mixed. */
  overheadBytes: number;
  descriptorOffset: number;
  descriptorBytes: number;
  hasZeroGrains: boolean;
  compressed: boolean;
}

/** Reads the header at the start and, where it says that the directory is at the end, the footer's copy of it. */
export async function readVmdkSparseHeader(source: ByteSource): Promise<VmdkSparseHeader> {
  let view = await readView(source, 0, HEADER_BYTES);
  const descriptorOffset = readU64(view, 28, true) * SECTOR_BYTES;
  const descriptorBytes = readU64(view, 36, true) * SECTOR_BYTES;
  if (view.getUint32(56, true) === 0xffffffff && view.getUint32(60, true) === 0xffffffff) {
    // Stream-optimized: footer marker, footer, end-of-stream marker, a sector each.
    const footerOffset = source.sizeBytes - 2 * SECTOR_BYTES;
    if (footerOffset < HEADER_BYTES) throw imageError(source, 'image/cut', {}, 'no room for a footer');
    view = await readView(source, footerOffset, HEADER_BYTES);
    if (view.getUint32(0, true) !== VMDK_SPARSE_MAGIC) throw imageError(source, 'image/cut', {}, 'no footer');
  }
  const version = view.getUint32(4, true);
  const flags = view.getUint32(8, true);
  if (version < 1 || version > 3 || (flags & ~KNOWN_FLAGS) !== 0) {
    throw imageError(source, 'image/unknown-feature', { feature: `VMDK version ${version}, flags ${flags}` });
  }
  if ((flags & FLAG_NEWLINE_TEST) !== 0 && view.getUint32(73, true) !== 0x0a0d200a) {
    throw damaged(source, 'line ends were converted on the way');
  }
  if (view.getUint8(72) !== 0) throw imageError(source, 'image/dirty', {}, 'uncleanShutdown');
  const compressed = (flags & FLAG_COMPRESSED) !== 0;
  if (compressed && (view.getUint16(77, true) !== 1 || (flags & FLAG_MARKERS) === 0)) {
    throw imageError(source, 'image/unknown-feature', { feature: 'VMDK compression of another kind' });
  }
  const sizeBytes = checkVirtualSize(source, readU64(view, 12, true) * SECTOR_BYTES);
  const grainBytes = readU64(view, 20, true) * SECTOR_BYTES;
  if (!isPowerOfTwo(grainBytes) || grainBytes < MIN_GRAIN_BYTES || grainBytes > MAX_GRAIN_BYTES) {
    throw damaged(source, `grain size ${grainBytes}`);
  }
  const entriesPerTable = view.getUint32(44, true);
  if (!isPowerOfTwo(entriesPerTable) || entriesPerTable > 8192)
    throw damaged(source, `${entriesPerTable} entries`);
  const directoryEntries = Math.ceil(sizeBytes / (grainBytes * entriesPerTable));
  if (directoryEntries > MAX_DIRECTORY_ENTRIES) throw imageError(source, 'image/too-large');
  const directoryOffset = readU64(view, 56, true) * SECTOR_BYTES;
  if (directoryOffset < HEADER_BYTES) throw damaged(source, `grain directory at ${directoryOffset}`);
  checkInFile(source, directoryOffset, directoryEntries * 4, 'grain directory');
  const hasZeroGrains = (flags & FLAG_ZERO_GRAINS) !== 0;
  return {
    sizeBytes,
    grainBytes,
    entriesPerTable,
    directoryOffset,
    directoryEntries,
    overheadBytes: compressed ? 0 : readU64(view, 64, true) * SECTOR_BYTES,
    descriptorOffset,
    descriptorBytes,
    hasZeroGrains,
    compressed,
  };
}

/** Grain directory, grain tables and grains of one sparse extent. */
export class VmdkSparseLayout implements ImageLayout {
  readonly sizeBytes: number;
  readonly clusterBytes: number;
  readonly #source: ByteSource;
  readonly #header: VmdkSparseHeader;
  readonly #tables: TableCache;
  readonly #tableBytes: number;
  readonly #tableClaims: SpanClaims;
  readonly #grainClaims: SpanClaims;
  readonly #seenDirectory = new BitSet();
  readonly #seenTables = new BitSet();

  constructor(source: ByteSource, header: VmdkSparseHeader, tableCacheBytes?: number) {
    this.sizeBytes = header.sizeBytes;
    this.clusterBytes = header.grainBytes;
    this.#source = source;
    this.#header = header;
    this.#tables = new TableCache(source, tableCacheBytes);
    this.#tableBytes = header.entriesPerTable * 4;
    this.#tableClaims = new SpanClaims(Math.ceil(this.#tableBytes / SECTOR_BYTES));
    this.#grainClaims = new SpanClaims(header.grainBytes / SECTOR_BYTES);
  }

  map(offset: number): Extent | MissingTable {
    const { grainBytes, entriesPerTable, directoryOffset, hasZeroGrains, compressed } = this.#header;
    const tableSpan = grainBytes * entriesPerTable;
    const tableIndex = Math.floor(offset / tableSpan);
    const start = tableIndex * 4 - ((tableIndex * 4) % PART_BYTES);
    const directory = this.#tables.get(directoryOffset + start, this.#directoryPartBytes(start));
    if (directory === undefined) return this.#missingDirectory(start);
    const tableOffset = directory.getUint32(tableIndex * 4 - start, true) * SECTOR_BYTES;
    const inSpan = offset % tableSpan;
    if (tableOffset === 0) return { kind: 'zero', length: tableSpan - inSpan };
    const table = this.#tables.get(tableOffset, this.#tableBytes);
    if (table === undefined) return this.#missingTable(tableIndex, tableOffset);

    const sector = table.getUint32(Math.floor(inSpan / grainBytes) * 4, true);
    const within = offset % grainBytes;
    const length = grainBytes - within;
    if (sector === 0 || (sector === ZERO_GRAIN && hasZeroGrains)) return { kind: 'zero', length };
    const fileOffset = sector * SECTOR_BYTES;
    if (!compressed) return { kind: 'stored', length, fileOffset: fileOffset + within };
    const cluster = Math.floor(offset / grainBytes);
    return { kind: 'packed', length, cluster, unpack: () => this.#unpack(cluster, fileOffset) };
  }

  /** A grain marker (disk sector, packed size) and the zlib stream after it. */
  async #unpack(cluster: number, fileOffset: number): Promise<Uint8Array> {
    const { grainBytes } = this.#header;
    const available = this.#source.sizeBytes - fileOffset;
    const guess = Math.min(available, GRAIN_MARKER_BYTES + grainBytes + SLACK_BYTES);
    if (guess < GRAIN_MARKER_BYTES) throw imageError(this.#source, 'image/cut', {}, 'grain marker');
    const bytes = await this.#source.read(fileOffset, guess);
    const marker = viewOf(bytes);
    // The marker names the grain it belongs to: two entries that point to one grain do not get past this.
    if (readU64(marker, 0, true) * SECTOR_BYTES !== cluster * grainBytes) {
      throw imageError(this.#source, 'image/overlap', {}, `grain ${cluster} at ${fileOffset}`);
    }
    const packedBytes = marker.getUint32(8, true);
    if (packedBytes > grainBytes + SLACK_BYTES)
      throw new CompressedDataError('a packed grain that is too large');
    checkInFile(this.#source, fileOffset, GRAIN_MARKER_BYTES + packedBytes, 'grain');
    const packed = bytes.subarray(0, GRAIN_MARKER_BYTES + packedBytes);
    // The grain at the disk's end may hold only what is inside the disk.
    const leastBytes = Math.min(grainBytes, this.sizeBytes - cluster * grainBytes);
    return inflateZlib(packed, grainBytes, GRAIN_MARKER_BYTES, leastBytes);
  }

  #missingDirectory(start: number): MissingTable {
    const { directoryOffset } = this.#header;
    const length = this.#directoryPartBytes(start);
    const admit = (part: DataView): void => {
      if (!this.#seenDirectory.add(start / PART_BYTES)) return;
      for (let at = 0; at < length; at += 4) {
        const sector = part.getUint32(at, true);
        if (sector === 0) continue;
        const offset = sector * SECTOR_BYTES;
        checkInFile(this.#source, offset, this.#tableBytes, 'grain table');
        if (this.#meetsDirectory(offset, this.#tableBytes) || !this.#tableClaims.claim(sector))
          throw this.#overlap('grain table', sector);
      }
    };
    const load = (): Promise<DataView> =>
      this.#tables.load(directoryOffset + start, length, 'grain directory', admit);
    return { kind: 'missing', load };
  }

  #directoryPartBytes(start: number): number {
    return Math.min(PART_BYTES, this.#header.directoryEntries * 4 - start);
  }

  /** Whether a part of the file lies over the header or the grain directory. */
  #meetsDirectory(offset: number, length: number): boolean {
    const { directoryOffset, directoryEntries } = this.#header;
    return (
      offset < HEADER_BYTES ||
      (offset < directoryOffset + directoryEntries * 4 && offset + length > directoryOffset)
    );
  }

  #missingTable(index: number, offset: number): MissingTable {
    const { hasZeroGrains, overheadBytes, compressed } = this.#header;
    const admit = (part: DataView): void => {
      if (!this.#seenTables.add(index)) return;
      for (let at = 0; at < this.#tableBytes; at += 4) {
        const sector = part.getUint32(at, true);
        if (sector === 0 || (sector === ZERO_GRAIN && hasZeroGrains)) continue;
        checkInFile(this.#source, sector * SECTOR_BYTES, 1, 'grain');
        const offset = sector * SECTOR_BYTES;
        const inTables = offset < overheadBytes || this.#meetsDirectory(offset, 1);
        if (inTables || (!compressed && !this.#grainClaims.claim(sector)))
          throw this.#overlap('grain', sector);
      }
    };
    const load = (): Promise<DataView> => this.#tables.load(offset, this.#tableBytes, 'grain table', admit);
    return { kind: 'missing', load };
  }

  #overlap(what: string, sector: number): Error {
    return imageError(this.#source, 'image/overlap', {}, `${what} at sector ${sector}`);
  }
}
