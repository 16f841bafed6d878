import type { Cpu } from '../internals.ts';

const ENTRY_BYTES = 8;
const END_OF_TABLE = 0x8000;
/** A table may not cross a boundary of 64 KiB, so that it is never longer (Bus Master IDE 1.0 §1.2). */
const LONGEST_TABLE_BYTES = 0x1_0000;

/** A piece of memory that takes part in a transfer. */
export interface MemoryRegion {
  readonly address: number;
  readonly lengthBytes: number;
  /** Of its first byte among the transfer's. */
  readonly offsetBytes: number;
}

export interface PrdTable {
  readonly regions: readonly MemoryRegion[];
  /** Neither the transfer's last byte nor an end of table came within the longest table there can be. */
  readonly endless: boolean;
}

/**
 * The physical region descriptors (Bus Master IDE 1.0 §1.2) that a transfer of so many bytes uses; a table may describe more, or less. A
 * count of zero is 64 KiB, and bit 0 of address and count is not there.
 */
export function readPrdTable(cpu: Cpu, tableAddress: number, lengthBytes: number): PrdTable {
  const regions: MemoryRegion[] = [];
  let offsetBytes = 0;
  for (let at = 0; at < LONGEST_TABLE_BYTES; at += ENTRY_BYTES) {
    const entry = (tableAddress & ~3) + at;
    const count = cpu.read16(entry + 4) & 0xfffe || 0x1_0000;
    const address = (cpu.read32s(entry) & ~1) >>> 0;
    const length = Math.min(count, lengthBytes - offsetBytes);
    regions.push({ address, lengthBytes: length, offsetBytes });
    offsetBytes += length;
    const last = (cpu.read16(entry + 6) & END_OF_TABLE) !== 0;
    if (last || offsetBytes >= lengthBytes) return { regions, endless: false };
  }
  return { regions, endless: true };
}
