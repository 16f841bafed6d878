import { t } from '../lib/language.ts';
import type { MachineProfile } from '../machine/profile.ts';

/** The fields of a profile that a visitor sees, in the order in which they are shown. */
export type ShownField = 'memoryMiB' | 'videoMemoryMiB' | 'acpi' | 'apic' | 'clock' | 'bootOrder';

export const FIELD_WORDS: Readonly<Record<ShownField, string>> = {
  get memoryMiB() {
    return t`Memory`;
  },
  get videoMemoryMiB() {
    return t`Video memory`;
  },
  acpi: 'ACPI',
  apic: 'APIC',
  get clock() {
    return t`Clock chip keeps`;
  },
  get bootOrder() {
    return t`Starts from`;
  },
};

export const SHOWN_FIELDS: readonly ShownField[] = [
  'memoryMiB',
  'videoMemoryMiB',
  'acpi',
  'apic',
  'clock',
  'bootOrder',
];

export const BOOT_ORDER_WORDS: Readonly<Record<MachineProfile['bootOrder'], string>> = {
  get 'disc-first'() {
    return t`the disc first`;
  },
  get 'disk-first'() {
    return t`the hard disk first`;
  },
  get 'floppy-first'() {
    return t`the floppy first`;
  },
};

/** The same without its article, in a list. */
const BOOT_ORDER_GIST: Readonly<Record<MachineProfile['bootOrder'], string>> = {
  get 'disc-first'() {
    return t`disc first`;
  },
  get 'disk-first'() {
    return t`hard disk first`;
  },
  get 'floppy-first'() {
    return t`floppy first`;
  },
};

export const CLOCK_WORDS: Readonly<Record<MachineProfile['clock'], string>> = {
  get local() {
    return t`local time`;
  },
  utc: 'UTC',
};

/** A field's value as one reads it. */
export function profileWords(profile: MachineProfile, field: ShownField): string {
  switch (field) {
    case 'memoryMiB':
    case 'videoMemoryMiB':
      return `${profile[field]} MiB`;
    case 'apic':
      return profile.apic ? t`on` : t`off`;
    case 'acpi':
      return profile.acpi ? t`on` : t`off`;
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
    profile.acpi ? 'ACPI' : t`no ACPI`,
    BOOT_ORDER_GIST[profile.bootOrder],
  ].join(', ');
}
