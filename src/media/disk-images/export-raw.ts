import {
  EXPORT_CHUNK_BYTES,
  exportedSize,
  readPadded,
  streamParts,
  type DiskExport,
  type ExportOptions,
} from './disk-export.ts';
import type { SparseReader } from './disk-image.ts';

/** The disk byte by byte. The file is as large as the disk: a stream cannot leave holes. */
export async function exportRaw(disk: SparseReader, options: ExportOptions = {}): Promise<DiskExport> {
  const sizeBytes = exportedSize(disk);
  return streamParts(sizeBytes, rawParts(disk, sizeBytes), options);
}

/** The disk's bytes in steps, from first to last. */
export function* rawParts(disk: SparseReader, sizeBytes: number): Generator<() => Promise<Uint8Array>> {
  for (let at = 0; at < sizeBytes; at += EXPORT_CHUNK_BYTES) {
    const offset = at;
    yield () => readPadded(disk, offset, Math.min(EXPORT_CHUNK_BYTES, sizeBytes - offset));
  }
}
