import type { ByteSource } from '../../bytes/byte-source.ts';
import { checkInFile, imageError, viewOf } from './disk-image.ts';

/**
 * Parts of an image's tables, kept up to a ceiling, the least recently used dropped first. A part is known by the
 * file offset where it begins. An offset that is asked for with two lengths is two tables in one place: what is given
 * is as long as was asked for, or the image is refused with `image/overlap`.
 */
export class TableCache {
  readonly #source: ByteSource;
  readonly #ceilingBytes: number;
  readonly #parts = new Map<number, DataView>();
  readonly #loading = new Map<number, Promise<DataView>>();
  #bytes = 0;
  #lastOffset = -1;
  #last: DataView | undefined;

  constructor(source: ByteSource, ceilingBytes = 8 << 20) {
    this.#source = source;
    this.#ceilingBytes = ceilingBytes;
  }

  /** What is held now; never more than the ceiling and one part. */
  get heldBytes(): number {
    return this.#bytes;
  }

  /** The part of `length` bytes at `offset` if it is held. */
  get(offset: number, length: number): DataView | undefined {
    // Reads run through one table for long, so the map is only reordered when the part changes.
    if (offset === this.#lastOffset) return this.#checked(this.#last, offset, length);
    const part = this.#checked(this.#parts.get(offset), offset, length);
    if (part === undefined) return undefined;
    this.#parts.delete(offset);
    this.#parts.set(offset, part);
    this.#remember(offset, part);
    return part;
  }

  /** Reads the part if it is not held. `admit` sees it first and may throw: then it is not kept. */
  async load(
    offset: number,
    length: number,
    what: string,
    admit: (part: DataView) => void,
  ): Promise<DataView> {
    const held = this.get(offset, length);
    if (held !== undefined) return held;
    let loading = this.#loading.get(offset);
    if (loading === undefined) {
      loading = this.#read(offset, length, what, admit).finally(() => this.#loading.delete(offset));
      this.#loading.set(offset, loading);
    }
    return this.#checked(await loading, offset, length);
  }

  #checked<Part extends DataView | undefined>(part: Part, offset: number, length: number): Part {
    if (part === undefined || part.byteLength === length) return part;
    const detail = `tables of ${part.byteLength} and ${length} bytes at ${offset}`;
    throw imageError(this.#source, 'image/overlap', {}, detail);
  }

  async #read(
    offset: number,
    length: number,
    what: string,
    admit: (part: DataView) => void,
  ): Promise<DataView> {
    checkInFile(this.#source, offset, length, what);
    const part = viewOf(await this.#source.read(offset, length));
    admit(part);
    this.#parts.set(offset, part);
    this.#bytes += length;
    this.#remember(offset, part);
    for (const [oldest, { byteLength }] of this.#parts) {
      if (this.#bytes <= this.#ceilingBytes || oldest === offset) break;
      this.#parts.delete(oldest);
      this.#bytes -= byteLength;
    }
    return part;
  }

  #remember(offset: number, part: DataView): void {
    this.#lastOffset = offset;
    this.#last = part;
  }
}
