/**
 * A disk as a guest's drive controller sees it: bytes at random access, writes with back-pressure, and a flush.
 *
 * - Offsets and lengths are multiples of 256 bytes (v86 asks in those) and inside `sizeBytes`.
 * - Reads see every write that was called before them, durable or not.
 * - `write` takes ownership of `bytes`; its promise resolves when the device can take more (back-pressure),
 *   which says nothing about durability.
 * - `flush` resolves when every write that was called before it is durable.
 * - A failure rejects; it never becomes zeros. After a failed commit nothing later is made durable.
 */
export interface BlockDevice {
  readonly sizeBytes: number;
  /** The bytes if they can be had without waiting, else null: the fast path for a read. */
  readCached(offsetBytes: number, lengthBytes: number): Uint8Array | null;
  read(offsetBytes: number, lengthBytes: number): Promise<Uint8Array>;
  write(offsetBytes: number, bytes: Uint8Array): Promise<void>;
  flush(): Promise<void>;
  close(): Promise<void>;
}
