import type { NamedFiles } from '../bytes/named-file.ts';

/** The files of a disk image: the one that says what the disk is first. */

/** The image that a machine's disk began as, for the worker that opens the disk. */
export interface BaseWish {
  readonly files: NamedFiles;
  /** What the files were like when the image was attached: checked before anything is read for the guest. */
  readonly fingerprint: string;
}

export type DiskFileFormat = 'raw' | 'vhd' | 'qcow2';

export interface DiskExportWish {
  /** What the later calls name the export by: no two of a page have the same. */
  readonly id: number;
  readonly format: DiskFileFormat;
  /** Whose disk: a saved moment's, or the disk as it is now (null). */
  readonly momentId: string | null;
}

/** A disk on its way into a file: what both the machine's worker and the shelf's worker answer. One at a time. */
export interface DiskExportCalls {
  /**
   * Begins a file; the disk goes on being used, and the file holds it as it is at this instant. `base` is for a
   * machine that is off and stands on an image. Answers with the file's exact size.
   */
  beginDiskExport(wish: DiskExportWish, base: BaseWish | null): { sizeBytes: number };
  /** The next piece of the file, null at its end. Refused with `export/cancelled` when another was begun since. */
  diskExportNext(id: number): Uint8Array<ArrayBuffer> | null;
  /** Gives it up: a `beginDiskExport` under way and later pieces are refused with `export/cancelled`. */
  endDiskExport(id: number): void;
}

/** What the shelf's worker does with the disk of a machine that is off. */
export interface ShelfDiskCalls extends DiskExportCalls {
  /** Copies the image into this browser and takes the disk off it; `cancel` gives up. Tells its progress. */
  keepBase(base: BaseWish): void;
}
