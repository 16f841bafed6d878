import { sentence } from '../lib/language.ts';
import type { ByteSource } from '../bytes/byte-source.ts';
import { MeteredSource } from '../bytes/metered-source.ts';
import { VitrineError } from '../lib/errors.ts';
import type { DiscMap } from './disc-map.ts';
import { openDisc } from './disc-source.ts';
import { layStretches, type Claim } from './disc-stretches.ts';
import { malformed, walkTree, type DiscNode } from './disc-tree.ts';
import { bootImageBytes, readElTorito } from './el-torito.ts';
import { readIso9660 } from './iso9660.ts';
import { readUdf } from './udf.ts';
import { readVolumeStructures, SECTOR_BYTES } from './volume-descriptors.ts';

/** A Windows disc has about a thousand file entries of 2 kB, which is 4 MB; a live Linux needs less. */
const MAP_LIMITS = { budgetBytes: 8_000_000, maxReads: 20_000, deadlineMs: 1_500 } as const;

/** Pieces of all files together: of a real disc hardly a file has two. Each takes some hundred bytes of memory. */
const MOST_PIECES = 100_000;

/** Files that get a stretch of their own; the others are small files. */
const MAX_NAMED_FILES = 16;
/** Below this share of the disc a file would be too thin to point at. */
const MIN_NAMED_SHARE = 1 / 400;

interface FoundFile {
  readonly paths: string[];
  readonly sizeBytes: number;
  readonly extents: readonly { offsetBytes: number; lengthBytes: number }[];
}

/**
 * Where what lies on a disc. Costs at most 8 MB of reading and 1.5 seconds; where that is not enough, or something
 * is damaged, the map holds what was found and says that it is not complete. Rejects only with `bytes/unreadable`.
 */
export async function mapDisc(file: ByteSource): Promise<DiscMap> {
  const metered = new MeteredSource(file, MAP_LIMITS);
  const source = await openDisc(metered);
  const found = new Map<string, FoundFile>();
  const claims: Claim[] = [];
  const counts = { files: 0, directories: 0, pieces: 0 };
  let isComplete = true;
  const attempt = async <T>(read: () => Promise<T>): Promise<T | null> => {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof VitrineError) || error.code === 'bytes/unreadable') throw error;
      isComplete = false;
      return null;
    }
  };

  await attempt(() => claimDescriptors(source, claims));
  await attempt(() => claimBoot(source, claims));
  const iso = await attempt(() => readIso9660(source));
  const udf = await attempt(() => readUdf(source));
  // Rock Ridge names are in the primary tree and are as good as Joliet's.
  const isoTree = iso && (iso.rockRidge ? iso.primary : (iso.joliet ?? iso.primary));
  if (udf)
    claims.push({
      kind: 'descriptors',
      name: sentence`UDF descriptors`,
      offset: udf.anchorSector * SECTOR_BYTES,
      size: SECTOR_BYTES,
    });
  const root = udf?.root ?? isoTree?.root;
  if (root) {
    await attempt(() => claimDirectory(root, '', claims));
    await attempt(async () => {
      for await (const { path, node } of walkTree(root)) {
        if (node.isDirectory) {
          counts.directories++;
          await claimDirectory(node, path, claims);
        } else {
          counts.files++;
          counts.pieces += await addFile(found, node, path);
          if (counts.pieces > MOST_PIECES) throw malformed(file.name, sentence`the chain of its pieces`);
        }
      }
    });
  }

  const files = [...found.values()].sort((a, b) => b.sizeBytes - a.sizeBytes);
  const named = files
    .slice(0, MAX_NAMED_FILES)
    .filter(({ sizeBytes }) => sizeBytes >= source.sizeBytes * MIN_NAMED_SHARE);
  for (const file of files) for (const claim of claimsOfFile(file, named.includes(file))) claims.push(claim);
  const volumeBytes = Math.max(source.sizeBytes, iso?.primary.volumeBytes ?? 0, udf?.volumeBytes ?? 0);
  return {
    sizeBytes: source.sizeBytes,
    volumeBytes,
    stretches: layStretches(claims, source.sizeBytes, volumeBytes),
    fileSystem: udf ? 'udf' : (isoTree?.kind ?? null),
    fileCount: counts.files,
    directoryCount: counts.directories,
    biggestFiles: files
      .slice(0, MAX_NAMED_FILES)
      .map(({ paths, sizeBytes }) => ({ path: paths[0], sizeBytes })),
    isComplete,
    bytesRead: metered.bytesRead,
  };
}

async function claimDescriptors(source: ByteSource, claims: Claim[]): Promise<void> {
  const structures = await readVolumeStructures(source);
  if (structures.length === 0) return;
  const offset = structures[0].sector * SECTOR_BYTES;
  claims.push({ kind: 'start', name: sentence`Free for a boot sector`, offset: 0, size: offset });
  const size = structures.length * SECTOR_BYTES;
  claims.push({ kind: 'descriptors', name: sentence`Volume descriptors`, offset, size });
}

async function claimBoot(source: ByteSource, claims: Claim[]): Promise<void> {
  const boot = await readElTorito(source);
  if (!boot) return;
  const offset = boot.catalogLba * SECTOR_BYTES;
  claims.push({ kind: 'boot-catalog', name: sentence`Boot catalog`, offset, size: SECTOR_BYTES });
  for (const entry of boot.entries) {
    const name = entry.platform === 'efi' ? sentence`Boot image for EFI` : sentence`Boot image`;
    claims.push({ kind: 'boot-image', name, offset: entry.lba * SECTOR_BYTES, size: bootImageBytes(entry) });
  }
}

async function claimDirectory(node: DiscNode, path: string, claims: Claim[]): Promise<void> {
  for (const { offsetBytes, lengthBytes } of (await node.layout()).extents) {
    if (offsetBytes === null) continue;
    claims.push({
      kind: 'directory',
      name: path === '' ? sentence`Directories` : path,
      offset: offsetBytes,
      size: lengthBytes,
    });
  }
}

/**
 * One file for each set of extents: several names may show the same bytes (`oscdimg -o`, hard links). Gives the number of
 * its pieces.
 */
async function addFile(found: Map<string, FoundFile>, node: DiscNode, path: string): Promise<number> {
  const { sizeBytes, extents } = await node.layout();
  const recorded = extents.flatMap(({ offsetBytes, lengthBytes }) =>
    offsetBytes === null || lengthBytes === 0 ? [] : [{ offsetBytes, lengthBytes }],
  );
  if (recorded.length === 0) return 0;
  const key = recorded.map(({ offsetBytes, lengthBytes }) => `${offsetBytes}+${lengthBytes}`).join();
  const known = found.get(key);
  if (known) known.paths.push(path);
  else found.set(key, { paths: [path], sizeBytes, extents: recorded });
  return recorded.length;
}

function claimsOfFile({ paths, sizeBytes, extents }: FoundFile, isNamed: boolean): Claim[] {
  return extents.map(({ offsetBytes, lengthBytes }, index) => ({
    kind: isNamed ? ('file' as const) : ('small-files' as const),
    name: paths[0],
    offset: offsetBytes,
    size: lengthBytes,
    ...(isNamed ? { file: { sizeBytes, alsoAs: paths.slice(1) } } : { fileCount: index === 0 ? 1 : 0 }),
  }));
}
