/**
 * What the PC is, for a system that asks its firmware: the ACPI namespace with the PCI bus, how its interrupts are
 * routed, the devices behind the ISA bridge, and the one sleep state that is the power switch (ACPI 2.0).
 */
import {
  argument,
  byteFields,
  call,
  device,
  dwordFieldOf,
  eisaId,
  integer,
  less,
  method,
  name,
  named,
  operationRegion,
  or,
  packageOf,
  processor,
  returns,
  scope,
  store,
  when,
  type Term,
} from './aml.ts';
import type { PcDescription, PciPlace } from './pc-description.ts';
import {
  busNumbers,
  dma,
  INTERRUPT_NUMBER_OFFSET,
  interrupts,
  irq,
  memoryWindow,
  ports,
  portWindow,
  resources,
} from './resources.ts';

/** Where the firmware puts the power management block when it is given tables (`../repairs/acpi.ts`). */
export const PM_BLOCK = 0x600;
export const SCI_IRQ = 9;
/** There are no idle states but C1, so that there are no registers for them (ACPI 2.0, 8.1). */
const NO_PROCESSOR_BLOCK = [0, 0] as const;

/** Ports that a device has and no other device of these tables names: a system must not give them away. */
const RESERVED_PORTS: readonly (readonly [first: number, count: number])[] = [
  [0x92, 1], // fast A20 gate and reset
  [0xb2, 2], // SMI command
  [0x220, 16], // sound card: digital sound and mixer
  [0x330, 2], // sound card: MIDI
  [0x388, 4], // sound card: FM synthesis
  [0x4d0, 2], // edge or level of the 8259s' lines
  [0x510, 2], // the firmware's own settings
  [0xae00, 16], // hot-plug registers of older tables
  [0xaf00, 32],
  [0xafe0, 4], // general-purpose events
  [PM_BLOCK, 64],
  [PM_BLOCK + 0x100, 16], // SMBus
];

/** Memory below here is RAM or could be; PCI's windows end where the I/O APIC begins. */
const PCI_MEMORY_FIRST = 0x80000000;
const PCI_MEMORY_LAST = 0xfebfffff;

export function dsdtBody(pc: PcDescription): Term {
  return [
    // SLP_TYP 0 is off, for both halves of PM1.
    ...named('\\_S5', packageOf(integer(0), integer(0), integer(0), integer(0))),
    ...scope('\\_PR', processor('CPU0', 0, ...NO_PROCESSOR_BLOCK)),
    ...scope('\\_SB', device('PCI0', ...pciBus(pc)), ...links()),
  ];
}

const address = ({ device: number, function: part }: PciPlace): Term =>
  integer(((number << 16) | part) >>> 0);
const hardwareId = (id: string): Term => named('_HID', eisaId(id));
const uses = (...descriptors: Term[]): Term => named('_CRS', resources(...descriptors));

function pciBus(pc: PcDescription): Term[] {
  return [
    hardwareId('PNP0A03'),
    named('_UID', integer(1)),
    uses(
      busNumbers(0, 0xff),
      ports(0xcf8, 8),
      portWindow(0, 0xcf7),
      portWindow(0xd00, 0xffff),
      memoryWindow(0xa0000, 0xbffff, true),
      memoryWindow(PCI_MEMORY_FIRST, PCI_MEMORY_LAST, false),
    ),
    named('_PRT', routing(pc)),
    device('ISA', named('_ADR', address(pc.isaBridge)), ...isaBridge(pc)),
  ];
}

/**
 * The four pins of each device on the bus and the link each is wired to, one further for each device, as upstream
 * wires them (`src/pci.js`, raise_irq). Power management has a wire of its own to the SCI's line. The two bridges have no
 * pins, and without them ACPICA's own interpreter (acpiexec) has room for the whole.
 */
function routing({ isaBridge: { device: bridge }, powerManagement }: PcDescription): Term {
  const rows: Term[] = [];
  for (let number = 0; number < 32; number++) {
    if (number === HOST_BRIDGE || number === bridge) continue;
    for (let pin = 0; pin < 4; pin++) {
      const link =
        number === powerManagement?.device && pin === 0
          ? 'LNKS'
          : LINKS[(pin + number + 3) % LINKS.length].link;
      rows.push(
        packageOf(integer(((number << 16) | 0xffff) >>> 0), integer(pin), name(`\\_SB_.${link}`), integer(0)),
      );
    }
  }
  return packageOf(...rows);
}

/** The first device of the bus. */
const HOST_BRIDGE = 0;

const LINKS = [
  { link: 'LNKA', register: 'PRQ0' },
  { link: 'LNKB', register: 'PRQ1' },
  { link: 'LNKC', register: 'PRQ2' },
  { link: 'LNKD', register: 'PRQ3' },
] as const;

/** Of a PIRQ register: the line is not connected (82371AB data sheet, 60h to 63h). */
const PIRQ_OFF = 0x80;

/** The bridge's registers for the four PCI interrupts, and what is on the ISA bus. */
function isaBridge(pc: PcDescription): Term[] {
  return [
    operationRegion('PIRQ', 'pciConfig', 0x60, 4),
    byteFields('PIRQ', ...LINKS.map(({ register }) => register)),
    device('RTC', hardwareId('PNP0B00'), uses(ports(0x70, 8), irq(8))),
    device('KBD', hardwareId('PNP0303'), uses(ports(0x60, 1), ports(0x64, 1), irq(1))),
    device('MOU', hardwareId('PNP0F13'), uses(irq(12))),
    device('FDC0', hardwareId('PNP0700'), uses(ports(0x3f2, 4), ports(0x3f7, 1), irq(6), dma(2))),
    ...pc.parallelPorts.map(({ port, irq: line }, index) =>
      device(
        `LPT${index + 1}`,
        hardwareId('PNP0400'),
        named('_UID', integer(index + 1)),
        uses(ports(port, 8), irq(line)),
      ),
    ),
    ...pc.serialPorts.map(({ port, irq: line }, index) =>
      device(
        `COM${index + 1}`,
        hardwareId('PNP0501'),
        named('_UID', integer(index + 1)),
        uses(ports(port, 8), irq(line)),
      ),
    ),
    device(
      'MRES',
      hardwareId('PNP0C02'),
      uses(...RESERVED_PORTS.map(([first, count]) => ports(first, count))),
    ),
  ];
}

/** The PCI interrupt links: which line each is on, and how a system moves it. */
function links(): Term[] {
  const chooses = named('_PRS', resources(interrupts(5, 10, 11)));
  return [
    method(
      'IQST', // of a PIRQ register: present and working (0Bh with its resources decoded), or present and off
      { arguments: 1 },
      when(less(argument(0), integer(PIRQ_OFF)), returns(integer(0x0b))),
      returns(integer(0x09)),
    ),
    method(
      'IQCR', // of a PIRQ register: the resource it stands for
      { arguments: 1, serialized: true },
      named('PRRI', resources(interrupts(0))),
      dwordFieldOf(name('PRRI'), INTERRUPT_NUMBER_OFFSET, 'PRRN'),
      when(less(argument(0), integer(PIRQ_OFF)), store(argument(0), name('PRRN'))),
      returns(name('PRRI')),
    ),
    ...LINKS.map(({ link, register }, index) => {
      const at = name(`\\_SB_.PCI0.ISA_.${register}`);
      return device(
        link,
        hardwareId('PNP0C0F'),
        named('_UID', integer(index + 1)),
        chooses,
        method('_STA', {}, returns(call('IQST', at))),
        method('_DIS', {}, or(at, integer(PIRQ_OFF), at)),
        method('_CRS', {}, returns(call('IQCR', at))),
        method(
          '_SRS',
          { arguments: 1, serialized: true },
          dwordFieldOf(argument(0), INTERRUPT_NUMBER_OFFSET, 'PRRN'),
          store(name('PRRN'), at),
        ),
      );
    }),
    device(
      'LNKS', // the SCI's line, which does not move
      hardwareId('PNP0C0F'),
      named('_UID', integer(LINKS.length + 1)),
      named('_PRS', resources(interrupts(SCI_IRQ))),
      method('_STA', {}, returns(integer(0x0b))),
      method('_DIS', {}),
      method('_CRS', {}, returns(name('_PRS'))),
      method('_SRS', { arguments: 1 }),
    ),
  ];
}
