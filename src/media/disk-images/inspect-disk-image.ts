import { sliceSource, type ByteSource } from '../../bytes/byte-source.ts';
import { MeteredSource } from '../../bytes/metered-source.ts';
import { fitsDrive, LARGEST_DISK_BYTES } from '../../lib/disk-limit.ts';
import { VitrineError } from '../../lib/errors.ts';
import { exactDiskSize, formatBytes, formatDiskSize } from '../../lib/format.ts';
import type { DiskReport, PartitionOnDisk, WindowsOnDisk } from '../disk-report.ts';
import { FatVolume } from '../partitions-fat.ts';
import { detectFileSystem, type FileSystemKind } from '../partitions-file-systems.ts';
import { NtfsVolume } from '../partitions-ntfs.ts';
import type { FileVolume } from '../file-volume.ts';
import { findWindows } from '../partitions-windows.ts';
import { findDos, findWindows9x } from '../partitions-windows9x.ts';
import { HAL_HARDWARE } from '../windows-hal.ts';
import { readPartitions, type PartitionTable } from '../partitions.ts';
import type { DiskImage } from './disk-image.ts';
import { DiskReasons } from './disk-reasons.ts';
import { judgeBoot } from './judge-boot.ts';
import { openDiskImage } from './open-disk-image.ts';
import type { OpenSibling } from './vmdk-extents.ts';

/** What one inspection may cost; a real disk needs a twentieth of it. */
const LIMITS = { budgetBytes: 24 << 20, maxReads: 20_000, deadlineMs: 5000 };
/** Partitions looked into: a table may list thousands. */
const MAX_VOLUMES = 32;

/**
 * Looks at a disk image before it is attached: format, partitions, file systems, whether it starts, and which
 * Windows is on it (from its kernel file, on NTFS or FAT). Any bytes at all give a report; only a medium that
 * fails rejects, with `bytes/unreadable`.
 */
export async function inspectDiskImage(
  source: ByteSource,
  options: { openSibling?: OpenSibling } = {},
): Promise<DiskReport> {
  const metered = new MeteredSource(source, LIMITS);
  const openSibling: OpenSibling = async (fileName) => {
    const sibling = await options.openSibling?.(fileName);
    return sibling ? metered.beside(sibling) : null;
  };
  const cost = () => ({ bytesRead: metered.bytesRead, elapsedMs: metered.elapsedMs });
  let disk: DiskImage;
  let table: PartitionTable;
  let first: Uint8Array;
  try {
    disk = await openDiskImage(metered, { openSibling });
    table = await readPartitions(disk);
    first = await disk.read(0, 512);
  } catch (error) {
    return { ...unopened(source, asFinding(error)), ...cost() };
  }
  const reasons = new DiskReasons();
  const { partitions, windows, hasDos } = await lookInside(disk, table, reasons);
  judgeWholeness(disk, table, reasons);
  const notStarting = judgeBoot(first, table.kind, partitions);
  // A disk that has to be made smaller first is not told what to do with it afterwards.
  if (notStarting !== null && (notStarting !== 'disk/blank' || fitsDrive(disk.sizeBytes)))
    reasons.add(notStarting);
  if (windows !== null) judgeWindows(windows, reasons);
  else if (notStarting === null) reasons.add(hasDos ? 'system/dos' : 'system/unknown');
  return {
    verdict: reasons.verdict,
    reasons: reasons.reasons,
    format: disk.format,
    variant: disk.variant,
    virtualSizeBytes: disk.sizeBytes,
    storedSizeBytes: disk.storedSizeBytes,
    partitionTable: table.kind,
    partitions,
    bootable: notStarting === null,
    windows,
    profile: profileFor(windows, hasDos, notStarting === null),
    ...cost(),
  };
}

/** Bad input is a finding; anything else is thrown on. */
function asFinding(error: unknown): VitrineError {
  if (!(error instanceof VitrineError) || error.code === 'bytes/unreadable') throw error;
  return error;
}

function unopened(source: ByteSource, error: VitrineError): Omit<DiskReport, 'bytesRead' | 'elapsedMs'> {
  return {
    verdict: 'not-a-disk',
    reasons: [
      {
        code: error.code,
        get message() {
          return error.words;
        },
      },
    ],
    format: null,
    variant: '',
    virtualSizeBytes: 0,
    storedSizeBytes: source.sizeBytes,
    partitionTable: 'none',
    partitions: [],
    bootable: false,
    windows: null,
    profile: {},
  };
}

async function lookInside(
  disk: DiskImage,
  table: PartitionTable,
  reasons: DiskReasons,
): Promise<{ partitions: PartitionOnDisk[]; windows: WindowsOnDisk | null; hasDos: boolean }> {
  const volumes = [...table.partitions];
  // Without a table the whole disk may be one file system.
  if (table.kind === 'none') {
    volumes.push({ offsetBytes: 0, lengthBytes: disk.sizeBytes, type: '', active: false, logical: false });
  }
  const partitions: PartitionOnDisk[] = [];
  let windows: WindowsOnDisk | null = null;
  let hasDos = false;
  for (const volume of volumes) {
    const partition: PartitionOnDisk = { ...volume, fileSystem: null, label: '' };
    partitions.push(partition);
    const inside = Math.min(volume.lengthBytes, disk.sizeBytes - volume.offsetBytes);
    if (inside <= 0 || partitions.length > MAX_VOLUMES) continue;
    const bytes = sliceSource(disk, volume.offsetBytes, inside);
    try {
      const fileSystem = await detectFileSystem(bytes);
      if (fileSystem === null) continue;
      partition.fileSystem = fileSystem.kind;
      partition.label = fileSystem.label;
      if (fileSystem.kind === 'bitlocker') reasons.add('disk/bitlocker');
      if (fileSystem.kind !== 'ntfs' && !isFat(fileSystem.kind)) continue;
      const volume: FileVolume =
        fileSystem.kind === 'ntfs' ? await openNtfs(bytes, partition) : await FatVolume.open(bytes);
      if (isFat(fileSystem.kind)) hasDos ||= await findDos(volume);
      if (windows !== null) continue;
      const found =
        (await findWindows(volume)) ?? (isFat(fileSystem.kind) ? await findWindows9x(volume) : null);
      if (found !== null) windows = { ...found, partition: partitions.length - 1 };
    } catch (error) {
      if (!(error instanceof VitrineError) || error.code === 'bytes/unreadable') throw error;
      reasons.add('disk/not-looked-into');
    }
  }
  // A disk without a table and without a file system has no partitions to show.
  if (table.kind === 'none' && partitions[0]?.fileSystem === null) partitions.length = 0;
  return { partitions, windows, hasDos };
}

const isFat = (kind: FileSystemKind): boolean => kind.startsWith('fat');

async function openNtfs(bytes: ByteSource, partition: PartitionOnDisk): Promise<NtfsVolume> {
  const ntfs = await NtfsVolume.open(bytes);
  partition.label = await ntfs.readLabel();
  return ntfs;
}

function judgeWholeness(disk: DiskImage, table: PartitionTable, reasons: DiskReasons): void {
  if (!fitsDrive(disk.sizeBytes)) {
    const end = Math.max(
      0,
      ...table.partitions.map(({ offsetBytes, lengthBytes }) => offsetBytes + lengthBytes),
    );
    const isOnlyEmpty = end > 0 && fitsDrive(end);
    reasons.add('disk/too-large', () => ({
      size: exactDiskSize(disk.sizeBytes),
      limit: exactDiskSize(LARGEST_DISK_BYTES),
      end: isOnlyEmpty ? formatDiskSize(end) : '',
    }));
  }
  if (disk.format === 'raw' && disk.storedSizeBytes % 512 !== 0) reasons.add('disk/odd-size');
  if (table.isHybrid) reasons.add('disk/hybrid');
  for (const problem of table.problems) {
    if (problem === 'damaged') reasons.add('disk/partitions-damaged');
    else if (problem === 'overlapping') reasons.add('disk/partitions-overlap');
    else {
      const end = Math.max(
        disk.sizeBytes,
        ...table.partitions.map(({ offsetBytes, lengthBytes }) => offsetBytes + lengthBytes),
      );
      reasons.add('disk/truncated', () => ({ missing: formatBytes(end - disk.sizeBytes) }));
    }
  }
}

function judgeWindows(windows: WindowsOnDisk, reasons: DiskReasons): void {
  const { name, architecture, version } = windows;
  const [major, minor = 0] = version.split('.').map(Number);
  if (architecture === 'x64') reasons.add('arch/x64', () => ({ name }));
  else if (architecture !== 'x86') reasons.add('arch/other', () => ({ name }));
  if (major > 6 || (major === 6 && minor > 1)) reasons.add('windows/too-new', () => ({ name }));
  if (windows.hibernated) reasons.add('windows/hibernated', () => ({ name }));
  if (isWindows9x(windows)) reasons.add('windows/little-memory', () => ({ name }));
  if (major === 6 && minor <= 1 && architecture === 'x86')
    reasons.add('windows/one-processor', () => ({ name }));
}

/** Windows 95, 98 and Me stop with memory errors above some 480 MiB; this is what a good PC of their day had. */
const WINDOWS_9X_MIB = 128;
/** Some programs for DOS stop above it. */
const DOS_MIB = 64;

/** Kernels of version 4 with Windows NT 4.0 left out, which is "Windows NT 4.0". */
const isWindows9x = ({ name, version }: WindowsOnDisk): boolean =>
  version.split('.')[0] === '4' && !name.includes('NT');

/** The hardware that the system was installed on, as far as the disk tells; Windows since Vista is at ease from 1 GiB on. */
function profileFor(
  windows: WindowsOnDisk | null,
  hasDos: boolean,
  bootable: boolean,
): DiskReport['profile'] {
  const bootOrder = bootable ? 'disk-first' : 'disc-first';
  if (windows === null) return hasDos ? { bootOrder, memoryMiB: DOS_MIB, apic: false } : { bootOrder };
  if (isWindows9x(windows)) return { bootOrder, memoryMiB: WINDOWS_9X_MIB, apic: false };
  const hardware = windows.hal === null ? {} : HAL_HARDWARE[windows.hal];
  return Number(windows.version.split('.')[0]) >= 6
    ? { bootOrder, ...hardware, acpi: true, memoryMiB: 1024 }
    : { bootOrder, ...hardware };
}
