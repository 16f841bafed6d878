/** The interrupt controllers and tables that a guest is given. */
export interface Hardware {
  readonly acpi: boolean;
  /** The APICs; false: the 8259s alone. */
  readonly apic: boolean;
}

/** One machine that a guest is to start on, ten of ten times. */
export interface GuestMachine extends Hardware {
  readonly guest: 'Linux' | 'OpenBSD';
  /** What the machine starts from. */
  readonly from: 'disc' | 'floppy' | 'disk';
  /** A hard disk: blank where the machine starts from something else. */
  readonly disk: boolean;
  /** A disc in the drive. */
  readonly disc: boolean;
}

const HARDWARE: readonly Hardware[] = [
  { acpi: true, apic: true },
  { acpi: true, apic: false },
  { acpi: false, apic: true },
  { acpi: false, apic: false },
];
const BOTH = [true, false];

/**
 * Every machine of the series: each guest with each choice of interrupt controllers and tables, with and without the
 * drives that it does not start from. The first are those that a visitor meets.
 */
export const MACHINES: readonly GuestMachine[] = HARDWARE.flatMap((hardware) => [
  ...BOTH.flatMap((disk) =>
    BOTH.map((disc) => ({ guest: 'OpenBSD' as const, from: 'floppy' as const, disk, disc, ...hardware })),
  ),
  ...BOTH.map((disc) => ({
    guest: 'OpenBSD' as const,
    from: 'disk' as const,
    disk: true,
    disc,
    ...hardware,
  })),
  ...BOTH.map((disk) => ({ guest: 'Linux' as const, from: 'disc' as const, disk, disc: true, ...hardware })),
  ...BOTH.map((disc) => ({ guest: 'Linux' as const, from: 'disk' as const, disk: true, disc, ...hardware })),
]);

/** "OpenBSD from floppy, ACPI, APIC, disk, no disc": what `--only` looks in, and what the table says. */
export function nameOf({ guest, from, acpi, apic, disk, disc }: GuestMachine): string {
  const drives = [
    ...(from === 'disk' ? [] : [disk ? 'disk' : 'no disk']),
    ...(from === 'disc' ? [] : [disc ? 'disc' : 'no disc']),
  ];
  return [`${guest} from ${from}`, acpi ? 'ACPI' : 'no ACPI', apic ? 'APIC' : '8259', ...drives].join(', ');
}
