import { checkRange } from '../../bytes/byte-source.ts';
import { VitrineError } from '../../lib/errors.ts';
import { lastAtOrBefore } from '../../lib/last-at-or-before.ts';
import type { ByteRange, DiskImage, DiskImageFormat, SparseReader } from './disk-image.ts';

/** A disk that is kept in parts, one after the other. As a mapped one, it gives no more bytes once damage was met. */
export class JoinedDisk implements DiskImage {
  readonly name: string;
  readonly format: DiskImageFormat;
  readonly variant: string;
  readonly sizeBytes: number;
  readonly storedSizeBytes: number;
  readonly #parts: readonly SparseReader[];
  /** Where each part begins on the disk. */
  readonly #starts: readonly number[];
  #damage: VitrineError | null = null;

  constructor(
    parts: readonly SparseReader[],
    kind: Pick<DiskImage, 'name' | 'format' | 'variant' | 'storedSizeBytes'>,
  ) {
    this.name = kind.name;
    this.format = kind.format;
    this.variant = kind.variant;
    this.storedSizeBytes = kind.storedSizeBytes;
    this.#parts = parts;
    const starts: number[] = [];
    let end = 0;
    for (const { sizeBytes } of parts) {
      starts.push(end);
      end += sizeBytes;
    }
    this.#starts = starts;
    this.sizeBytes = end;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    checkRange(this, offset, length);
    if (this.#damage !== null) throw this.#damage;
    try {
      let index = lastAtOrBefore(this.#starts, offset);
      const within = offset - this.#starts[index];
      if (within + length <= this.#parts[index].sizeBytes)
        return await this.#parts[index].read(within, length);
      const out = new Uint8Array(length);
      for (let done = 0; done < length; index++) {
        const from = offset + done - this.#starts[index];
        const count = Math.min(length - done, this.#parts[index].sizeBytes - from);
        out.set(await this.#parts[index].read(from, count), done);
        done += count;
      }
      return out;
    } catch (error) {
      if (error instanceof VitrineError && error.code.startsWith('image/')) this.#damage = error;
      throw error;
    }
  }

  async *allocatedRanges(): AsyncIterable<ByteRange> {
    for (const [index, part] of this.#parts.entries()) {
      for await (const { offset, length } of part.allocatedRanges()) {
        yield { offset: this.#starts[index] + offset, length };
      }
    }
  }
}
