import type { ByteSource } from '../bytes/byte-source.ts';
import { MeteredSource } from '../bytes/metered-source.ts';
import { VitrineError } from '../lib/errors.ts';
import { walkTree } from './disc-tree.ts';
import { bootImageBytes, readElTorito } from './el-torito.ts';
import { readIso9660 } from './iso9660.ts';
import { readUdf } from './udf.ts';
import { SECTOR_BYTES } from './volume-descriptors.ts';

/** A walk over a whole tree: the directories of an ISO 9660 disc, the file entries of a UDF one. */
const LIMITS = { budgetBytes: 3_300_000, maxReads: 15_000, deadlineMs: 1_000 } as const;

/**
 * Where the last byte that something on a disc uses ends, file, directory or boot image: what comes after it is
 * padding. `isComplete` is false where not all could be seen within the limits; Infinity where something that was to
 * be read lies outside the file. Rejects only where the medium fails.
 */
export async function readUsedEnd(disc: ByteSource): Promise<{ endBytes: number; isComplete: boolean }> {
  const source = new MeteredSource(disc, LIMITS);
  let endBytes = 0;
  const use = (end: number) => (endBytes = Math.max(endBytes, end));
  try {
    const boot = await readElTorito(source);
    if (boot) {
      use((boot.catalogLba + 1) * SECTOR_BYTES);
      for (const entry of boot.entries) use(entry.lba * SECTOR_BYTES + bootImageBytes(entry));
    }
    const iso = await readIso9660(source);
    const udf = await readUdf(source);
    for (const root of [iso?.primary.root, iso?.joliet?.root, udf?.root]) {
      if (!root) continue;
      for (const { offsetBytes, lengthBytes } of (await root.layout()).extents) {
        use((offsetBytes ?? 0) + lengthBytes);
      }
      for await (const { node } of walkTree(root)) {
        for (const { offsetBytes, lengthBytes } of (await node.layout()).extents) {
          if (offsetBytes !== null && lengthBytes > 0) use(offsetBytes + lengthBytes);
        }
      }
    }
    return { endBytes, isComplete: true };
  } catch (error) {
    if (!(error instanceof VitrineError) || error.code === 'bytes/unreadable') throw error;
    return error.code === 'bytes/budget'
      ? { endBytes, isComplete: false }
      : { endBytes: Infinity, isComplete: true };
  }
}
