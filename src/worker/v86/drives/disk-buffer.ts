/**
 * What v86 takes for the medium of a drive (upstream `src/buffer.js`): any object with these members.
 * Offsets and lengths are multiples of 256 bytes. `get` and `set` answer through their callback, at once or
 * later; there is no way to answer "failed" (repairs/ide.ts adds one).
 */
export interface DiskBuffer {
  byteLength: number;
  onload: ((event: object) => void) | undefined;
  load(): void;
  get(start: number, length: number, done: (bytes: Uint8Array) => void): void;
  set(start: number, bytes: Uint8Array, done: () => void): void;
  /** Asked once, before the machine is built: the first sector, whose partition table says the disk's geometry. */
  get_and_cache(start: number, length: number, done: (bytes: Uint8Array) => void): void;
  /** What `get_and_cache` fetched, or undefined. */
  get_from_cache(start: number, length: number): Uint8Array | undefined;
  get_buffer(done: (buffer?: ArrayBuffer) => void): void;
  get_state(): unknown[];
  set_state(state: unknown[]): void;
}

/** The part that is the same for all our drives: a medium loads at once, and a state never holds its bytes. */
export abstract class LoadedBuffer implements DiskBuffer {
  abstract byteLength: number;
  onload: ((event: object) => void) | undefined;
  #first: { start: number; bytes: Uint8Array } | undefined;

  load(): void {
    this.onload?.({});
  }

  abstract get(start: number, length: number, done: (bytes: Uint8Array) => void): void;
  abstract set(start: number, bytes: Uint8Array, done: () => void): void;

  get_and_cache(start: number, length: number, done: (bytes: Uint8Array) => void): void {
    this.get(start, length, (bytes) => {
      this.#first = { start, bytes: bytes.slice() };
      done(bytes);
    });
  }

  get_from_cache(start: number, length: number): Uint8Array | undefined {
    const first = this.#first;
    return first && first.start === start && first.bytes.length === length ? first.bytes : undefined;
  }

  get_buffer(done: (buffer?: ArrayBuffer) => void): void {
    done(undefined);
  }

  get_state(): unknown[] {
    return [this.byteLength];
  }

  set_state(): void {}
}
