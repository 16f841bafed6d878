import { LoadedBuffer } from './disk-buffer.ts';

/** A floppy in the drive: small, so it is held in memory whole; what the guest writes stays there. */
export class FloppyBuffer extends LoadedBuffer {
  readonly byteLength: number;
  /** v86 reads this member directly when the guest's floppy is asked for (upstream `src/floppy.js`). */
  readonly buffer: ArrayBuffer;
  readonly #bytes: Uint8Array;
  readonly #onRead: (bytes: number) => void;
  readonly #onWrite: (bytes: number) => void;

  constructor(
    bytes: Uint8Array<ArrayBuffer>,
    onRead: (bytes: number) => void,
    onWrite: (bytes: number) => void,
  ) {
    super();
    this.#bytes = bytes;
    this.buffer = bytes.buffer;
    this.byteLength = bytes.byteLength;
    this.#onRead = onRead;
    this.#onWrite = onWrite;
  }

  get(start: number, length: number, done: (bytes: Uint8Array) => void): void {
    this.#onRead(length);
    done(this.#bytes.slice(start, start + length));
  }

  set(start: number, bytes: Uint8Array, done: () => void): void {
    this.#onWrite(bytes.byteLength);
    this.#bytes.set(bytes, start);
    done();
  }

  override get_buffer(done: (buffer?: ArrayBuffer) => void): void {
    done(this.buffer);
  }
}
