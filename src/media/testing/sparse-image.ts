import { open } from 'node:fs/promises';
import { checkRange, type ByteSource } from '../../bytes/byte-source.ts';

/** A large file of which only some pieces hold anything; the rest reads as zeros. Later pieces cover earlier ones. */
export class SparseImage implements ByteSource {
  readonly name: string;
  sizeBytes: number;
  readonly #pieces: { at: number; bytes: Uint8Array }[] = [];
  /** Ranges that were asked for: what a medium would have had to deliver. */
  readonly asked: { offset: number; length: number }[] = [];

  constructor(sizeBytes: number, name = 'sparse.iso') {
    this.sizeBytes = sizeBytes;
    this.name = name;
  }

  put(at: number, bytes: Uint8Array): this {
    if (at + bytes.length > this.sizeBytes) throw new RangeError(`${bytes.length} bytes at ${at}`);
    this.#pieces.push({ at, bytes });
    return this;
  }

  /** All pieces of another image, from `at` on. */
  putImage(at: number, image: SparseImage): this {
    for (const piece of image.#pieces) this.put(at + piece.at, piece.bytes);
    return this;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    checkRange(this, offset, length);
    this.asked.push({ offset, length });
    return this.bytes(offset, length);
  }

  bytes(offset = 0, length = this.sizeBytes - offset): Uint8Array<ArrayBuffer> {
    const out = new Uint8Array(length);
    for (const { at, bytes } of this.#pieces) {
      const from = Math.max(at, offset);
      const to = Math.min(at + bytes.length, offset + length);
      if (from < to) out.set(bytes.subarray(from - at, to - at), from - offset);
    }
    return out;
  }

  /** The image as a file with real holes. */
  async writeTo(path: string): Promise<void> {
    const file = await open(path, 'w');
    try {
      await file.truncate(this.sizeBytes);
      for (const { at, bytes } of this.#pieces) await file.write(bytes, 0, bytes.length, at);
    } finally {
      await file.close();
    }
  }
}
