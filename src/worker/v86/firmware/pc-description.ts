import type { Cpu } from '../internals.ts';

/** A function on the PCI bus: device and function number. */
export interface PciPlace {
  readonly device: number;
  readonly function: number;
}

/**
 * What the tables of the firmware are made from: where the devices of this machine are, read from the devices
 * themselves, so that the tables cannot tell of others.
 */
export interface PcDescription {
  readonly memoryBytes: number;
  /** Whether there are a local APIC and an I/O APIC; the 8259s are there in any case. */
  readonly apic: boolean;
  readonly isaBridge: PciPlace;
  /** null without ACPI. */
  readonly powerManagement: PciPlace | null;
  /** COM1 to COM4: the lines that have a chip. */
  readonly serialPorts: readonly { readonly port: number; readonly irq: number }[];
  readonly parallelPorts: readonly { readonly port: number; readonly irq: number }[];
  /** Which machine this is: a PC tells it to its system as a UUID. */
  readonly machineId: string;
}

/** Vendor and device of the functions that the tables name, in the order of their bytes. */
const ISA_BRIDGE = 0x70008086;
const POWER_MANAGEMENT = 0x71138086;

const SERIAL_PORTS = [
  { port: 0x3f8, irq: 4 },
  { port: 0x2f8, irq: 3 },
];
const PARALLEL_PORTS = [{ port: 0x378, irq: 7 }];

/** Looks at the machine as it was built. Throws where its ISA bridge is not on the bus: then nothing is where it was. */
export function describePc(cpu: Cpu, options: { apic: boolean; machineId: string }): PcDescription {
  return {
    ...options,
    memoryBytes: cpu.memory_size[0],
    isaBridge: placeOf(cpu, ISA_BRIDGE) ?? missing('ISA bridge'),
    powerManagement: placeOf(cpu, POWER_MANAGEMENT),
    serialPorts: SERIAL_PORTS.filter(({ port }) => answers(cpu, port)),
    parallelPorts: PARALLEL_PORTS.filter(({ port }) => answers(cpu, port)),
  };
}

function placeOf(cpu: Cpu, id: number): PciPlace | null {
  const spaces = cpu.devices.pci.device_spaces;
  const address = spaces.findIndex((space) => space?.[0] === id);
  return address < 0 ? null : { device: address >> 3, function: address & 7 };
}

function missing(what: string): never {
  throw new Error(
    `There is no ${what} on the PCI bus: the engine's devices are not the ones that are known.`,
  );
}

/** Upstream gives a port nobody registered a handler whose device is undefined (`src/io.js`, create_empty_entry). */
const answers = (cpu: Cpu, port: number): boolean => cpu.io.ports[port]?.device !== undefined;
