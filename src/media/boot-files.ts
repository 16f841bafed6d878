import type { ByteSource } from '../bytes/byte-source.ts';
import { VitrineError } from '../lib/errors.ts';
import { openDisc } from './disc-source.ts';
import { findNode, type DiscNode } from './disc-tree.ts';
import { bootImageBytes, readElTorito } from './el-torito.ts';
import { readIso9660 } from './iso9660.ts';
import { readUdf } from './udf.ts';
import { SECTOR_BYTES } from './volume-descriptors.ts';

/** What a Windows Vista or 7 disc starts with, in the order in which it is read. The boot image is no file of the tree. */
const PATHS = {
  bootmgr: 'bootmgr',
  bcd: 'boot/bcd',
  'boot-sdi': 'boot/boot.sdi',
  'boot-wim': 'sources/boot.wim',
  'install-wim': 'sources/install.wim',
} as const;

export type BootFileId = 'boot-image' | keyof typeof PATHS;

export interface BootFile {
  readonly id: BootFileId;
  readonly sizeBytes: number;
  /** Where it lies on the disc. */
  readonly extents: readonly { readonly offsetBytes: number; readonly lengthBytes: number }[];
}

/**
 * Where on the disc the files lie that Windows Setup starts from; those that are missing, or cannot be found in what
 * is damaged, are left out. Reads some tens of kilobytes. Rejects only with `bytes/unreadable`.
 */
export async function findBootFiles(file: ByteSource): Promise<BootFile[]> {
  const disc = await attempt(() => openDisc(file));
  if (!disc) return [];
  const root = await attempt(() => rootOf(disc));
  const found = [await attempt(() => bootImage(disc))];
  for (const [id, path] of Object.entries(PATHS) as [keyof typeof PATHS, string][]) {
    found.push(root && (await attempt(() => bootFile(id, root, path))));
  }
  return found.filter((each) => each !== null);
}

async function rootOf(disc: ByteSource): Promise<DiscNode | null> {
  const udf = await attempt(() => readUdf(disc));
  if (udf) return udf.root;
  const iso = await readIso9660(disc);
  return iso && (iso.rockRidge ? iso.primary : (iso.joliet ?? iso.primary)).root;
}

async function bootImage(disc: ByteSource): Promise<BootFile | null> {
  const entry = (await readElTorito(disc))?.entries.find(({ isDefault }) => isDefault);
  if (!entry) return null;
  const lengthBytes = bootImageBytes(entry);
  return {
    id: 'boot-image',
    sizeBytes: lengthBytes,
    extents: [{ offsetBytes: entry.lba * SECTOR_BYTES, lengthBytes }],
  };
}

async function bootFile(id: BootFileId, root: DiscNode, path: string): Promise<BootFile | null> {
  const node = await findNode(root, path);
  if (!node || node.isDirectory) return null;
  const { sizeBytes, extents } = await node.layout();
  return {
    id,
    sizeBytes,
    extents: extents.flatMap(({ offsetBytes, lengthBytes }) =>
      offsetBytes === null || lengthBytes === 0 ? [] : [{ offsetBytes, lengthBytes }],
    ),
  };
}

async function attempt<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof VitrineError) || error.code === 'bytes/unreadable') throw error;
    return null;
  }
}
