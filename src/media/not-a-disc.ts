import { sentence } from '../lib/language.ts';
import type { ByteSource } from '../bytes/byte-source.ts';
import { ByteReader } from '../bytes/byte-reader.ts';

/** What a file is that is no disc image. `what` is how a sentence names it. */
export interface OtherFile {
  readonly code:
    | 'media/empty'
    | 'media/zeros'
    | 'media/text'
    | 'media/archive'
    | 'media/disk-image'
    | 'media/floppy-image'
    | 'media/program'
    | 'media/wim-alone'
    | 'media/raw-sectors'
    | 'media/unknown';
  readonly what: string;
}

const LOOK_BYTES = 40 * 1024;

/** Beginnings that tell a kind of file, first match wins. */
const MAGICS: readonly (OtherFile & { at: number; hex: string })[] = [
  { code: 'media/raw-sectors', what: sentence`a raw copy of a CD`, at: 0, hex: '00ffffffffffffffffffff00' },
  { code: 'media/wim-alone', what: sentence`a Windows image file`, at: 0, hex: '4d5357494d000000' },
  { code: 'media/archive', what: sentence`a ZIP archive`, at: 0, hex: '504b0304' },
  { code: 'media/archive', what: sentence`a 7-Zip archive`, at: 0, hex: '377abcaf271c' },
  { code: 'media/archive', what: sentence`a RAR archive`, at: 0, hex: '526172211a07' },
  { code: 'media/archive', what: sentence`a gzip archive`, at: 0, hex: '1f8b08' },
  { code: 'media/archive', what: sentence`an xz archive`, at: 0, hex: 'fd377a585a00' },
  { code: 'media/archive', what: sentence`a bzip2 archive`, at: 0, hex: '425a68' },
  { code: 'media/archive', what: sentence`a cabinet archive`, at: 0, hex: '4d534346' },
  { code: 'media/archive', what: sentence`a tar archive`, at: 257, hex: '7573746172' },
  { code: 'media/disk-image', what: sentence`a QCOW2 disk image`, at: 0, hex: '514649fb' },
  { code: 'media/disk-image', what: sentence`a VHD disk image`, at: 0, hex: '636f6e6563746978' },
  { code: 'media/disk-image', what: sentence`a VHDX disk image`, at: 0, hex: '7668647866696c65' },
  { code: 'media/disk-image', what: sentence`a VMDK disk image`, at: 0, hex: '4b444d56' },
  { code: 'media/disk-image', what: sentence`a VirtualBox disk image`, at: 64, hex: '7f10dabe' },
  { code: 'media/program', what: sentence`a Windows program`, at: 0, hex: '4d5a' },
  { code: 'media/program', what: sentence`a Linux program`, at: 0, hex: '7f454c46' },
  { code: 'media/text', what: sentence`a PDF document`, at: 0, hex: '255044462d' },
];

const FLOPPY_BYTES = new Set([163840, 184320, 327680, 368640, 737280, 1228800, 1474560, 2949120]);

/**
 * What a file without any optical file system is, from its first 40 kB and its size: for the sentence only, so a
 * guess that fails ends at `media/unknown`.
 */
export async function identifyOtherFile(source: ByteSource): Promise<OtherFile> {
  if (source.sizeBytes === 0) return { code: 'media/empty', what: sentence`an empty file` };
  const head = await source.read(0, Math.min(LOOK_BYTES, source.sizeBytes));
  const reader = new ByteReader(head);
  for (const { code, what, at, hex } of MAGICS) {
    if (at <= head.length && reader.at(at).startsWith(latin1OfHex(hex))) return { code, what };
  }
  if (await isAllZeros(source, head)) return { code: 'media/zeros', what: sentence`nothing but zeros` };
  if (head.length >= 512 && head[510] === 0x55 && head[511] === 0xaa) {
    return FLOPPY_BYTES.has(source.sizeBytes)
      ? { code: 'media/floppy-image', what: sentence`a floppy disk image` }
      : { code: 'media/disk-image', what: sentence`an image of a hard disk or a USB stick` };
  }
  if (FLOPPY_BYTES.has(source.sizeBytes))
    return { code: 'media/floppy-image', what: sentence`a floppy disk image` };
  if (looksLikeText(head)) return { code: 'media/text', what: sentence`text` };
  return { code: 'media/unknown', what: sentence`a file of an unknown kind` };
}

function latin1OfHex(hex: string): string {
  return hex.replace(/../gu, (pair) => String.fromCharCode(parseInt(pair, 16)));
}

/** Start, middle and end: a download that reserved its space and then stopped. */
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
