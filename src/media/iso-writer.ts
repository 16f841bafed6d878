import { bootCatalog, bootRecord, type BootImage } from './boot-catalog-writer.ts';
import { descriptorTerminator, volumeDescriptor, type IsoTextKind } from './iso-records.ts';
import { sectorsOf, sizeOf, treeOf, TreeLayout, type IsoFile } from './iso-tree.ts';
import { SECTOR_BYTES } from './volume-descriptors.ts';

export type { IsoFile } from './iso-tree.ts';
export type { BootImage } from './boot-catalog-writer.ts';

export interface IsoOptions {
  /** Up to 32 letters, digits and underscores. */
  readonly volumeId: string;
  /** Long names for Windows and Linux beside the 8.3 ones; on unless false. */
  readonly joliet?: boolean;
  /** What the disc is started with; the first is the default. */
  readonly boot?: readonly BootImage[];
  readonly publisherId?: string;
  readonly preparerId?: string;
  readonly applicationId?: string;
  /** When it was made; a fixed date makes the same bytes again. */
  readonly date?: Date;
}

export interface IsoImage {
  readonly sizeBytes: number;
  /** In order: `new Blob(parts)` is the disc. Files that came as Blobs are in it uncopied. */
  readonly parts: (Uint8Array<ArrayBuffer> | Blob)[];
}

/**
 * An ISO 9660 disc (level 3, with Joliet and El Torito) with the given files. Throws `RangeError` where a path is
 * empty or given twice: what is written is ours to name.
 */
export function writeIso(files: readonly IsoFile[], options: IsoOptions): IsoImage {
  const root = treeOf(files);
  const date = options.date ?? new Date();
  const kinds: IsoTextKind[] = options.joliet === false ? ['primary'] : ['primary', 'joliet'];
  const boot = options.boot ?? [];

  let sector = 16 + kinds.length + 1 + (boot.length > 0 ? 1 : 0);
  const take = (count: number): number => {
    const first = sector;
    sector += count;
    return first;
  };
  const catalogSector = boot.length > 0 ? take(1) : 0;
  const trees = kinds.map((kind) => new TreeLayout(kind, root, take));
  const bootSectors = boot.map(({ image }) => take(sectorsOf(image.length)));
  const dataSectors = new Map(files.map((file) => [file, take(sectorsOf(sizeOf(file.contents)))]));
  const volumeSectors = sector;

  const metadata: Uint8Array<ArrayBuffer>[] = [new Uint8Array(16 * SECTOR_BYTES)];
  const descriptors = trees.map((tree) =>
    volumeDescriptor(tree.kind, { ...options, date }, volumeSectors, tree.place),
  );
  const [primary, ...others] = descriptors;
  const records = [primary, ...(boot.length > 0 ? [bootRecord(catalogSector)] : []), ...others];
  metadata.push(...records, descriptorTerminator());
  if (boot.length > 0) {
    const entries = boot.map((image, index) => ({ ...image, sector: bootSectors[index] }));
    metadata.push(bootCatalog(entries));
  }
  for (const tree of trees) metadata.push(...tree.write(dataSectors, date));

  const parts: IsoImage['parts'] = [...metadata];
  for (const { image } of boot) parts.push(image, padding(image.length));
  for (const file of files) parts.push(file.contents, padding(sizeOf(file.contents)));
  return { sizeBytes: volumeSectors * SECTOR_BYTES, parts: parts.filter((part) => sizeOf(part) > 0) };
}

function padding(bytes: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(sectorsOf(bytes) * SECTOR_BYTES - bytes);
}
