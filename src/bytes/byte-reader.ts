import { VitrineError } from '../lib/errors.ts';

/**
 * A checked cursor over bytes in memory: every read is inside, or it throws `bytes/out-of-range` and moves
 * nothing. Little-endian unless the name ends in `Be`. `name` is what the message calls the thing read.
 */
export class ByteReader {
  readonly name: string;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #position = 0;

  constructor(bytes: Uint8Array, name = 'data') {
    this.name = name;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get position(): number {
    return this.#position;
  }

  get length(): number {
    return this.#bytes.byteLength;
  }

  get remaining(): number {
    return this.length - this.#position;
  }

  /** Moves the cursor to an absolute offset, the end included; chains: `reader.at(188).u32()`. */
  at(offset: number): this {
    if (!Number.isSafeInteger(offset) || offset < 0 || offset > this.length) throw this.#outside(offset, 0);
    this.#position = offset;
    return this;
  }

  skip(count: number): this {
    return this.at(this.#position + count);
  }

  u8(): number {
    return this.#bytes[this.#take(1)];
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  u16Be(): number {
    return this.#view.getUint16(this.#take(2), false);
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  u32Be(): number {
    return this.#view.getUint32(this.#take(4), false);
  }

  u64(): bigint {
    return this.#view.getBigUint64(this.#take(8), true);
  }

  u64Be(): bigint {
    return this.#view.getBigUint64(this.#take(8), false);
  }

  /** A 64-bit size or offset as a number; `bytes/too-large` above 2^53 - 1, which no real file reaches. */
  size(): number {
    return this.#asSize(this.u64());
  }

  sizeBe(): number {
    return this.#asSize(this.u64Be());
  }

  /** The next `count` bytes as a view of the same memory, not a copy. */
  bytes(count: number): Uint8Array {
    const start = this.#take(count);
    return this.#bytes.subarray(start, start + count);
  }

  /** The next `count` bytes as text, one character for each byte (ISO 8859-1); nothing is trimmed. */
  latin1(count: number): string {
    let text = '';
    for (const byte of this.bytes(count)) text += String.fromCharCode(byte);
    return text;
  }

  /** Whether the bytes at the cursor spell `ascii`; false too where fewer are left. Moves nothing. */
  startsWith(ascii: string): boolean {
    if (this.remaining < ascii.length) return false;
    for (let i = 0; i < ascii.length; i++) {
      if (this.#bytes[this.#position + i] !== ascii.charCodeAt(i)) return false;
    }
    return true;
  }

  #take(count: number): number {
    const start = this.#position;
    if (!Number.isSafeInteger(count) || count < 0 || start + count > this.length)
      throw this.#outside(start, count);
    this.#position = start + count;
    return start;
  }

  #asSize(value: bigint): number {
    if (value <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(value);
    throw new VitrineError('bytes/too-large', { name: this.name }, { detail: `size or offset ${value}` });
  }

  #outside(offset: number, count: number): VitrineError {
    const detail = `read of ${count} bytes at ${offset} in ${this.length} bytes`;
    return new VitrineError('bytes/out-of-range', { name: this.name }, { detail });
  }
}
