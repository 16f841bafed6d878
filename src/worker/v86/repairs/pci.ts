import type { Cpu, PciDevice } from '../internals.ts';
import { applyPciHeader } from './pci-header.ts';

/** A base address register that moves no ports. */
const NO_BAR = { size: 0, entries: [], original_bar: 0 };

/**
 * Without the enable bit 31 in CF8 there is no configuration cycle (PCI 2.1 §3.7.4.1): a read finds ones and a write is lost. Upstream
 * (`src/pci.js`, pci_query) does not look at the bit.
 *
 * Writes to the configuration space of a function that is not there are lost, as on a real bus. Upstream
 * (`src/pci.js`, pci_write8 and pci_write16) looks up the space's buffer before it asks whether there is one
 * and throws a TypeError out of the processor's loop: the machine dies.
 *
 * A state can be restored where a function has gaps in its base address registers, as the disk controller of a
 * machine without a hard disk has. Upstream (`src/pci.js`, set_state) reads through the gap and throws.
 */
export function applyPciRepair(cpu: Cpu): void {
  const { pci } = cpu.devices;
  closeNativeMode(pci);
  applyPciHeader(pci);
  // Bit 31 is the sign.
  const exists = (address: number) => address < 0 && pci.device_spaces[(address >> 8) & 0xffff] !== undefined;
  const query = pci.pci_query.bind(pci);
  pci.pci_query = () => {
    query();
    if (pci.pci_addr32[0] >= 0) pci.pci_response32[0] = -1;
  };
  const write8 = pci.pci_write8.bind(pci);
  const write16 = pci.pci_write16.bind(pci);
  const write32 = pci.pci_write32.bind(pci);
  pci.pci_write32 = (address, value) => {
    if (exists(address)) write32(address, value);
  };
  pci.pci_write8 = (address, value) => {
    if (exists(address)) write8(address, value);
  };
  pci.pci_write16 = (address, value) => {
    if (exists(address)) write16(address, value);
  };
  const setState = pci.set_state.bind(pci);
  pci.set_state = (state) => {
    const filled: (typeof NO_BAR | undefined)[][] = [];
    for (const device of pci.devices) {
      const bars = device?.pci_bars as (typeof NO_BAR | undefined)[] | undefined;
      if (!bars?.includes(undefined)) continue;
      filled.push(bars);
      for (let i = 0; i < bars.length; i++) bars[i] ??= NO_BAR;
    }
    try {
      setState(state);
    } finally {
      for (const bars of filled) {
        for (let i = 0; i < bars.length; i++) if (bars[i] === NO_BAR) bars[i] = undefined;
      }
    }
  };
}

/** Vendor and device of the disk controller, in the order of their bytes; it has four address registers too many. */
const DISK_CONTROLLER = 0x70108086;
const NATIVE_BARS = 4;
/** Dwords of the configuration space. */
const FIRST_BAR = 0x10 >> 2;
const INTERRUPT = 0x3c >> 2;

/**
 * A PIIX's disk controller is in compatibility mode for ever: its channels are at 1F0h and 170h with IRQ 14 and 15, and its
 * one address register is that of the bus master; the four of native mode and the interrupt pin read zero (82371SB data
 * sheet, 2.3; PCI IDE Controller Specification 1.0). Upstream (`src/ide.js`) has them, and a system that believes them
 * routes an interrupt that never comes.
 */
function closeNativeMode(pci: PciDevice): void {
  const address = pci.device_spaces.findIndex((space) => space?.[0] === DISK_CONTROLLER);
  const space = pci.device_spaces[address];
  const bars = pci.devices[address]?.pci_bars;
  if (!space || !bars) return;
  bars.fill(undefined, 0, NATIVE_BARS);
  space.fill(0, FIRST_BAR, FIRST_BAR + NATIVE_BARS);
  space[INTERRUPT] = 0;
}
