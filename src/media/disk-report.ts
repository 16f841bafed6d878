import type { MachineProfile } from '../machine/profile.ts';
import type { DiskImageFormat } from './disk-images/disk-image.ts';
import type { FileSystemKind } from './partitions-file-systems.ts';

/**
 * What the inspector says of a hard disk image before it is attached. Reason codes are stable; messages may be
 * improved. `not-a-disk`: the file cannot be opened as a disk at all, and the first reason says why, with the code
 * of the error that opening it would give.
 */
export interface DiskReport {
  verdict: 'runs' | 'may-run' | 'cannot-run' | 'not-a-disk';
  reasons: { code: string; message: string }[];
  format: DiskImageFormat | null;
  /** The kind within the format, '' where there is none. */
  variant: string;
  /** The size that the guest sees; 0 when it could not be opened. */
  virtualSizeBytes: number;
  storedSizeBytes: number;
  partitionTable: 'mbr' | 'gpt' | 'none';
  partitions: PartitionOnDisk[];
  /** Whether a PC with a BIOS finds something to start. */
  bootable: boolean;
  /** The Windows that was found, null where none was or where it could not be read with few reads. */
  windows: WindowsOnDisk | null;
  /** How the machine should be built for it; only what the inspection has a reason for. */
  profile: Partial<Pick<MachineProfile, 'memoryMiB' | 'acpi' | 'apic' | 'bootOrder'>>;
  /** What the inspection itself cost. */
  bytesRead: number;
  elapsedMs: number;
}

export interface PartitionOnDisk {
  offsetBytes: number;
  lengthBytes: number;
  /** "07" for the MBR type, the type GUID for GPT, '' for a file system without a partition table. */
  type: string;
  /** Marked as the one to start from. */
  active: boolean;
  /** Inside an extended partition. */
  logical: boolean;
  fileSystem: FileSystemKind | null;
  /** Label of the file system, '' where there is none. */
  label: string;
}

export interface WindowsOnDisk {
  /** "Windows 7"; "Windows 5.2" and the like where the number has no single name. */
  name: string;
  /** Version of the kernel, "6.1.7601.17514"; "4" alone for a Windows 95, 98 or Me that does not tell which it is. */
  version: string;
  architecture: 'x86' | 'x64' | 'ia64' | 'arm64';
  /**
   * Which hardware abstraction layer it starts with, by the name that Microsoft gave the file: without ACPI for the
   * 8259s (`hal`) or the APICs (`halapic`, `halmps`), with ACPI for the 8259s (`halacpi`) or the APICs (`halaacpi`,
   * `halmacpi`); `as-found` where its loader chooses at every start; null where that could not be read.
   */
  hal: 'hal' | 'halapic' | 'halmps' | 'halacpi' | 'halaacpi' | 'halmacpi' | 'as-found' | null;
  /** Which of `partitions` it is on. */
  partition: number;
  /** It was put to sleep on another machine's hardware, or by fast start. */
  hibernated: boolean;
}
