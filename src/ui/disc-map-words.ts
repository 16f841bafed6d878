import { formatBytes } from '../lib/format.ts';
import type { DiscMap, DiscStretch, DiscStretchKind } from '../media/disc-map.ts';

/** What each colour of the map stands for. */
export const STRETCH_KINDS: Readonly<Record<DiscStretchKind, string>> = {
  start: 'Free for a boot sector',
  descriptors: 'File system descriptors',
  'boot-catalog': 'Boot catalog',
  'boot-image': 'Boot image',
  directory: 'Folders',
  file: 'Big files',
  'small-files': 'Small files',
  unused: 'Unused',
  missing: 'Missing',
};

const FILE_SYSTEMS = { udf: 'UDF', joliet: 'Joliet', iso9660: 'ISO 9660' } as const;

/** How a stretch is called: a path, or what it is. */
export function stretchName({ kind, name, fileCount }: DiscStretch): string {
  if (kind === 'small-files' && fileCount) return `${name}: ${counted(fileCount, 'file')}`;
  if (kind === 'directory' && name !== 'Directories') return `Folder ${name}`;
  return kind === 'directory' ? 'Folders' : name;
}

/** Its size, its share and its place: "2.2 GB, 91 % of the disc, from byte 180,224". */
export function stretchFigures({ sizeBytes, offsetBytes }: DiscStretch, volumeBytes: number): string {
  const from = offsetBytes.toLocaleString('en-US');
  return `${formatBytes(sizeBytes)}, ${shareWords(sizeBytes / volumeBytes)} of the disc, from byte ${from}`;
}

/** What else is worth knowing of a file: that it lies in pieces, and its other names. */
export function stretchNotes({ sizeBytes, file }: DiscStretch): string {
  if (!file) return '';
  const isPiece = file.sizeBytes > sizeBytes;
  return [
    isPiece ? `A piece of a file of ${formatBytes(file.sizeBytes)}.` : '',
    file.alsoAs.length > 0 ? `Also as ${file.alsoAs.join(', ')}.` : '',
  ]
    .filter(Boolean)
    .join(' ');
}

/** The whole disc in a sentence. */
export function mapSummary({ fileSystem, fileCount, directoryCount, sizeBytes }: DiscMap): string {
  const system = fileSystem ? `${FILE_SYSTEMS[fileSystem]}: ` : '';
  const content = `${counted(fileCount, 'file')} in ${counted(directoryCount, 'folder')}`;
  return `${system}${content} on ${formatBytes(sizeBytes)}.`;
}

function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}

function shareWords(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.1) return 'less than 0.1 %';
  return `${percent.toFixed(percent < 10 ? 1 : 0)} %`;
}
