/** The hardware that a machine is built with: fixed while it is on. Limits: `profile-limits.ts`. */
export interface MachineProfile {
  memoryMiB: number;
  videoMemoryMiB: number;
  acpi: boolean;
  bootOrder: 'disc-first' | 'disk-first' | 'floppy-first';
  /** What the clock chip keeps: Windows and DOS expect local time in it, Linux and its like UTC. */
  clock: 'local' | 'utc';
  /** Which machine of the shelf; names its disk and its lock. */
  machineId: string;
}

/** What a machine gets when nothing is known of its disc: DESIGN, engine facts 8 and 9. */
export const DEFAULT_PROFILE: MachineProfile = {
  memoryMiB: 1024,
  videoMemoryMiB: 16,
  acpi: true,
  bootOrder: 'disc-first',
  clock: 'local',
  machineId: 'default',
};
