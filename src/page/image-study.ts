import type { NamedFiles } from '../bytes/named-file.ts';
import { BlobSource } from '../bytes/byte-source.ts';
import { VitrineError } from '../lib/errors.ts';
import type { FileKind } from '../media/file-kind.ts';
import type { OtherFileCode } from '../media/file-signatures.ts';
import type { DiskReport } from '../media/disk-report.ts';
import { readStorageRoom } from '../store/storage-room.ts';
import type { PickedFile } from './picked-file.ts';

/** A disk image as the visitor brought it. */
export interface BroughtImage {
  readonly files: NamedFiles;
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

/**
 * Tells what files are by what they hold, in whatever way they came. Several are one disk image that is kept in them,
 * or one medium with the files that describe it, or refused with `machine/one-file`.
 */
export async function sortBrought(picked: readonly PickedFile[]): Promise<Brought> {
  if (picked.length === 0) throw new VitrineError('machine/no-file');
  if (picked.length > 1) {
    const image = await joined(picked);
    if (image) return { kind: 'disk', image };
  }
  const { told, only } = await findOnly(picked);
  if (!only) throw new VitrineError('machine/one-file');
  const { mediumOf } = await import('../media/file-kind.ts');
  const medium = mediumOf(told.get(only)!, sourceOf(only));
  return medium === 'disk' ? { kind: medium, image: await alone(only) } : { kind: medium, picked: only };
}

/**
 * Files that the visitor chose as a disk image. Several that are not one: `image/not-one`; what no disk can be:
 * `image/not-a-disk`. Of anything else the report will tell.
 */
export async function asImage(picked: readonly PickedFile[]): Promise<BroughtImage> {
  if (picked.length > 1) {
    const image = await joined(picked);
    if (image) return image;
  }
  const { told, only } = await findOnly(picked);
  if (!only) throw new VitrineError('image/not-one');
  const { code, what, names } = told.get(only)!;
  if (code !== null && NO_DISKS.has(code)) {
    const { insideWords } = await import('../media/inside-words.ts');
    throw new VitrineError('image/not-a-disk', { name: only.file.name, what, ...insideWords(names) });
  }
  return alone(only);
}

/** What the report of a disk image has no words of its own for. */
const NO_DISKS: ReadonlySet<OtherFileCode> = new Set([
  'media/appliance',
  'media/archive',
  'media/machine-description',
  'media/other-disc-format',
  'media/program',
  'media/raw-sectors',
  'media/text',
  'media/track-list',
]);

/** What each file holds, and the one that the others only describe or come with; null where there are several. */
async function findOnly(
  picked: readonly PickedFile[],
): Promise<{ told: Map<PickedFile, FileKind>; only: PickedFile | null }> {
  const { tellFileKind } = await import('../media/file-kind.ts');
  const told = new Map<PickedFile, FileKind>();
  for (const one of picked) told.set(one, await tellFileKind(sourceOf(one)));
  if (picked.length === 1) return { told, only: picked[0] };
  const listed = new Set(
    [...told.values()].flatMap(({ code, names }) =>
      code === 'media/track-list' ? names.map((name) => name.toLowerCase()) : [],
    ),
  );
  const comesWith = (one: PickedFile): boolean => {
    const { medium, code } = told.get(one)!;
    if (medium !== null) return false;
    if (code === 'media/track-list' || code === 'media/machine-description' || code === 'media/text')
      return true;
    const name = one.file.name.toLowerCase();
    return listed.has(name) || COMPANION_ENDINGS.some((ending) => name.endsWith(ending));
  };
  const own = picked.filter((one) => !comesWith(one));
  if (own.length === 0) return { told, only: picked[0] };
  return { told, only: own.length === 1 ? own[0] : null };
}

/** Files without a mark of their own that a program writes beside an image: subchannels, CD text, settings. */
const COMPANION_ENDINGS = ['.sub', '.cdt', '.nvram', '.mf', '.cert'];

function sourceOf({ file }: PickedFile): BlobSource {
  return new BlobSource(file, file.name);
}

async function alone(picked: PickedFile): Promise<BroughtImage> {
  return (await joined([picked]))!;
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
