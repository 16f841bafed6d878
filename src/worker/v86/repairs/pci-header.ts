import type { Cpu } from '../internals.ts';

type Pci = Cpu['devices']['pci'];

/** Bits that a write changes: command (ports, memory, bus master, SERR), cache line and latency, the interrupt's line. */
const WRITABLE: Readonly<Record<number, number>> = { 0x04: 0x0107, 0x0c: 0xffff, 0x3c: 0xff };
/** Of the status: what a device reports once, and a write of one clears. */
const CLEARED_BY_ONE: Readonly<Record<number, number>> = { 0x04: 0xf900_0000 };
/** Here a function's own registers begin. */
const HEADER_BYTES = 0x40;
const FIRST_BAR = 0x10;
const BARS_END = 0x28;
const ROM = 0x30;
const IO_SPACE = 1;

/**
 * The header of a function as the bus knows it (PCI 2.1 §6.1, §6.2): what says who it is cannot be written, status bits are
 * cleared by writing one, and any of the four bytes of a register can be written alone. Upstream (`src/pci.js`) stores what
 * is written in bytes and words wherever it is written, loses a dword that is written to the command, and words of an address
 * register; with a byte of one it loses the ports.
 */
export function applyPciHeader(pci: Pci): void {
  const write8 = pci.pci_write8.bind(pci);
  const write16 = pci.pci_write16.bind(pci);
  const write32 = pci.pci_write32.bind(pci);

  const isAddress = (register: number) => (register >= FIRST_BAR && register < BARS_END) || register === ROM;

  /** Whether the write was to the header, and is done. */
  const writeHeader = (address: number, value: number, bytes: number): boolean => {
    const register = address & 0xfc;
    if (register >= HEADER_BYTES) return false;
    const functionNumber = (address >> 8) & 0xffff;
    const space = pci.device_spaces[functionNumber]!;
    const shift = (address & 3) * 8;
    const enabled = (bytes === 4 ? -1 : (1 << (bytes * 8)) - 1) << shift;
    const old = space[register >> 2];
    const merged = (old & ~enabled) | ((value << shift) & enabled);
    if (isAddress(register)) {
      write32(address & ~3, aligned(pci, functionNumber, register, old, merged));
      return true;
    }
    const writable = (WRITABLE[register] ?? 0) & enabled;
    const cleared = (CLEARED_BY_ONE[register] ?? 0) & enabled & merged;
    space[register >> 2] = ((old & ~writable) | (merged & writable)) & ~cleared;
    return true;
  };

  pci.pci_write8 = (address, value) => {
    if (!writeHeader(address, value, 1)) write8(address, value);
  };
  pci.pci_write16 = (address, value) => {
    if (!writeHeader(address, value, 2)) write16(address, value);
  };
  pci.pci_write32 = (address, value) => {
    if (!writeHeader(address, value, 4)) write32(address, value);
  };
}

/** Ports begin at a multiple of how many they are: the lower bits of such a register are not there. */
function aligned(pci: Pci, functionNumber: number, register: number, old: number, value: number): number {
  const bar = pci.devices[functionNumber]?.pci_bars[(register - FIRST_BAR) >> 2] as
    { size: number } | undefined;
  const ports = register !== ROM && bar !== undefined && (old & IO_SPACE) !== 0;
  return ports ? (value & ~(bar.size - 1)) | IO_SPACE : value;
}
