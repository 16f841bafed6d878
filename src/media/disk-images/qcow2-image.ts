import type { ByteSource } from '../../bytes/byte-source.ts';
import { BitSet } from './bit-set.ts';
import { ClusterClaims } from './claims.ts';
import { checkInFile, damaged, imageError, type DiskImage } from './disk-image.ts';
import { inflateRaw } from './inflate.ts';
import { MappedDisk, type Extent, type ImageLayout, type MissingTable } from './mapped-disk.ts';
import { readQcow2Header, type Qcow2Header } from './qcow2-header.ts';
import { TableCache } from './table-cache.ts';
import { decompressZstd } from './zstd.ts';

/** Tables are read and checked in parts of this size (or whole, where a table is smaller). */
const PART_BYTES = 32 << 10;
const ENTRY_BYTES = 8;
const SECTOR_BYTES = 512;

/** Opens a qcow2 image, version 2 or 3 (QEMU docs/interop/qcow2). See `readQcow2Header` for what is refused. */
export async function openQcow2(source: ByteSource): Promise<DiskImage> {
  const header = await readQcow2Header(source);
  const variant = `version ${header.version}, ${header.clusterBytes / 1024} KiB clusters`;
  return new MappedDisk(source, new Qcow2Layout(source, header), { format: 'qcow2', variant });
}

class Qcow2Layout implements ImageLayout {
  readonly sizeBytes: number;
  readonly clusterBytes: number;
  readonly #source: ByteSource;
  readonly #header: Qcow2Header;
  readonly #tables: TableCache;
  readonly #claims = new ClusterClaims();
  /** Table parts whose pointers have been checked and claimed: L1 parts, and L2 parts by their place on the disk. */
  readonly #seenL1 = new BitSet();
  readonly #seenL2 = new BitSet();
  /** Bytes of the disk that one L2 table describes. */
  readonly #l2Span: number;
  readonly #l2PartBytes: number;

  constructor(source: ByteSource, header: Qcow2Header) {
    this.sizeBytes = header.sizeBytes;
    this.clusterBytes = header.clusterBytes;
    this.#source = source;
    this.#header = header;
    this.#tables = new TableCache(source);
    this.#l2Span = (header.clusterBytes / ENTRY_BYTES) * header.clusterBytes;
    this.#l2PartBytes = Math.min(PART_BYTES, header.clusterBytes);
    this.#claimTable('header', 0, 1);
    this.#claimTable('L1 table', header.l1Offset, header.l1Entries * ENTRY_BYTES);
    if (header.refcountTableBytes > 0) {
      this.#claimTable('refcount table', header.refcountTableOffset, header.refcountTableBytes);
    }
  }

  map(offset: number): Extent | MissingTable {
    const l1Index = Math.floor(offset / this.#l2Span);
    const l1Byte = l1Index * ENTRY_BYTES;
    const l1Start = l1Byte - (l1Byte % PART_BYTES);
    const l1 = this.#tables.get(this.#header.l1Offset + l1Start, this.#l1PartBytes(l1Start));
    if (l1 === undefined) return this.#missingL1(l1Start);
    const l2Offset = entryOffset(l1, l1Byte - l1Start);
    const inSpan = offset % this.#l2Span;
    if (l2Offset === 0) return { kind: 'zero', length: this.#l2Span - inSpan };

    const l2Byte = Math.floor(inSpan / this.clusterBytes) * ENTRY_BYTES;
    const l2Start = l2Byte - (l2Byte % this.#l2PartBytes);
    const l2 = this.#tables.get(l2Offset + l2Start, this.#l2PartBytes);
    if (l2 === undefined) return this.#missingL2(l1Index, l2Offset, l2Start);
    return this.#extent(l2, l2Byte - l2Start, offset);
  }

  #extent(l2: DataView, at: number, offset: number): Extent {
    const within = offset % this.clusterBytes;
    const length = this.clusterBytes - within;
    const high = l2.getUint32(at);
    if ((high & 0x40000000) !== 0) {
      const cluster = Math.floor(offset / this.clusterBytes);
      const { start, bytes } = this.#packedRange(high, l2.getUint32(at + 4));
      return { kind: 'packed', length, cluster, unpack: () => this.#unpack(start, bytes) };
    }
    const zero = (l2.getUint32(at + 4) & 1) !== 0;
    const cluster = entryOffset(l2, at);
    if (zero || cluster === 0) return { kind: 'zero', length };
    return { kind: 'stored', length, fileOffset: cluster + within };
  }

  /** Compressed Clusters Descriptor: offset in the low bits, number of further sectors above it. */
  #packedRange(high: number, low: number): { start: number; bytes: number } {
    const offsetBits = 62 - (Math.log2(this.clusterBytes) - 8);
    const highBits = offsetBits - 32;
    const start = (high & (2 ** highBits - 1)) * 2 ** 32 + low;
    const sectors = ((high & 0x3fffffff) >>> highBits) + 1;
    return { start, bytes: sectors * SECTOR_BYTES - (start % SECTOR_BYTES) };
  }

  async #unpack(start: number, bytes: number): Promise<Uint8Array> {
    // The last sector of the last cluster may be counted beyond the end of the file.
    const packed = await this.#source.read(start, Math.min(bytes, this.#source.sizeBytes - start));
    return this.#header.compression === 'zstd'
      ? decompressZstd(packed, this.clusterBytes)
      : inflateRaw(packed, this.clusterBytes);
  }

  #missingL1(start: number): MissingTable {
    const { l1Offset } = this.#header;
    const length = this.#l1PartBytes(start);
    const admit = (part: DataView): void => {
      if (!this.#seenL1.add(start / PART_BYTES)) return;
      for (let at = 0; at < length; at += ENTRY_BYTES) {
        const table = this.#checkedOffset(part, at, 'L2 table');
        if (table !== 0) this.#claimTable('L2 table', table, this.clusterBytes);
      }
    };
    return { kind: 'missing', load: () => this.#tables.load(l1Offset + start, length, 'L1 table', admit) };
  }

  #l1PartBytes(start: number): number {
    return Math.min(PART_BYTES, this.#header.l1Entries * ENTRY_BYTES - start);
  }

  #missingL2(l1Index: number, l2Offset: number, start: number): MissingTable {
    const partsPerTable = this.clusterBytes / this.#l2PartBytes;
    const admit = (part: DataView): void => {
      if (!this.#seenL2.add(l1Index * partsPerTable + start / this.#l2PartBytes)) return;
      for (let at = 0; at < this.#l2PartBytes; at += ENTRY_BYTES) this.#admitEntry(part, at);
    };
    const load = (): Promise<DataView> =>
      this.#tables.load(l2Offset + start, this.#l2PartBytes, 'L2 table', admit);
    return { kind: 'missing', load };
  }

  #admitEntry(part: DataView, at: number): void {
    const high = part.getUint32(at);
    if ((high & 0x40000000) === 0) {
      const cluster = this.#checkedOffset(part, at, 'data');
      if ((part.getUint32(at + 4) & 1) !== 0 && this.#header.version === 2) {
        throw damaged(this.#source, 'a zero cluster in a version 2 image');
      }
      if (cluster !== 0) this.#claimTable('data', cluster, 1);
      return;
    }
    const { start, bytes } = this.#packedRange(high, part.getUint32(at + 4));
    checkInFile(this.#source, start, 1, 'compressed data');
    const last = Math.min(start + bytes, this.#source.sizeBytes) - 1;
    for (
      let cluster = Math.floor(start / this.clusterBytes);
      cluster * this.clusterBytes <= last;
      cluster++
    ) {
      if (!this.#claims.claimShared(cluster)) throw this.#overlap('compressed data', start);
    }
  }

  /** The offset in a table entry, refused when reserved bits are set, it is not aligned, or it is outside. */
  #checkedOffset(table: DataView, at: number, what: string): number {
    const offset = entryOffset(table, at);
    const reservedLow = what === 'data' ? 0x1fe : 0x1ff;
    if ((table.getUint32(at) & 0x7f000000) !== 0 || (table.getUint32(at + 4) & reservedLow) !== 0) {
      throw damaged(this.#source, `${what}: reserved bits in a table entry`);
    }
    if (offset % this.clusterBytes !== 0) throw damaged(this.#source, `${what} at ${offset}`);
    if (offset !== 0) checkInFile(this.#source, offset, 1, what);
    return offset;
  }

  #claimTable(what: string, offset: number, bytes: number): void {
    const first = offset / this.clusterBytes;
    for (let cluster = first; cluster * this.clusterBytes < offset + bytes; cluster++) {
      if (!this.#claims.claim(cluster)) throw this.#overlap(what, offset);
    }
  }

  #overlap(what: string, offset: number): Error {
    return imageError(this.#source, 'image/overlap', {}, `${what} at ${offset}`);
  }
}

/** Bits 9 to 55 of a table entry. */
function entryOffset(table: DataView, at: number): number {
  return (table.getUint32(at) & 0x00ffffff) * 2 ** 32 + ((table.getUint32(at + 4) & 0xfffffe00) >>> 0);
}
