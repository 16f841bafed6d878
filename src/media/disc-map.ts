/** What a stretch of a disc holds. */
export type DiscStretchKind =
  | 'start'
  | 'descriptors'
  | 'boot-catalog'
  | 'boot-image'
  | 'directory'
  | 'file'
  | 'small-files'
  | 'unused'
  | 'missing';

/** A stretch of the disc, to be drawn in proportion and read out. */
export interface DiscStretch {
  readonly kind: DiscStretchKind;
  /** What a visitor reads: a path for a file, else words. */
  readonly name: string;
  readonly offsetBytes: number;
  readonly sizeBytes: number;
  /** For a file: its whole size, and other paths that show the same bytes. A file in pieces has a stretch for each. */
  readonly file?: { readonly sizeBytes: number; readonly alsoAs: readonly string[] };
  /** For small files: how many begin here. */
  readonly fileCount?: number;
}

/**
 * A disc from its first byte to its last: the stretches are in order, leave no gap and do not overlap. Where the
 * file is cut off the last one is `missing` and lies beyond `sizeBytes`.
 */
export interface DiscMap {
  readonly sizeBytes: number;
  /** What the volume should have; more than `sizeBytes` where the file is cut off. */
  readonly volumeBytes: number;
  readonly stretches: readonly DiscStretch[];
  readonly fileSystem: 'udf' | 'joliet' | 'iso9660' | null;
  readonly fileCount: number;
  readonly directoryCount: number;
  /** The largest files, largest first. */
  readonly biggestFiles: readonly { readonly path: string; readonly sizeBytes: number }[];
  /** False where looking through all directories was stopped by the budget or by damage. */
  readonly isComplete: boolean;
  readonly bytesRead: number;
}
