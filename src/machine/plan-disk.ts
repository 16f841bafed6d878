import { sentence } from '../lib/language.ts';
import type { DiskReport } from '../media/disk-report.ts';
import type { Hardware } from './kept-profile.ts';
import { reasonFor, type MachinePlan } from './plan.ts';
import { DEFAULT_PROFILE } from './profile.ts';

/** What the machine starts when it is turned on. */
export type Start = 'disc' | 'floppy' | 'disk' | 'house-disc' | 'nothing';

/**
 * What a machine with these drives starts. The exhibit's own disc comes in only where nothing else would start: not
 * before a disk that somebody prepared, or installed a system on.
 */
export function decideStart(drives: {
  readonly disc: boolean;
  readonly floppy: boolean;
  /** A PC finds something to start on the hard disk. */
  readonly diskBoots: boolean;
  readonly houseDisc: boolean;
}): Start {
  if (drives.disc) return 'disc';
  if (drives.floppy) return 'floppy';
  if (drives.diskBoots) return 'disk';
  return drives.houseDisc ? 'house-disc' : 'nothing';
}

/** The plan of a machine with an empty tray that starts from its hard disk. */
export const DISK_PLAN: MachinePlan = {
  profile: { ...DEFAULT_PROFILE, bootOrder: 'disk-first' },
  reasons: [reasonFor('bootOrder', sentence`The tray is empty, and the hard disk holds something to start.`)],
};

/** Memory for Windows before Vista: what keeps moments small, and more than it asks for. */
const OLD_WINDOWS_MIB = 512;

/** Video memory for Windows 95 to NT 4.0, whose drivers more of it confuses. */
const OLD_VIDEO_MIB = 8;

/**
 * The hardware for the system on a prepared disk: what the disk says that it was installed on (`docs/hardware.md`).
 * Where it does not say, it has ACPI and the APICs: what was installed on a PC without them runs beside them.
 */
export function hardwareForDisk({ windows, profile }: Pick<DiskReport, 'windows' | 'profile'>): Hardware {
  const { memoryMiB, videoMemoryMiB, clock } = DEFAULT_PROFILE;
  const major = windows === null ? Infinity : Number(windows.version.split('.')[0]);
  return {
    memoryMiB: profile.memoryMiB ?? (major < 6 ? OLD_WINDOWS_MIB : memoryMiB),
    videoMemoryMiB: major < 5 ? OLD_VIDEO_MIB : videoMemoryMiB,
    acpi: profile.acpi ?? true,
    apic: profile.apic ?? true,
    clock,
  };
}
