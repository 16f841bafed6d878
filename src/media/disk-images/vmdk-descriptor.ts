import { decodeVmdkName, vmdkDescriptorBytes } from './vmdk-text.ts';

/** One line of a descriptor's extent list: size in sectors, type, file, and where in the file it begins. */
export interface VmdkExtentLine {
  sectors: number;
  /** FLAT, SPARSE, ZERO, VMFS, VMFSSPARSE, VMFSRDM… */
  type: string;
  /** The file with its folders as it is written, '' where there is none. */
  path: string;
  /** What the file may be called, without its folders, the likeliest first; see `decodeVmdkName`. */
  fileNames: readonly string[];
  startSector: number;
}

/** The text part of a VMDK (VMware "Virtual Disk Format 5.0", The Descriptor File), as far as a reader needs it. */
export interface VmdkDescriptor {
  createType: string;
  hasParent: boolean;
  encrypted: boolean;
  extents: VmdkExtentLine[];
}

/** Descriptors are a page of text: one for a disk of 127 GiB in parts of 2 GB has 5 kB. One larger than this is none. */
export const VMDK_DESCRIPTOR_MAX_BYTES = 64 << 10;

const ACCESS = ['RW', 'RDONLY', 'NOACCESS'];

/**
 * Reads a descriptor; what it does not say is empty. Unknown lines are left aside, as the format asks. Every byte is
 * looked at a fixed number of times.
 */
export function parseVmdkDescriptor(bytes: Uint8Array): VmdkDescriptor {
  const lines = linesOf(bytes);
  const values = new Map<string, string>();
  const extents: string[] = [];
  for (const line of lines) {
    if (ACCESS.includes(wordsOf(line.slice(0, 12))[0] ?? '')) {
      extents.push(line);
      continue;
    }
    const equals = line.indexOf('=');
    if (equals > 0 && !line.startsWith('#'))
      values.set(line.slice(0, equals).trim().toLowerCase(), unquoted(line.slice(equals + 1).trim()));
  }
  const encoding = values.get('encoding') ?? '';
  const parent = (values.get('parentcid') ?? 'ffffffff').toLowerCase();
  return {
    createType: values.get('createtype') ?? '',
    hasParent: parent !== 'ffffffff' || values.has('parentfilenamehint'),
    encrypted: values.has('encryption.keysafe') || values.has('encryption.data'),
    extents: extents.map((line) => parseExtent(line, encoding)).filter((extent) => extent !== null),
  };
}

/** How far the first line of a descriptor is looked for behind empty lines and comments. */
export const DESCRIPTOR_LOOK_BYTES = 4096;

/**
 * Whether a file that begins with these bytes is a descriptor. What writes them begins with "# Disk DescriptorFile";
 * editors put a byte order mark, empty lines or comments of their own before it or leave it out, which QEMU takes too.
 */
export function isVmdkDescriptor(head: Uint8Array): boolean {
  for (const line of linesOf(head)) {
    const text = line.toLowerCase();
    if (text.startsWith('# disk descriptorfile') || text.startsWith('#disk descriptorfile')) return true;
    if (text !== '' && !text.startsWith('#')) return /^version {0,9}= {0,9}[1-3]$/u.test(text);
  }
  return false;
}

/** Its lines, one letter for each byte (names are in an encoding that only a later line may tell). */
function linesOf(bytes: Uint8Array): string[] {
  const text = Array.from(vmdkDescriptorBytes(bytes), (byte) => String.fromCharCode(byte)).join('');
  const end = text.indexOf('\0');
  return (end < 0 ? text : text.slice(0, end)).split(/\r\n|\r|\n/u).map((line) => line.trim());
}

/** `RW 4192256 SPARSE "win7-s001.vmdk"`, for flat extents with the sector at which it begins. */
function parseExtent(line: string, encoding: string): VmdkExtentLine | null {
  const open = line.indexOf('"');
  const close = open < 0 ? -1 : line.indexOf('"', open + 1);
  const [, sectors = '', type = ''] = wordsOf(open < 0 ? line : line.slice(0, open));
  if (!isWholeNumber(sectors) || type === '') return null;
  const named = close < 0 ? '' : line.slice(open + 1, close);
  const [startSector = '0'] = close < 0 ? [] : wordsOf(line.slice(close + 1));
  const paths = decodeVmdkName(named, encoding);
  return {
    sectors: Number(sectors),
    type: type.toUpperCase(),
    path: paths[0],
    // Only the last part of the path: a descriptor does not lead to other folders.
    fileNames: [...new Set(paths.map((path) => path.split(/[\\/]/u).at(-1)!))],
    startSector: isWholeNumber(startSector) ? Number(startSector) : Number.NaN,
  };
}

const wordsOf = (text: string): string[] => text.split(/[ \t]/u).filter((word) => word !== '');
const isWholeNumber = (text: string): boolean => /^[0-9]{1,15}$/u.test(text);

function unquoted(text: string): string {
  const start = text.startsWith('"') ? 1 : 0;
  const end = text.indexOf('"', start);
  return end < 0 ? text.slice(start) : text.slice(start, end);
}
