import type { MachineProfile } from '../machine/profile.ts';

/** The fields of a profile that a visitor sees, in the order in which they are shown. */
export type ShownField = 'memoryMiB' | 'videoMemoryMiB' | 'acpi' | 'clock' | 'bootOrder';

export const FIELD_WORDS: Readonly<Record<ShownField, string>> = {
  memoryMiB: 'Memory',
  videoMemoryMiB: 'Video memory',
  acpi: 'ACPI',
  clock: 'Clock chip keeps',
  bootOrder: 'Starts from',
};

export const SHOWN_FIELDS: readonly ShownField[] = [
  'memoryMiB',
  'videoMemoryMiB',
  'acpi',
  'clock',
  'bootOrder',
];

export const BOOT_ORDER_WORDS: Readonly<Record<MachineProfile['bootOrder'], string>> = {
  'disc-first': 'the disc first',
  'disk-first': 'the hard disk first',
  'floppy-first': 'the floppy first',
};

export const CLOCK_WORDS: Readonly<Record<MachineProfile['clock'], string>> = {
  local: 'local time',
  utc: 'UTC',
};

/** A field's value as one reads it. */
export function profileWords(profile: MachineProfile, field: ShownField): string {
  switch (field) {
    case 'memoryMiB':
    case 'videoMemoryMiB':
      return `${profile[field]} MiB`;
    case 'acpi':
      return profile.acpi ? 'on' : 'off';
    case 'clock':
      return CLOCK_WORDS[profile.clock];
    case 'bootOrder':
      return BOOT_ORDER_WORDS[profile.bootOrder];
  }
}

/** The machine in a line: "1024 MiB, ACPI, disc first". */
export function profileGist(profile: MachineProfile): string {
  return [
    profileWords(profile, 'memoryMiB'),
    profile.acpi ? 'ACPI' : 'no ACPI',
    BOOT_ORDER_WORDS[profile.bootOrder].replace('the ', ''),
  ].join(', ');
}
