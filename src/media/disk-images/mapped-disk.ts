import { checkRange, type ByteSource } from '../../bytes/byte-source.ts';
import { VitrineError } from '../../lib/errors.ts';
import { CompressedDataError } from './compressed-data-error.ts';
import {
  checkInFile,
  imageError,
  type ByteRange,
  type DiskImage,
  type DiskImageFormat,
} from './disk-image.ts';

/** Where the bytes of the disk from some offset on are kept, for `length` bytes. */
export type Extent =
  | { kind: 'zero'; length: number }
  | { kind: 'stored'; length: number; fileOffset: number }
  | { kind: 'packed'; length: number; cluster: number; unpack(): Promise<Uint8Array> };

/** A part of a table that has to be read before the question can be answered. */
export interface MissingTable {
  kind: 'missing';
  load(): Promise<unknown>;
}

/** How one format keeps a disk: its tables, behind one question. */
export interface ImageLayout {
  readonly sizeBytes: number;
  /** Size of the clusters that `packed` extents come in. */
  readonly clusterBytes: number;
  /**
   * Where the disk's bytes from `offset` (inside the disk) on are; for a `packed` extent, `cluster` is the number
   * of the cluster of `clusterBytes` that `unpack` gives. `length` is at least 1 and may reach beyond the disk's
   * end. Throws an `image/…` error for a table that cannot be.
   */
  map(offset: number): Extent | MissingTable;
}

type Piece = { from: number; length: number } & (
  | { kind: 'zero' }
  | { kind: 'stored'; fileOffset: number }
  | { kind: 'packed'; cluster: number; unpack(): Promise<Uint8Array> }
);

/** Decompressed clusters kept: enough for a guest that reads on in steps smaller than a cluster. */
const UNPACKED_CEILING_BYTES = 8 << 20;
/** Reads that are under way at once for one read of a scattered part. */
const PARALLEL_READS = 16;

/** A disk image read through its layout: finds the pieces, joins neighbours, and puts the bytes together. */
export class MappedDisk implements DiskImage {
  readonly name: string;
  readonly format: DiskImageFormat;
  readonly variant: string;
  readonly sizeBytes: number;
  readonly storedSizeBytes: number;
  readonly #source: ByteSource;
  readonly #layout: ImageLayout;
  readonly #unpacked = new Map<number, Promise<Uint8Array>>();
  #damage: VitrineError | null = null;

  constructor(source: ByteSource, layout: ImageLayout, kind: { format: DiskImageFormat; variant: string }) {
    this.name = source.name;
    this.format = kind.format;
    this.variant = kind.variant;
    this.sizeBytes = layout.sizeBytes;
    this.storedSizeBytes = source.sizeBytes;
    this.#source = source;
    this.#layout = layout;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    checkRange(this, offset, length);
    if (this.#damage !== null) throw this.#damage;
    try {
      // Most reads lie in one piece, and what is done for each of them is felt: a sixth of the time of a read.
      const found = length > 0 ? this.#layout.map(offset) : null;
      if (found?.kind === 'stored' && found.length >= length) {
        checkInFile(this.#source, found.fileOffset, length, 'data');
        return await this.#source.read(found.fileOffset, length);
      }
      return await this.#readPieces(offset, length);
    } catch (error) {
      throw this.#remember(error);
    }
  }

  async #readPieces(offset: number, length: number): Promise<Uint8Array> {
    const pieces = await this.#find(offset, length);
    const first = pieces[0];
    if (pieces.length === 1 && first.kind === 'stored') return this.#source.read(first.fileOffset, length);
    const out = new Uint8Array(length);
    for (let start = 0; start < pieces.length; start += PARALLEL_READS) {
      await Promise.all(
        pieces.slice(start, start + PARALLEL_READS).map((piece) => this.#fill(out, offset, piece)),
      );
    }
    return out;
  }

  async *allocatedRanges(): AsyncIterable<ByteRange> {
    for (let at = 0; ;) {
      if (this.#damage !== null) throw this.#damage;
      const range = await this.#nextRange(at).catch((error: unknown) => {
        throw this.#remember(error);
      });
      if (range === null) return;
      yield range;
      at = range.offset + range.length;
    }
  }

  /** What shows the image to be damaged ends every later step too. */
  #remember(error: unknown): unknown {
    if (error instanceof VitrineError && error.code.startsWith('image/')) this.#damage = error;
    return error;
  }

  /** The first allocated range at or after `from`. */
  async #nextRange(from: number): Promise<ByteRange | null> {
    let start = -1;
    let at = from;
    while (at < this.sizeBytes) {
      const found = this.#layout.map(at);
      if (found.kind === 'missing') {
        await found.load();
        continue;
      }
      if (found.kind === 'zero' && start >= 0) break;
      if (found.kind !== 'zero' && start < 0) start = at;
      at = Math.min(this.sizeBytes, at + found.length);
    }
    return start < 0 ? null : { offset: start, length: at - start };
  }

  async #find(offset: number, length: number): Promise<Piece[]> {
    const pieces: Piece[] = [];
    const end = offset + length;
    for (let at = offset; at < end;) {
      const found = this.#layout.map(at);
      if (found.kind === 'missing') {
        await found.load();
        continue;
      }
      const piece: Piece = { ...found, from: at, length: Math.min(found.length, end - at) };
      at += piece.length;
      if (piece.kind === 'stored') checkInFile(this.#source, piece.fileOffset, piece.length, 'data');
      const last = pieces.at(-1);
      if (last !== undefined && continues(last, piece)) last.length += piece.length;
      else pieces.push(piece);
    }
    return pieces;
  }

  async #fill(out: Uint8Array, offset: number, piece: Piece): Promise<void> {
    if (piece.kind === 'zero') return;
    if (piece.kind === 'stored') {
      out.set(await this.#source.read(piece.fileOffset, piece.length), piece.from - offset);
      return;
    }
    const bytes = await this.#unpack(piece);
    const within = piece.from - piece.cluster * this.#layout.clusterBytes;
    out.set(bytes.subarray(within, within + piece.length), piece.from - offset);
  }

  #unpack(piece: Piece & { kind: 'packed' }): Promise<Uint8Array> {
    const held = this.#unpacked.get(piece.cluster);
    if (held !== undefined) {
      this.#unpacked.delete(piece.cluster);
      this.#unpacked.set(piece.cluster, held);
      return held;
    }
    const unpacking = piece.unpack().catch((error: unknown) => {
      this.#unpacked.delete(piece.cluster);
      if (!(error instanceof CompressedDataError)) throw error;
      throw imageError(this, 'image/bad-compression', {}, `cluster ${piece.cluster}: ${error.message}`);
    });
    this.#unpacked.set(piece.cluster, unpacking);
    const most = Math.max(2, Math.floor(UNPACKED_CEILING_BYTES / this.#layout.clusterBytes));
    for (const oldest of this.#unpacked.keys()) {
      if (this.#unpacked.size <= most) break;
      this.#unpacked.delete(oldest);
    }
    return unpacking;
  }
}

/** Whether `piece` is read in one go with `last`. */
function continues(last: Piece, piece: Piece): boolean {
  if (last.kind === 'zero') return piece.kind === 'zero';
  return (
    last.kind === 'stored' && piece.kind === 'stored' && last.fileOffset + last.length === piece.fileOffset
  );
}
