import type { Cpu } from '../internals.ts';
import { ascii } from './aml.ts';

/**
 * The host bridge's first register of the shadow memory (82441FX data sheet, PAM0 at 59h). The firmware makes the BIOS's
 * segment writable while it starts; when it write-protects it, its own start is over and the next is the boot sector
 * (SeaBIOS 1.12.1, `src/fw/shadow.c`, make_bios_readonly).
 */
const PAM0 = 0x59;
const BIOS_READ_ONLY = 0x10;
const HOST_BRIDGE = 0;

const SEGMENT_START = 0xf0000;
const SEGMENT_END = 0x100000;
const MP_POINTER = ascii('_MP_');
const PCI_ROUTING = ascii('$PIR');

/**
 * Puts right what the firmware left in its segment before anything is booted. It always makes an MP table, also for a PC
 * without APICs, where a system that believes it waits for interrupts for ever; and it leaves the template of its table of
 * PCI interrupts beside the table, where a system finds two.
 */
export function putRightAfterPost(cpu: Cpu, options: { apic: boolean }): void {
  const { pci } = cpu.devices;
  const pam0 = () => new Uint8Array(pci.device_spaces[HOST_BRIDGE]!.buffer)[PAM0];
  const watched =
    (write: (address: number, value: number) => void) =>
    (address: number, value: number): void => {
      const before = pam0();
      write(address, value);
      if (before !== BIOS_READ_ONLY && pam0() === BIOS_READ_ONLY) putRight(cpu, options.apic);
    };
  // A register can be written at every width.
  pci.pci_write8 = watched(pci.pci_write8.bind(pci));
  pci.pci_write16 = watched(pci.pci_write16.bind(pci));
  pci.pci_write32 = watched(pci.pci_write32.bind(pci));
}

function putRight(cpu: Cpu, apic: boolean): void {
  for (const at of anchorsIn(cpu.mem8, PCI_ROUTING)) if (isTemplate(cpu, at)) erase(cpu, at);
  if (!apic) for (const at of anchorsIn(cpu.mem8, MP_POINTER)) erase(cpu, at);
}

/** The slots of the table are in the image of the firmware, at this very place: it is what the table was copied from. */
function isTemplate(cpu: Cpu, at: number): boolean {
  const HEADER_BYTES = 32;
  const rom = new Uint8Array(cpu.bios.main!);
  const slots = cpu.mem8.subarray(at + HEADER_BYTES, at + cpu.read16(at + 6));
  const inRom = rom.length - (SEGMENT_END - at) + HEADER_BYTES;
  return slots.every((byte, i) => rom[inRom + i] === byte);
}

function erase(cpu: Cpu, at: number): void {
  cpu.mem8.fill(0, at, at + 4);
}

/** Where a system looks for it: at the paragraphs of the BIOS's segment. */
function anchorsIn(memory: Uint8Array, anchor: readonly number[]): number[] {
  const found: number[] = [];
  for (let at = SEGMENT_START; at < SEGMENT_END; at += 16)
    if (anchor.every((byte, i) => memory[at + i] === byte)) found.push(at);
  return found;
}
