/** Where the bytes of a file go, one after another; in the end it is closed or aborted, once. */
export interface SaveSink {
  readonly way: 'file' | 'download' | 'memory';
  /** Aborted, with the error as its reason, when the place itself wants no more: the visitor cancelled the download. */
  readonly lost: AbortSignal;
  /** Resolves when there is room for more, which is what bounds the memory. The bytes are given away. */
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** The file is whole, and appears under its name. */
  close(): Promise<void>;
  /** The file never will be whole: nothing is left of it, or nothing that looks whole. */
  abort(): Promise<void>;
}
