/** The hardware that a machine is built with: fixed while it is on. Limits: `profile-limits.ts`. */
export interface MachineProfile {
  memoryMiB: number;
  videoMemoryMiB: number;
  acpi: boolean;
  /** A local APIC and an I/O APIC; false: the 8259s alone. */
  apic: boolean;
  bootOrder: 'disc-first' | 'disk-first' | 'floppy-first';
  /** What the clock chip keeps: Windows and DOS expect local time in it, Linux and its like UTC. */
  clock: 'local' | 'utc';
  /** Which machine of the shelf; names its disk and its lock. */
  machineId: string;
}

/**
 * A profile that was stored before machines could be without APICs: they had them exactly where they had ACPI, and a system that was
 * installed so does not start on other hardware.
 */
export function withApic<P extends { readonly acpi?: boolean; readonly apic?: boolean }>(stored: P): P {
  return stored.acpi === undefined || stored.apic !== undefined ? stored : { ...stored, apic: stored.acpi };
}

/** What a machine gets when nothing is known of its disc: docs/engine.md, memory and what Windows 7 needs. */
export const DEFAULT_PROFILE: MachineProfile = {
  memoryMiB: 1024,
  videoMemoryMiB: 16,
  acpi: true,
  apic: true,
  bootOrder: 'disc-first',
  clock: 'local',
  machineId: 'default',
};
