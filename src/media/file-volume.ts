import type { ByteSource } from '../bytes/byte-source.ts';

/** A volume on which files are found by their paths, letter case ignored. */
export interface FileVolume {
  openFile(path: readonly string[]): Promise<ByteSource | null>;
}
