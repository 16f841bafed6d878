import table from './windows7-discs.json';

/** A disc that Microsoft published, as far as it is known: see the table's own note on where it comes from. */
export interface PublishedDisc {
  readonly file: string;
  readonly arch: 'x86' | 'x64';
  readonly edition: string;
  /** Such as `en-us`. */
  readonly language: string;
  readonly servicePack: number;
  readonly sizeBytes: number | null;
  readonly volumeId: string | null;
  readonly sha1: string | null;
}

export const PUBLISHED_DISCS: readonly PublishedDisc[] = table.discs.map((disc) => ({
  file: disc.file,
  arch: disc.arch === 'x64' ? 'x64' : 'x86',
  edition: disc.edition,
  language: disc.language,
  servicePack: disc.servicePack,
  sizeBytes: disc.sizeBytes ?? null,
  volumeId: disc.volumeId ?? null,
  sha1: disc.sha1 ?? null,
}));

/** The disc with a SHA-1 sum (hex, either case), null where it is not in the list: which says nothing about it. */
export function findDiscBySum(sha1: string): PublishedDisc | null {
  const wanted = sha1.toLowerCase();
  return PUBLISHED_DISCS.find((disc) => disc.sha1 === wanted) ?? null;
}

/** The discs with this volume label and this size: a hint only, both are easily kept by a changed disc. */
export function findDiscByLabel(volumeId: string, sizeBytes: number): PublishedDisc | null {
  return PUBLISHED_DISCS.find((disc) => disc.volumeId === volumeId && disc.sizeBytes === sizeBytes) ?? null;
}

const DEFAULT_X86_LABEL = 'GSP1RMCPRFRER_EN_DVD';

/**
 * Which 32-bit disc to look for in place of a 64-bit one: the same edition and language by the label, else the
 * same language and service pack, else English Professional SP1, all of which the table knows by label and size.
 */
export function find32BitDisc(volumeId: string, languages: readonly string[] = []): PublishedDisc {
  const complete = PUBLISHED_DISCS.filter(
    (disc) => disc.arch === 'x86' && disc.volumeId !== null && disc.sizeBytes !== null,
  );
  const twin = volumeId.replace(/^(G(?:SP1)?RMC[A-Z]*?)X(FRER|FREO|VOL|EVAL|VCCP)_/u, '$1$2_');
  const language = languages[0]?.toLowerCase();
  return (
    complete.find((disc) => disc.volumeId === twin) ??
    complete.find((disc) => disc.language === language && disc.servicePack === 1 && language !== 'en-us') ??
    complete.find((disc) => disc.volumeId === DEFAULT_X86_LABEL)!
  );
}
