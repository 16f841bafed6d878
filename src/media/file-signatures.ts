import { sentence } from '../lib/language.ts';

/** What a file is that no drive takes as a disc, in the codes of a report. */
export type OtherFileCode =
  | 'media/empty'
  | 'media/zeros'
  | 'media/text'
  | 'media/archive'
  | 'media/appliance'
  | 'media/disk-image'
  | 'media/floppy-image'
  | 'media/program'
  | 'media/wim-alone'
  | 'media/raw-sectors'
  | 'media/other-disc-format'
  | 'media/track-list'
  | 'media/machine-description'
  | 'media/unknown';

export type ArchiveFormat = 'zip' | 'tar' | 'gzip' | 'other';

/** A kind of file and the bytes that tell it. */
export interface Signature {
  readonly code: OtherFileCode;
  /** How a sentence names it. */
  readonly what: string;
  /** Where the bytes stand; below zero: from the end of the file. */
  readonly at: number;
  readonly hex: string;
  /** The name of the format of what is, or may hold, a disk. */
  readonly format?: string;
  /** How the names of what is packed in it are found. */
  readonly archive?: ArchiveFormat;
}

const ZIP = {
  code: 'media/archive',
  what: sentence`a ZIP archive`,
  at: 0,
  format: 'ZIP',
  archive: 'zip',
} as const;
const disk = (what: string, format: string, hex: string, at = 0): Signature => ({
  code: 'media/disk-image',
  what,
  format,
  at,
  hex,
});
const disc = (what: string, hex: string, at = 0): Signature => ({
  code: 'media/other-disc-format',
  what,
  at,
  hex,
});
const packed = (what: string, format: string, hex: string, archive: ArchiveFormat = 'other'): Signature => ({
  code: 'media/archive',
  what,
  format,
  at: 0,
  hex,
  archive,
});

/** The one table of what files begin or end with; the first that fits counts. */
export const SIGNATURES: readonly Signature[] = [
  { code: 'media/raw-sectors', what: sentence`a raw copy of a CD`, at: 0, hex: '00ffffffffffffffffffff00' },
  {
    code: 'media/wim-alone',
    what: sentence`a Windows image file`,
    format: 'WIM',
    at: 0,
    hex: '4d5357494d000000',
  },
  { ...ZIP, hex: '504b0304' },
  { ...ZIP, hex: '504b0506' },
  { ...ZIP, hex: '504b0708' },
  packed(sentence`a 7-Zip archive`, '7z', '377abcaf271c'),
  packed(sentence`a RAR archive`, 'RAR', '526172211a07'),
  packed(sentence`a gzip archive`, 'gzip', '1f8b08', 'gzip'),
  packed(sentence`an xz archive`, 'xz', 'fd377a585a00'),
  packed(sentence`a bzip2 archive`, 'bzip2', '425a68'),
  packed(sentence`a Zstandard archive`, 'zstd', '28b52ffd'),
  packed(sentence`an LZ4 archive`, 'LZ4', '04224d18'),
  packed(sentence`a cabinet archive`, 'CAB', '4d534346'),
  {
    code: 'media/archive',
    what: sentence`a tar archive`,
    format: 'tar',
    at: 257,
    hex: '7573746172',
    archive: 'tar',
  },
  disk(sentence`a QCOW2 disk image`, 'QCOW2', '514649fb'),
  disk(sentence`a VHD disk image`, 'VHD', '636f6e6563746978'),
  disk(sentence`a VHDX disk image`, 'VHDX', '7668647866696c65'),
  disk(sentence`a VMDK disk image`, 'VMDK', '4b444d56'),
  disk(sentence`a VMDK disk image`, 'VMware ESX', '434f5744'),
  disk(sentence`a VMDK disk image`, 'VMware SE sparse', 'bebafeca'),
  disk(sentence`a VirtualBox disk image`, 'VDI', '7f10dabe', 64),
  disk(sentence`a QED disk image`, 'QED', '51454400'),
  disk(sentence`a Parallels disk image`, 'Parallels', '576974686f7574467265655370616365'),
  disk(sentence`a Parallels disk image`, 'Parallels', '576974686f7546726553706163457874'),
  disk(sentence`a Bochs disk image`, 'Bochs', '426f636873205669727475616c20484420496d616765'),
  // User-mode Linux, and a compressed loop device.
  disk(sentence`an image of a hard disk or a USB stick`, 'User-mode Linux COW', '4f4f4f4d'),
  disk(
    sentence`an image of a hard disk or a USB stick`,
    'cloop',
    '23212f62696e2f73680a2356322e3020466f726d61740a',
  ),
  disk(sentence`an encrypted disk`, 'LUKS', '4c554b53babe'),
  disc(sentence`a compressed disc image (CHD)`, '4d436f6d70724844'),
  disc(sentence`a compressed disc image (CSO)`, '4349534f'),
  disc(sentence`a compressed disc image (ZSO)`, '5a49534f'),
  disc(sentence`a compressed disc image (ISZ)`, '49735a21'),
  disc(sentence`a compressed disc image (ECM)`, '45434d00'),
  disc(sentence`a disc image of PowerISO (DAA)`, '44414100'),
  disc(sentence`a disc image of gBurner (GBI)`, '47424900'),
  {
    code: 'media/track-list',
    what: sentence`a list of the tracks of a CD`,
    at: 0,
    hex: '4d454449412044455343524950544f52',
  },
  {
    code: 'media/track-list',
    what: sentence`a list of the tracks of a CD`,
    at: 0,
    hex: '425754352053545245414d205349474e',
  },
  { code: 'media/program', what: sentence`a Linux program`, at: 0, hex: '7f454c46' },
  { code: 'media/text', what: sentence`a PDF document`, at: 0, hex: '255044462d' },
  // The footer of Virtual PC, also where it has the 511 bytes of its first versions.
  disk(sentence`a VHD disk image`, 'VHD', '636f6e6563746978', -512),
  disk(sentence`a VHD disk image`, 'VHD', '636f6e6563746978', -511),
  disc(sentence`a disc image of a Mac (DMG)`, '6b6f6c79', -512),
  disc(sentence`a disc image of Nero (NRG)`, '4e455235', -12),
  disc(sentence`a disc image of Nero (NRG)`, '4e45524f', -8),
  disc(sentence`a disc image of DiscJuggler (CDI)`, '04000080', -8),
  disc(sentence`a disc image of DiscJuggler (CDI)`, '05000080', -8),
  disc(sentence`a disc image of DiscJuggler (CDI)`, '06000080', -8),
];

/** Two letters are too few to go by where the file may be a floppy: an EFI boot sector begins with them as well. */
export const WEAK_SIGNATURES: readonly Signature[] = [
  { code: 'media/program', what: sentence`a Windows program`, at: 0, hex: '4d5a' },
];

/** The first signature that fits the first bytes and the last ones of a file. */
export function findSignature(
  table: readonly Signature[],
  head: Uint8Array,
  tail: Uint8Array,
): Signature | null {
  return (
    table.find(({ at, hex }) => (at < 0 ? has(tail, tail.length + at, hex) : has(head, at, hex))) ?? null
  );
}

function has(bytes: Uint8Array, at: number, hex: string): boolean {
  if (at < 0 || at + hex.length / 2 > bytes.length) return false;
  for (let digit = 0; digit < hex.length; digit += 2) {
    if (bytes[at + digit / 2] !== parseInt(hex.slice(digit, digit + 2), 16)) return false;
  }
  return true;
}
