import { VitrineError } from '../lib/errors.ts';
import { formatBytes } from '../lib/format.ts';
import type { SaveSink } from './save-sink.ts';

/** What a page may gather before it hands a file over: browsers of small devices end pages that hold much more. */
export const MEMORY_LIMIT_BYTES = 1 << 30;
/** Chunks become a blob of their own at this size: a browser may put blobs on its drive, never loose arrays. */
const PIECE_BYTES = 16 << 20;
/** A browser does not say when it has begun to read what a link points to. */
const LINK_LIVES_MS = 60_000;

/** The last resort: the whole file is gathered in the page, and downloaded when it is whole. */
export function openMemorySink(
  name: string,
  sizeBytes: number | null,
  limitBytes = MEMORY_LIMIT_BYTES,
): SaveSink {
  const check = (bytes: number): void => {
    if (bytes <= limitBytes) return;
    throw new VitrineError('save/too-large-here', { name, limit: formatBytes(limitBytes) });
  };
  check(sizeBytes ?? 0);
  let pieces: Blob[] = [];
  let loose: Uint8Array<ArrayBuffer>[] = [];
  let looseBytes = 0;
  let total = 0;
  const settle = (): void => {
    if (looseBytes > 0) pieces.push(new Blob(loose));
    loose = [];
    looseBytes = 0;
  };
  return {
    way: 'memory',
    lost: new AbortController().signal,
    write: async (bytes) => {
      total += bytes.length;
      check(total);
      loose.push(bytes);
      looseBytes += bytes.length;
      if (looseBytes >= PIECE_BYTES) settle();
    },
    close: async () => {
      settle();
      const url = URL.createObjectURL(new Blob(pieces, { type: 'application/octet-stream' }));
      pieces = [];
      const link = document.createElement('a');
      link.href = url;
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(url), LINK_LIVES_MS);
    },
    abort: async () => {
      pieces = [];
      loose = [];
    },
  };
}
