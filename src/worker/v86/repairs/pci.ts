import type { Cpu } from '../internals.ts';

/**
 * Writes to the configuration space of a function that is not there are lost, as on a real bus. Upstream
 * (`src/pci.js`, pci_write8 and pci_write16) looks up the space's buffer before it asks whether there is one
 * and throws a TypeError out of the processor's loop: the machine dies.
 */
export function applyPciRepair(cpu: Cpu): void {
  const { pci } = cpu.devices;
  const exists = (address: number) => pci.device_spaces[(address >> 8) & 0xffff] !== undefined;
  const write8 = pci.pci_write8.bind(pci);
  const write16 = pci.pci_write16.bind(pci);
  pci.pci_write8 = (address, value) => {
    if (exists(address)) write8(address, value);
  };
  pci.pci_write16 = (address, value) => {
    if (exists(address)) write16(address, value);
  };
}
