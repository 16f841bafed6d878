import { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteSource } from '../bytes/byte-source.ts';
import { sentence } from '../lib/language.ts';
import { readArchiveNames } from './archive-names.ts';
import { describedFiles } from './described-files.ts';
import { readDiscLayout } from './disc-layout.ts';
import { findSignature, SIGNATURES, WEAK_SIGNATURES, type OtherFileCode } from './file-signatures.ts';
import { DESCRIPTOR_LOOK_BYTES, isVmdkDescriptor } from './disk-images/vmdk-descriptor.ts';
import { isFloppySize, LARGEST_FLOPPY_BYTES } from './floppy-sizes.ts';
import { readPartitions } from './partitions.ts';

/** Into which drive of the PC a file belongs. */
export type MediumKind = 'disc' | 'floppy' | 'disk';

/** What a file holds. */
export interface FileKind {
  /** The drive that its contents belong into; null where they tell none. */
  readonly medium: MediumKind | null;
  /** Its code where it is no disc. */
  readonly code: OtherFileCode | null;
  /** How a sentence names it. */
  readonly what: string;
  /** Names of files packed in it or described by it. */
  readonly names: readonly string[];
  /** The size that the boot sector of a floppy gives, where the file is shorter. */
  readonly cutFromBytes: number | null;
}

const LOOK_BYTES = 40 * 1024;
const TAIL_BYTES = 512;

/**
 * What a file is by what it holds: its first 40 kB, its last sector, its size, and where a disc keeps its first
 * volume descriptor. The name is not asked. Of an archive the names of its members are read as well. Rejects only with
 * the errors of the source.
 */
export async function tellFileKind(source: ByteSource): Promise<FileKind> {
  const { sizeBytes } = source;
  if (sizeBytes === 0) return other('media/empty', sentence`an empty file`);
  // Discs that also start from a USB stick have a partition table as well.
  if (await readDiscLayout(source)) return told('disc', null, sentence`a disc image`);
  const head = await source.read(0, Math.min(LOOK_BYTES, sizeBytes));
  const tail = await source.read(Math.max(0, sizeBytes - TAIL_BYTES), Math.min(TAIL_BYTES, sizeBytes));
  const signature = findSignature(SIGNATURES, head, tail);
  if (signature) {
    const { code, what, archive } = signature;
    if (code === 'media/disk-image') return told('disk', code, what);
    if (!archive) return other(code, what);
    const names = await readArchiveNames(source, archive);
    const isAppliance = archive === 'tar' && names.some((name) => /\.ovf$/iu.test(name));
    return isAppliance
      ? other('media/appliance', sentence`a packed machine (an appliance)`, names)
      : other(code, what, names);
  }
  if (isVmdkDescriptor(head.subarray(0, DESCRIPTOR_LOOK_BYTES)))
    return told('disk', 'media/disk-image', sentence`a VMDK disk image`);
  if (looksLikeText(head)) {
    const text = new TextDecoder().decode(head);
    const described = describedFiles(text);
    return described
      ? other(described.code, described.what, described.names)
      : other('media/text', sentence`text`);
  }
  if (await isAllZeros(source, head)) {
    return { ...other('media/zeros', sentence`nothing but zeros`), medium: null };
  }
  return (await tellBySector(source, head)) ?? tellByRest(source, head, tail);
}

/** What the first sector of a floppy or a hard disk says. */
async function tellBySector(source: ByteSource, head: Uint8Array): Promise<FileKind | null> {
  if (head.length < 512) return null;
  const { sizeBytes } = source;
  const volumeBytes = fatVolumeBytes(head);
  if (volumeBytes !== null && isFloppySize(volumeBytes) && sizeBytes < volumeBytes) {
    const floppy = told('floppy', 'media/floppy-image', sentence`a floppy disk image`);
    return { ...floppy, cutFromBytes: volumeBytes };
  }
  const hasMark = head[510] === 0x55 && head[511] === 0xaa;
  const hasTable = volumeBytes === null && (await readPartitions(source)).partitions.length > 0;
  if (!hasTable && isFloppySize(sizeBytes) && (hasMark || volumeBytes !== null)) {
    return told('floppy', 'media/floppy-image', sentence`a floppy disk image`);
  }
  if (!hasMark) return null;
  return told('disk', 'media/disk-image', sentence`an image of a hard disk or a USB stick`);
}

function tellByRest({ sizeBytes }: ByteSource, head: Uint8Array, tail: Uint8Array): FileKind {
  const weak = findSignature(WEAK_SIGNATURES, head, tail);
  if (weak) return other(weak.code, weak.what);
  if (isFloppySize(sizeBytes)) return told('floppy', 'media/floppy-image', sentence`a floppy disk image`);
  return other('media/unknown', sentence`a file of an unknown kind`);
}

/**
 * The size of a FAT volume by its boot sector (Microsoft's FAT specification, "Boot Sector and BPB"), null where it is
 * none. Only what all formatters write is asked for: some leave the mark at its end out.
 */
function fatVolumeBytes(sector: Uint8Array): number | null {
  const reader = new ByteReader(sector);
  const jump = reader.at(0).u8();
  const sectorBytes = reader.at(11).u16();
  const clusterSectors = reader.u8();
  const reserved = reader.u16();
  const tables = reader.u8();
  const isFat =
    (jump === 0xeb || jump === 0xe9) &&
    sectorBytes === 512 &&
    clusterSectors > 0 &&
    (clusterSectors & (clusterSectors - 1)) === 0 &&
    reserved > 0 &&
    (tables === 1 || tables === 2) &&
    reader.at(21).u8() >= 0xf0;
  if (!isFat) return null;
  return (reader.at(19).u16() || reader.at(32).u32()) * sectorBytes;
}

/** Start, middle and end: a download that reserved its space and then stopped, or a blank disk. */
async function isAllZeros(source: ByteSource, head: Uint8Array): Promise<boolean> {
  const zero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0);
  if (!zero(head)) return false;
  const length = Math.min(512, source.sizeBytes);
  const middle = await source.read(Math.floor((source.sizeBytes - length) / 2), length);
  return zero(middle) && zero(await source.read(source.sizeBytes - length, length));
}

/** UTF-16 with its mark, or bytes without control characters of which most are ASCII (any code page, UTF-8). */
function looksLikeText(head: Uint8Array): boolean {
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) return true;
  const isText = (byte: number): boolean =>
    byte >= 0x20 || byte === 9 || byte === 10 || byte === 12 || byte === 13;
  const ascii = head.reduce((count, byte) => count + (byte < 0x7f ? 1 : 0), 0);
  return head.every(isText) && ascii > head.length / 2;
}

function told(medium: MediumKind, code: OtherFileCode | null, what: string): FileKind {
  return { medium, code, what, names: [], cutFromBytes: null };
}

function other(code: OtherFileCode, what: string, names: readonly string[] = []): FileKind {
  return { medium: null, code, what, names, cutFromBytes: null };
}

/** Names of files that say what they hold, for contents that do not. */
const DISK_ENDINGS = ['.qcow2', '.qcow', '.vhd', '.vhdx', '.vmdk', '.vdi', '.raw', '.hdd', '.qed'];
/** What may be a floppy or a hard disk: the size tells. */
const UNSURE_ENDINGS = ['.img', '.ima', '.vfd', '.flp', '.dsk', '.bin'];
/** Contents that could be those of any medium, so that the name counts. */
const UNTOLD: readonly (OtherFileCode | null)[] = ['media/empty', 'media/zeros', 'media/unknown'];

/**
 * The drive that a file goes into: by what it holds, and only where that tells nothing by its name. What belongs into
 * none is taken for a disc, whose report says what it is.
 */
export function mediumOf(kind: FileKind, { name, sizeBytes }: ByteSource): MediumKind {
  if (kind.medium) return kind.medium;
  if (!UNTOLD.includes(kind.code)) return 'disc';
  const lower = name.toLowerCase();
  const endsIn = (endings: readonly string[]) => endings.some((ending) => lower.endsWith(ending));
  if (endsIn(DISK_ENDINGS)) return 'disk';
  if (!endsIn(UNSURE_ENDINGS)) return 'disc';
  return sizeBytes <= LARGEST_FLOPPY_BYTES && (isFloppySize(sizeBytes) || sizeBytes < 160 * 1024)
    ? 'floppy'
    : 'disk';
}
