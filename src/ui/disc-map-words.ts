import { formatBytes, formatNumber } from '../lib/format.ts';
import { t, translate } from '../lib/language.ts';
import type { DiscMap, DiscStretch, DiscStretchKind } from '../media/disc-map.ts';

/** What each colour of the map stands for. */
export const STRETCH_KINDS: Readonly<Record<DiscStretchKind, string>> = {
  get start() {
    return t`Free for a boot sector`;
  },
  get descriptors() {
    return t`File system descriptors`;
  },
  get 'boot-catalog'() {
    return t`Boot catalog`;
  },
  get 'boot-image'() {
    return t`Boot image`;
  },
  get directory() {
    return t`Folders`;
  },
  get file() {
    return t`Big files`;
  },
  get 'small-files'() {
    return t`Small files`;
  },
  get unused() {
    return t`Unused`;
  },
  get missing() {
    return t`Missing`;
  },
};

const FILE_SYSTEMS = { udf: 'UDF', joliet: 'Joliet', iso9660: 'ISO 9660' } as const;

/** How a stretch is called: a path, or what it is. */
export function stretchName({ kind, name, fileCount }: DiscStretch): string {
  if (kind === 'small-files' && fileCount) return `${translate(name)}: ${fileWords(fileCount)}`;
  if (kind === 'directory' && name !== 'Directories') return t`Folder ${name}`;
  return kind === 'directory' ? t`Folders` : translate(name);
}

/** Its size, its share and its place: "2.2 GB, 91 % of the disc, from byte 180,224". */
export function stretchFigures({ sizeBytes, offsetBytes }: DiscStretch, volumeBytes: number): string {
  return t`${formatBytes(sizeBytes)}, ${shareWords(sizeBytes / volumeBytes)} of the disc, from byte ${formatNumber(offsetBytes)}`;
}

/** What else is worth knowing of a file: that it lies in pieces, and its other names. */
export function stretchNotes({ sizeBytes, file }: DiscStretch): string {
  if (!file) return '';
  const isPiece = file.sizeBytes > sizeBytes;
  return [
    isPiece ? t`A piece of a file of ${formatBytes(file.sizeBytes)}.` : '',
    file.alsoAs.length > 0 ? t`Also as ${file.alsoAs.join(', ')}.` : '',
  ]
    .filter(Boolean)
    .join(' ');
}

/** The whole disc in a sentence. */
export function mapSummary({ fileSystem, fileCount, directoryCount, sizeBytes }: DiscMap): string {
  const system = fileSystem ? `${FILE_SYSTEMS[fileSystem]}: ` : '';
  return `${system}${t`${fileWords(fileCount)} in ${folderWords(directoryCount)} on ${formatBytes(sizeBytes)}.`}`;
}

function fileWords(count: number): string {
  return count === 1 ? t`1 file` : t`${formatNumber(count)} files`;
}

/** After "in": German declines it. */
function folderWords(count: number): string {
  return count === 1 ? t`1 folder` : t`${formatNumber(count)} folders`;
}

function shareWords(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.1) return t`less than 0.1 %`;
  return `${formatNumber(percent, percent < 10 ? 1 : 0)} %`;
}
