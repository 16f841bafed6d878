import { formatBytes } from '../lib/format.ts';
import { t } from '../lib/language.ts';
import type { DiskReport, PartitionOnDisk, WindowsOnDisk } from '../media/disk-report.ts';
import type { ImageRoom } from '../page/image-study.ts';
import { diskSizeWords } from './shelf-words.ts';

export const DISK_VERDICT_WORDS: Readonly<Record<DiskReport['verdict'], string>> = {
  get runs() {
    return t`Runs here`;
  },
  get 'may-run'() {
    return t`May run here`;
  },
  get 'cannot-run'() {
    return t`Cannot run here`;
  },
  get 'not-a-disk'() {
    return t`Cannot be opened as a disk`;
  },
};

const FORMAT_WORDS: Readonly<Record<NonNullable<DiskReport['format']>, string>> = {
  get raw() {
    return t`raw disk`;
  },
  qcow2: 'qcow2 (QEMU)',
  vhd: 'VHD (Virtual PC, Hyper-V)',
  vmdk: 'VMDK (VMware)',
  vdi: 'VDI (VirtualBox)',
};

const FILE_SYSTEM_WORDS: Readonly<Partial<Record<string, string>>> = {
  ntfs: 'NTFS',
  bitlocker: 'BitLocker',
  fat12: 'FAT12',
  fat16: 'FAT16',
  fat32: 'FAT32',
  exfat: 'exFAT',
};

/** "qcow2 (QEMU), version 3, zstd". */
export function diskFormatWords({ format, variant }: DiskReport): string | null {
  if (!format) return null;
  return variant && variant !== format ? `${FORMAT_WORDS[format]}, ${variant}` : FORMAT_WORDS[format];
}

/** Partitions that are listed one by one. */
const MOST_PARTITIONS = 24;

/** "NTFS “System”, 19.9 GB, starts". */
export function partitionWords({ fileSystem, label, lengthBytes, active, type }: PartitionOnDisk): string {
  const kind = fileSystem ? (FILE_SYSTEM_WORDS[fileSystem] ?? fileSystem) : t`unknown (type ${type || '?'})`;
  const parts = [label ? `${kind} “${label}”` : kind, diskSizeWords(lengthBytes)];
  if (active) parts.push(t`marked to start`);
  return parts.join(', ');
}

/** A line for each partition; a table may list thousands. */
export function partitionList(partitions: readonly PartitionOnDisk[]): string[] {
  const words = partitions.slice(0, MOST_PARTITIONS).map(partitionWords);
  const more = partitions.length - words.length;
  return more > 0 ? [...words, t`and ${more} more`] : words;
}

/** "Windows 7, 32-bit, 6.1.7601.17514". */
export function diskWindowsWords({ name, architecture, version }: WindowsOnDisk): string {
  const bits = { x86: t`32-bit`, x64: t`64-bit`, ia64: 'Itanium', arm64: 'ARM' }[architecture];
  return version.includes('.') ? `${name}, ${bits}, ${version}` : `${name}, ${bits}`;
}

/** What a copy takes, said before it is made. */
export function imageRoomWords({ neededBytes, freeBytes }: ImageRoom): string {
  const needed = formatBytes(neededBytes);
  if (freeBytes === null) return t`up to ${needed}`;
  const free = formatBytes(freeBytes);
  return freeBytes < neededBytes
    ? t`up to ${needed}, and this browser has only ${free} left`
    : t`up to ${needed} of the ${free} that this browser has left`;
}

/** The name of a machine made of an image: "windows7.qcow2" gives "windows7". */
export function nameOfImage(fileName: string): string {
  return fileName.replace(/\.[^.]{1,6}$/u, '').trim() || fileName;
}
