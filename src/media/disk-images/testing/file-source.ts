import { open } from 'node:fs/promises';
import { checkRange, type ByteSource } from '../../../bytes/byte-source.ts';
import { VitrineError } from '../../../lib/errors.ts';

/** A file on this computer, read in place, for programs that run in Node (whose Blobs end at 4 GiB). */
export async function openFileSource(path: string): Promise<ByteSource & { close(): Promise<void> }> {
  const file = await open(path, 'r');
  const { size } = await file.stat();
  const name = path.split('/').at(-1) ?? path;
  return {
    name,
    sizeBytes: size,
    async read(offset, length) {
      checkRange({ name, sizeBytes: size }, offset, length);
      const bytes = new Uint8Array(length);
      const { bytesRead } = await file.read(bytes, 0, length, offset);
      if (bytesRead !== length) throw new VitrineError('bytes/unreadable', { name });
      return bytes;
    },
    close: () => file.close(),
  };
}
