import { VitrineError } from '../lib/errors.ts';

/**
 * Read-only bytes at random access, from anywhere: a file, memory, a part of another source.
 * `read` gives exactly `length` bytes or rejects with `bytes/out-of-range` (outside the source) or
 * `bytes/unreadable` (the medium failed); it never gives fewer and never invents zeros.
 * The returned array belongs to the caller.
 */
export interface ByteSource {
  /** For messages: what the visitor calls this thing, usually a file name. */
  readonly name: string;
  readonly sizeBytes: number;
  read(offsetBytes: number, lengthBytes: number): Promise<Uint8Array>;
}

/** Rejects a range that is not wholly inside `source`, fractions and NaN included. */
export function checkRange(
  source: { name: string; sizeBytes: number },
  offset: number,
  length: number,
): void {
  const inside =
    Number.isSafeInteger(offset) &&
    Number.isSafeInteger(length) &&
    offset >= 0 &&
    length >= 0 &&
    offset + length <= source.sizeBytes;
  if (!inside) {
    throw new VitrineError(
      'bytes/out-of-range',
      { name: source.name },
      { detail: `read of ${length} bytes at ${offset} in ${source.sizeBytes} bytes` },
    );
  }
}

/** Bytes in memory. Reads are copies. */
export class MemorySource implements ByteSource {
  readonly name: string;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array, name = 'memory') {
    this.name = name;
    this.#bytes = bytes;
  }

  get sizeBytes(): number {
    return this.#bytes.byteLength;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    checkRange(this, offset, length);
    return this.#bytes.slice(offset, offset + length);
  }
}

/** A Blob or File, read in place: only the asked-for range is ever loaded. */
export class BlobSource implements ByteSource {
  readonly name: string;
  readonly #blob: Blob;

  constructor(blob: Blob, name?: string) {
    this.#blob = blob;
    this.name = name ?? ('name' in blob && typeof blob.name === 'string' ? blob.name : 'file');
  }

  get sizeBytes(): number {
    return this.#blob.size;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    checkRange(this, offset, length);
    try {
      return new Uint8Array(await this.#blob.slice(offset, offset + length).arrayBuffer());
    } catch (cause) {
      throw new VitrineError('bytes/unreadable', { name: this.name }, { cause });
    }
  }
}

/** A window on another source: a file inside a file system inside a disc image. */
export function sliceSource(
  source: ByteSource,
  offset: number,
  length: number,
  name = source.name,
): ByteSource {
  checkRange(source, offset, length);
  return {
    name,
    sizeBytes: length,
    async read(at, count) {
      checkRange(this, at, count);
      return source.read(offset + at, count);
    },
  };
}
