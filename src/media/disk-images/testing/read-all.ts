import type { ByteSource } from '../../../bytes/byte-source.ts';

/** The whole of a small source, read in steps that fit no cluster size. */
export async function readAll(source: Pick<ByteSource, 'sizeBytes' | 'read'>): Promise<Uint8Array> {
  const out = new Uint8Array(source.sizeBytes);
  const step = 777 * 1000;
  for (let at = 0; at < out.length; at += step) {
    out.set(await source.read(at, Math.min(step, out.length - at)), at);
  }
  return out;
}
