import { VitrineError } from '../lib/errors.ts';
import { lastAtOrBefore } from '../lib/last-at-or-before.ts';
import { checkRange, type ByteSource } from './byte-source.ts';

/** A run of bytes of a parent source; `offsetBytes` null is a hole, which the format defines to read as zeros. */
export interface Extent {
  readonly offsetBytes: number | null;
  readonly lengthBytes: number;
}

/**
 * A file in several pieces of `parent`, read as one. Throws `bytes/out-of-range` when an extent is not wholly
 * inside the parent: a file is either all there or not opened.
 */
export class ExtentSource implements ByteSource {
  readonly name: string;
  readonly sizeBytes: number;
  readonly #parent: ByteSource;
  readonly #extents: readonly Extent[];
  /** Where each extent begins in this source; ascending. */
  readonly #starts: readonly number[];

  constructor(parent: ByteSource, extents: readonly Extent[], name: string) {
    this.name = name;
    this.#parent = parent;
    const starts: number[] = [];
    let size = 0;
    for (const { offsetBytes, lengthBytes } of extents) {
      if (offsetBytes !== null) checkRange({ name, sizeBytes: parent.sizeBytes }, offsetBytes, lengthBytes);
      starts.push(size);
      size += lengthBytes;
    }
    if (!Number.isSafeInteger(size)) throw new VitrineError('bytes/too-large', { name });
    this.#extents = extents;
    this.#starts = starts;
    this.sizeBytes = size;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    checkRange(this, offset, length);
    let index = lastAtOrBefore(this.#starts, offset);
    if (length === 0) return new Uint8Array(0);
    const first = this.#extents[index];
    if (first.offsetBytes !== null && offset + length <= this.#starts[index] + first.lengthBytes) {
      return this.#parent.read(first.offsetBytes + offset - this.#starts[index], length);
    }
    const out = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const extent = this.#extents[index];
      const within = offset + done - this.#starts[index];
      const count = Math.min(length - done, extent.lengthBytes - within);
      if (extent.offsetBytes !== null) {
        out.set(await this.#parent.read(extent.offsetBytes + within, count), done);
      }
      done += count;
      index++;
    }
    return out;
  }
}
