import { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteSource } from '../bytes/byte-source.ts';
import { parseFatLayout } from './partitions-fat-layout.ts';

export type FileSystemKind =
  | 'ntfs'
  | 'bitlocker'
  | 'fat12'
  | 'fat16'
  | 'fat32'
  | 'exfat'
  | 'ext2'
  | 'ext3'
  | 'ext4'
  | 'xfs'
  | 'btrfs'
  | 'swap'
  | 'lvm'
  | 'luks'
  | 'iso9660';

export interface FileSystem {
  kind: FileSystemKind;
  /** '' where there is none, or where it is not beside the signature (NTFS, exFAT). */
  label: string;
}

const HEAD_BYTES = 4096;
const EXT_SUPERBLOCK = 1024;
const EXT_MAGIC = 0xef53;
/** Features that an ext file system of the named generation has and the one before has not. */
const EXT3_HAS_JOURNAL = 0x4;
const EXT4_INCOMPAT = 0x40 | 0x80 | 0x200;
const ISO_DESCRIPTOR = 0x8000;
const BTRFS_SUPERBLOCK = 0x10000;

/** What file system begins at the start of `volume`, by its signature; null where none is known. */
export async function detectFileSystem(volume: ByteSource): Promise<FileSystem | null> {
  if (volume.sizeBytes < HEAD_BYTES) return null;
  const head = new ByteReader(await volume.read(0, HEAD_BYTES));
  return (
    detectByBootSector(head) ??
    detectExt(head) ??
    detectOther(head) ??
    (await detectFurther(volume, ISO_DESCRIPTOR + 1, 'CD001', 'iso9660')) ??
    (await detectFurther(volume, BTRFS_SUPERBLOCK + 64, '_BHRfS_M', 'btrfs'))
  );
}

function detectByBootSector(head: ByteReader): FileSystem | null {
  const spells = (at: number, text: string): boolean => head.at(at).startsWith(text);
  if (spells(3, 'NTFS    ')) return { kind: 'ntfs', label: '' };
  if (spells(3, '-FVE-FS-')) return { kind: 'bitlocker', label: '' };
  if (spells(3, 'EXFAT   ')) return { kind: 'exfat', label: '' };
  return head.at(510).u16() === 0xaa55 ? detectFat(head) : null;
}

function detectFat(head: ByteReader): FileSystem | null {
  const layout = parseFatLayout(head);
  if (layout === null) return null;
  const { kind } = layout;
  const label = head
    .at(kind === 'fat32' ? 71 : 43)
    .latin1(11)
    .trim();
  return { kind, label: label === 'NO NAME' ? '' : label };
}

function detectExt(head: ByteReader): FileSystem | null {
  if (head.at(EXT_SUPERBLOCK + 56).u16() !== EXT_MAGIC) return null;
  const compatible = head.at(EXT_SUPERBLOCK + 92).u32();
  const incompatible = head.u32();
  const kind =
    (incompatible & EXT4_INCOMPAT) !== 0 ? 'ext4' : (compatible & EXT3_HAS_JOURNAL) !== 0 ? 'ext3' : 'ext2';
  const label = head.at(EXT_SUPERBLOCK + 120).bytes(16);
  const end = label.indexOf(0);
  return { kind, label: new TextDecoder().decode(end < 0 ? label : label.subarray(0, end)) };
}

function detectOther(head: ByteReader): FileSystem | null {
  const spells = (at: number, text: string): boolean => head.at(at).startsWith(text);
  if (spells(HEAD_BYTES - 10, 'SWAPSPACE2') || spells(HEAD_BYTES - 10, 'SWAP-SPACE')) {
    return { kind: 'swap', label: '' };
  }
  if (spells(0, 'XFSB')) return { kind: 'xfs', label: head.at(108).latin1(12).replaceAll('\0', '') };
  if (spells(0, 'LUKS\xba\xbe')) return { kind: 'luks', label: '' };
  // The label of a physical volume is in one of the first four sectors.
  if ([0, 512, 1024, 1536].some((at) => spells(at, 'LABELONE'))) return { kind: 'lvm', label: '' };
  return null;
}

async function detectFurther(
  volume: ByteSource,
  offset: number,
  signature: string,
  kind: FileSystemKind,
): Promise<FileSystem | null> {
  if (offset + signature.length > volume.sizeBytes) return null;
  const bytes = await volume.read(offset, signature.length);
  return new ByteReader(bytes).startsWith(signature) ? { kind, label: '' } : null;
}
