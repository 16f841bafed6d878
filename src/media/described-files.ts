import { sentence } from '../lib/language.ts';
import type { OtherFileCode } from './file-signatures.ts';

/** A text that stands for other files: what it is, and the files that it names, as it writes them. */
export interface DescribedFiles {
  readonly code: OtherFileCode;
  readonly what: string;
  readonly names: readonly string[];
}

const TRACKS = sentence`a list of the tracks of a CD`;
const MACHINE = sentence`the description of a machine`;
const MAX_NAMES = 32;
/** What a value in a description ends with that names a disk. */
const DISK_FILE = /\.(?:vmdk|vhdx?|vdi|qcow2?|hds|hdd|img|raw)$/iu;

/**
 * What a text is that describes a CD or a machine whose bytes are in other files; null for any other text. `text` is
 * the beginning of the file.
 */
export function describedFiles(text: string): DescribedFiles | null {
  const lines = text.split(/[\r\n]/u).map((line) => line.trim());
  const first = (lines.find((line) => line !== '') ?? '').replace('\ufeff', '');
  const quoted = (line: string): string[] => line.split('"').filter((_, index) => index % 2 === 1);

  if (first === '[CloneCD]') return { code: 'media/track-list', what: TRACKS, names: [] };
  // cdrdao's table of contents.
  if (/^CD_(?:ROM|ROM_XA|DA|I)$/u.test(first)) {
    const named = lines.filter((line) => /^(?:DATAFILE|FILE|AUDIOFILE) /u.test(line));
    return { code: 'media/track-list', what: TRACKS, names: unique(named.flatMap(quoted)) };
  }
  const tracks = lines.filter(
    (line) => /^FILE /iu.test(line) && / (?:BINARY|MOTOROLA|WAVE|MP3|AIFF)$/iu.test(line),
  );
  if (tracks.length > 0) {
    const names = tracks.map((line) => quoted(line)[0] ?? line.slice(5, line.lastIndexOf(' ')).trim());
    return { code: 'media/track-list', what: TRACKS, names: unique(names) };
  }
  const isMachine =
    text.includes('<Envelope') ||
    text.includes(':Envelope') ||
    text.includes('<VirtualBox') ||
    text.includes('<ParallelsVirtualMachine') ||
    lines.some((line) => line.startsWith('virtualHW.version'));
  if (!isMachine) return null;
  const disks = lines.flatMap(quoted).filter((value) => DISK_FILE.test(value));
  return { code: 'media/machine-description', what: MACHINE, names: unique(disks) };
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)].slice(0, MAX_NAMES);
}
