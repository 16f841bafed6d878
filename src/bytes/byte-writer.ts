/**
 * A cursor that fills bytes of a fixed length, the counterpart of `ByteReader`. Writing past the end throws
 * `RangeError`: what is written is ours, so that is a bug here. Little-endian unless the name ends in `Be`.
 */
export class ByteWriter {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;
  #position = 0;

  constructor(length: number) {
    this.bytes = new Uint8Array(length);
    this.#view = new DataView(this.bytes.buffer);
  }

  get position(): number {
    return this.#position;
  }

  at(offset: number): this {
    if (!Number.isInteger(offset) || offset < 0 || offset > this.bytes.length) {
      throw new RangeError(`offset ${offset} of ${this.bytes.length}`);
    }
    this.#position = offset;
    return this;
  }

  u8(value: number): this {
    this.#view.setUint8(this.#advance(1), value);
    return this;
  }

  u16(value: number): this {
    this.#view.setUint16(this.#advance(2), value, true);
    return this;
  }

  u16Be(value: number): this {
    this.#view.setUint16(this.#advance(2), value, false);
    return this;
  }

  u32(value: number): this {
    this.#view.setUint32(this.#advance(4), value, true);
    return this;
  }

  u32Be(value: number): this {
    this.#view.setUint32(this.#advance(4), value, false);
    return this;
  }

  u64(value: number | bigint): this {
    this.#view.setBigUint64(this.#advance(8), BigInt(value), true);
    return this;
  }

  /** The value in both byte orders, as ISO 9660 has its numbers (ECMA-119 §7.2.3). */
  u16Both(value: number): this {
    return this.u16(value).u16Be(value);
  }

  /** ECMA-119 §7.3.3. */
  u32Both(value: number): this {
    return this.u32(value).u32Be(value);
  }

  put(bytes: Uint8Array): this {
    const start = this.#advance(bytes.length);
    this.bytes.set(bytes, start);
    return this;
  }

  /** Text of one byte a character, filled up to `length` with `fill`. Longer text is a bug of the caller. */
  ascii(text: string, length = text.length, fill = 0): this {
    if (text.length > length) throw new RangeError(`“${text}” is longer than ${length}`);
    const start = this.#advance(length);
    this.bytes.fill(fill, start, start + length);
    for (let i = 0; i < text.length; i++) this.bytes[start + i] = text.charCodeAt(i);
    return this;
  }

  #advance(count: number): number {
    const start = this.#position;
    if (start + count > this.bytes.length) {
      throw new RangeError(`${count} bytes at ${start} of ${this.bytes.length}`);
    }
    this.#position = start + count;
    return start;
  }
}
