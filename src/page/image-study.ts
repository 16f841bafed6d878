import { BlobSource } from '../bytes/byte-source.ts';
import { VitrineError } from '../lib/errors.ts';
import type { DiskReport } from '../media/disk-report.ts';
import type { ImageFiles } from '../media/disk-images/image-files.ts';
import { readStorageRoom } from '../store/storage-room.ts';
import type { PickedFile } from './picked-file.ts';

/** A disk image as the visitor brought it. */
export interface BroughtImage {
  readonly files: ImageFiles;
  readonly handles: readonly FileSystemFileHandle[];
}

/** What was dropped or picked: into which drive it belongs. */
export type Brought =
  | { readonly kind: 'disc'; readonly picked: PickedFile }
  | { readonly kind: 'floppy'; readonly picked: PickedFile }
  | { readonly kind: 'disk'; readonly image: BroughtImage };

/** How much room a copy of an image takes at most, and what the browser still has (null: it does not tell). */
export interface ImageRoom {
  readonly neededBytes: number;
  readonly freeBytes: number | null;
}

/** Tells what files are. Several are one disk image that is kept in them, or refused with `machine/one-file`. */
export async function sortBrought(picked: readonly PickedFile[]): Promise<Brought> {
  if (picked.length === 0) throw new VitrineError('machine/no-file');
  if (picked.length > 1) {
    const image = await joined(picked);
    if (!image) throw new VitrineError('machine/one-file');
    return { kind: 'disk', image };
  }
  const [only] = picked;
  const { tellMediumKind } = await import('../media/medium-kind.ts');
  const kind = await tellMediumKind(new BlobSource(only.file, only.file.name));
  return kind === 'disk' ? { kind, image: await asImage(picked) } : { kind, picked: only };
}

/** Files as a disk image, whatever they hold: the report will tell. Several that are not one: `image/not-one`. */
export async function asImage(picked: readonly PickedFile[]): Promise<BroughtImage> {
  const image = await joined(picked);
  if (!image) throw new VitrineError('image/not-one');
  return image;
}

async function joined(picked: readonly PickedFile[]): Promise<BroughtImage | null> {
  const { asImageFiles } = await import('../media/disk-images/image-files.ts');
  const files = await asImageFiles(picked.map(({ file }) => ({ file, name: file.name })));
  if (!files) return null;
  const handles = files.map(({ file }) => picked.find((one) => one.file === file)!.handle);
  return { files, handles: handles.filter((handle) => handle !== null) };
}

export async function inspectImage({ files }: BroughtImage): Promise<DiskReport> {
  const { inspectImageFiles } = await import('../media/disk-images/image-files.ts');
  return inspectImageFiles(files);
}

/** Reads the image's tables, so it may take a moment; zeros in allocated parts take no room in the end. */
export async function measureImage({ files }: BroughtImage): Promise<ImageRoom> {
  const { openImageFiles } = await import('../media/disk-images/image-files.ts');
  let neededBytes = 0;
  const image = await openImageFiles(files);
  for await (const { length } of image.allocatedRanges()) neededBytes += length;
  return { neededBytes, freeBytes: (await readStorageRoom())?.freeBytes ?? null };
}
