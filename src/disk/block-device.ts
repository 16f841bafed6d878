/**
 * A disk as a guest's drive controller sees it: bytes at random access, writes with back-pressure, and a flush.
 *
 * - Offsets and lengths are multiples of 256 bytes (v86 asks in those) and inside `sizeBytes`; others are refused
 *   with `disk/out-of-range`.
 * - Reads see every write that was called before them, durable or not, and none that was called after. What they give is
 *   to be looked at, not written to or transferred: it may be the device's own memory.
 * - `write` has copied `bytes` when it returns; its promise resolves when the device can take more (back-pressure),
 *   which says nothing about durability.
 * - `flush` resolves when every write that was called before it is durable.
 * - Writes become durable in the order of their calls: what a crash leaves is all of them up to some point.
 * - A failure rejects; it never becomes zeros. After a failed commit nothing later is made durable.
 */
export interface BlockDevice {
  readonly sizeBytes: number;
  /** The bytes if they can be had without waiting, else null: the fast path for a read. Never a failure. */
  readCached(offsetBytes: number, lengthBytes: number): Uint8Array | null;
  read(offsetBytes: number, lengthBytes: number): Promise<Uint8Array>;
  write(offsetBytes: number, bytes: Uint8Array): Promise<void>;
  flush(): Promise<void>;
  /** Flushes, then lets go of everything. The device is not used afterwards. */
  close(): Promise<void>;
}
