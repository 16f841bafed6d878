import type { Io } from '../internals.ts';

/** Registers of a device, byte by byte; `offset` counts from the block's first port. */
export interface ByteRegisters {
  read(offset: number): number;
  write(offset: number, value: number): void;
}

/**
 * Answers every access of 1, 2 or 4 bytes that begins in a block of ports with the registers' bytes, lowest
 * first, as the chip sets of PCs do. Upstream (`src/io.js`) has one handler for each port and width: where a
 * device gave none, a read finds ones and a write is lost.
 */
export function registerPortBlock(
  io: Io,
  firstPort: number,
  lengthBytes: number,
  registers: ByteRegisters,
): void {
  const read = (offset: number, width: number) => {
    let value = 0;
    for (let i = 0; i < width; i++) {
      const byte = offset + i < lengthBytes ? registers.read(offset + i) : 0xff;
      value |= byte << (8 * i);
    }
    return width === 4 ? value | 0 : value;
  };
  const write = (offset: number, width: number, value: number) => {
    for (let i = 0; i < width && offset + i < lengthBytes; i++) {
      registers.write(offset + i, (value >>> (8 * i)) & 0xff);
    }
  };
  for (let offset = 0; offset < lengthBytes; offset++) {
    io.register_read(
      firstPort + offset,
      registers,
      () => read(offset, 1),
      () => read(offset, 2),
      () => read(offset, 4),
    );
    io.register_write(
      firstPort + offset,
      registers,
      (value) => write(offset, 1, value),
      (value) => write(offset, 2, value),
      (value) => write(offset, 4, value),
    );
  }
}
