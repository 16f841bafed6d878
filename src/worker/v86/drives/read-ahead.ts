/** Reads exactly `lengthBytes` bytes at once, or throws. */
export type ReadSync = (offsetBytes: number, lengthBytes: number) => Uint8Array;

/** One window of the source that is kept in memory. */
interface Window {
  start: number;
  bytes: Uint8Array;
}

const SMALLEST_WINDOW = 64 * 1024;
const LARGEST_WINDOW = 1024 * 1024;

/**
 * A small cache before a synchronous reader. A read that goes on where the last one ended doubles the window
 * that is fetched, up to 1 MiB; a jump starts again at 64 KiB. Windows are dropped oldest first above
 * `ceilingBytes`. A file read costs about a millisecond in a browser whatever its size, so a guest that reads
 * a disc in 2 KiB sectors would otherwise wait for most of its time.
 */
export class ReadAhead {
  readonly #read: ReadSync;
  readonly #sizeBytes: number;
  readonly #ceilingBytes: number;
  /** Least recently used first. */
  #windows: Window[] = [];
  #heldBytes = 0;
  #windowBytes = SMALLEST_WINDOW;
  #nextOffset = -1;

  constructor(read: ReadSync, sizeBytes: number, ceilingBytes = 16 * 1024 * 1024) {
    this.#read = read;
    this.#sizeBytes = sizeBytes;
    this.#ceilingBytes = ceilingBytes;
  }

  /**
   * The bytes of [offset, offset + length), at most to the end of the source: the caller knows the size.
   * The array may be a view of the cache: not to be written to.
   */
  read(offset: number, length: number): Uint8Array {
    const end = Math.min(offset + length, this.#sizeBytes);
    if (offset >= end) return new Uint8Array(0);
    const held = this.#find(offset, end);
    const sequential = offset === this.#nextOffset;
    this.#nextOffset = end;
    if (held) return held.bytes.subarray(offset - held.start, end - held.start);

    this.#windowBytes = sequential ? Math.min(this.#windowBytes * 2, LARGEST_WINDOW) : SMALLEST_WINDOW;
    const wanted = Math.max(this.#windowBytes, end - offset);
    const bytes = this.#read(offset, Math.min(wanted, this.#sizeBytes - offset));
    this.#keep({ start: offset, bytes });
    return bytes.subarray(0, end - offset);
  }

  #find(offset: number, end: number): Window | null {
    const at = this.#windows.findLastIndex((w) => w.start <= offset && end <= w.start + w.bytes.byteLength);
    if (at < 0) return null;
    const [window] = this.#windows.splice(at, 1);
    this.#windows.push(window);
    return window;
  }

  #keep(window: Window): void {
    this.#windows.push(window);
    this.#heldBytes += window.bytes.byteLength;
    while (this.#heldBytes > this.#ceilingBytes && this.#windows.length > 1) {
      this.#heldBytes -= this.#windows.shift()!.bytes.byteLength;
    }
  }
}
