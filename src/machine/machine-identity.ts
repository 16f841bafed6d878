import { sentence } from '../lib/language.ts';
import { VitrineError } from '../lib/errors.ts';

/** A disc or floppy as it can be recognised again. */
export interface MediumIdentity {
  readonly name: string;
  readonly sizeBytes: number;
  /** SHA-256, in hex, of samples from the whole file. */
  readonly sampleSha256: string;
}

/** What a saved moment needs to find again: in any other machine its memory would mean nothing. */
export interface MachineIdentity {
  /** Version of the emulator. */
  readonly engine: string;
  readonly memoryMiB: number;
  readonly videoMemoryMiB: number;
  readonly acpi: boolean;
  /** Absent in what was saved when every machine with ACPI had the APICs, and no other. */
  readonly apic?: boolean;
  readonly clock: 'local' | 'utc';
  /** Size of the hard disk, or null without one. */
  readonly diskBytes: number | null;
  /** The disc in the drive at that moment. */
  readonly disc: MediumIdentity | null;
}

/** Whether two files are the same as far as size and samples tell; the name does not matter. */
export function isSameMedium(a: MediumIdentity, b: MediumIdentity): boolean {
  return a.sizeBytes === b.sizeBytes && a.sampleSha256 === b.sampleSha256;
}

/**
 * Throws `snapshot/other-machine`, in words that name the difference, unless a moment of `saved` can go on in `present`.
 * The disc is not looked at: it can be changed, see `checkDisc`.
 */
export function checkMachine(saved: MachineIdentity, present: MachineIdentity): void {
  const parts: { name: string; of: (identity: MachineIdentity) => string }[] = [
    { name: sentence`version of the emulator`, of: ({ engine }) => engine },
    { name: sentence`memory`, of: ({ memoryMiB }) => `${memoryMiB} MiB` },
    { name: sentence`video memory`, of: ({ videoMemoryMiB }) => `${videoMemoryMiB} MiB` },
    { name: sentence`ACPI setting`, of: ({ acpi }) => (acpi ? sentence`on` : sentence`off`) },
    {
      name: sentence`APIC setting`,
      of: ({ apic, acpi }) => ((apic ?? acpi) ? sentence`on` : sentence`off`),
    },
    { name: sentence`clock`, of: ({ clock }) => (clock === 'utc' ? 'UTC' : sentence`local time`) },
    {
      name: sentence`hard disk`,
      of: ({ diskBytes }) => (diskBytes === null ? sentence`none` : `${diskBytes} bytes`),
    },
  ];
  for (const { name, of } of parts) {
    if (of(saved) === of(present)) continue;
    throw new VitrineError('snapshot/other-machine', { part: name, saved: of(saved), present: of(present) });
  }
}

/** Throws `snapshot/disc-missing` or `snapshot/other-disc`, with the name of the disc to put in. */
export function checkDisc(saved: MachineIdentity, present: MediumIdentity | null): void {
  if (!saved.disc) return;
  if (!present) throw new VitrineError('snapshot/disc-missing', { name: saved.disc.name });
  if (isSameMedium(saved.disc, present)) return;
  throw new VitrineError('snapshot/other-disc', { name: saved.disc.name, present: present.name });
}
