import type { NamedFile, NamedFiles } from '../../bytes/named-file.ts';
import { BlobSource } from '../../bytes/byte-source.ts';
import { VitrineError } from '../../lib/errors.ts';
import type { DiskReport } from '../disk-report.ts';
import type { DiskImage } from './disk-image.ts';
import { checkFingerprint, fingerprintImage, sumMore, type ImageFingerprint } from './fingerprint.ts';
import { inspectDiskImage } from './inspect-disk-image.ts';
import { openDiskImage } from './open-disk-image.ts';
import { filesByName } from './file-names.ts';
import { readTellingPlaces } from './telling-places.ts';
import type { OpenSibling } from './vmdk-extents.ts';
import { asVmdkFiles } from './vmdk-set.ts';

/**
 * Several files as one image, null where they are none: of a VMDK in several files the descriptor goes first and then
 * its parts as it lists them, whatever order they were picked in. A single file is an image by itself.
 */
export async function asImageFiles(files: readonly NamedFile[]): Promise<NamedFiles | null> {
  return files.length === 1 ? [files[0]] : asVmdkFiles(files);
}

/** Looks at an image before it is attached, as `inspectDiskImage` does. */
export function inspectImageFiles([image, ...others]: NamedFiles): Promise<DiskReport> {
  return inspectDiskImage(sourceOf(image), { openSibling: siblingsIn(others) });
}

/** Opens an image as `openDiskImage` does, with its errors. */
export function openImageFiles([image, ...others]: NamedFiles): Promise<DiskImage> {
  return openDiskImage(sourceOf(image), { openSibling: siblingsIn(others) });
}

/**
 * What all files of an image looked like, as one line of text that `checkImageFiles` takes: for each of them
 * `size:time:samples:more`, apart by spaces. `more` is what a file of another time is compared by; fingerprints that
 * were made before there was any lack it.
 */
export async function fingerprintImageFiles(files: NamedFiles): Promise<string> {
  const sums = await sumMoreOf(files);
  const all = await Promise.all(
    files.map(async ({ file, name }, i) => ({
      ...(await fingerprintImage(new BlobSource(file, name), timeOf(file))),
      more: sums[i],
    })),
  );
  return all.map(encode).join(' ');
}

/**
 * Rejects with `image/changed` unless the files are those that had the fingerprint, with `image/incomplete` when they
 * are fewer. Files that have another time than they had, or none that is known, are looked through more closely; they
 * may be copies. `isSameTime` is false then.
 */
export async function checkImageFiles(files: NamedFiles, expected: string): Promise<{ isSameTime: boolean }> {
  const known = expected.split(' ').map(decode);
  if (known.length !== files.length) {
    const detail = `${known.length} files → ${files.length}`;
    const code = files.length < known.length ? 'image/incomplete' : 'image/changed';
    throw new VitrineError(code, { name: files[0].name, count: known.length }, { detail });
  }
  let isSameTime = true;
  for (const [i, { file, name }] of files.entries()) {
    const checked = await checkFingerprint(new BlobSource(file, name), known[i], timeOf(file));
    isSameTime &&= checked.isSameTime;
  }
  if (isSameTime || known.every(({ more }) => more === '')) return { isSameTime };
  const sums = await sumMoreOf(files);
  const changed = known.findIndex(({ more }, i) => more !== '' && more !== sums[i]);
  if (changed >= 0)
    throw new VitrineError('image/changed', { name: files[changed].name }, { detail: 'contents' });
  return { isSameTime };
}

/** The fingerprint of the same files with the times that they have now, after `checkImageFiles` has known them. */
export async function renewTimes(files: NamedFiles, fingerprint: string): Promise<string> {
  const known = fingerprint.split(' ').map(decode);
  if (known.some(({ more }) => more === '')) return fingerprintImageFiles(files);
  return known
    .map((part, i) => encode({ ...part, lastModified: timeOf(files[i].file).lastModified ?? null }))
    .join(' ');
}

/** A fingerprint without the files' times: a copy on another computer has other ones. */
export function withoutTimes(fingerprint: string): string {
  return fingerprint
    .split(' ')
    .map((part) => encode({ ...decode(part), lastModified: null }))
    .join(' ');
}

/** Of each file much more than its samples; of the first also the places that any use of the disk changes. */
async function sumMoreOf(files: NamedFiles): Promise<string[]> {
  const places = await readTellingPlaces(await openImageFiles(files));
  return Promise.all(files.map((file, i) => sumMore(sourceOf(file), i === 0 ? places : [])));
}

type FileFingerprint = ImageFingerprint & { readonly more: string };

function encode({ sizeBytes, lastModified, sampleSha256, more }: FileFingerprint): string {
  const line = `${sizeBytes}:${lastModified ?? ''}:${sampleSha256}`;
  return more === '' ? line : `${line}:${more}`;
}

function decode(text: string): FileFingerprint {
  const [size, time = '', sampleSha256 = '', more = ''] = text.split(':');
  return { sizeBytes: Number(size), lastModified: time === '' ? null : Number(time), sampleSha256, more };
}

function sourceOf({ file, name }: NamedFile): BlobSource {
  return new BlobSource(file, name);
}

function siblingsIn(files: readonly NamedFile[]): OpenSibling {
  const find = filesByName(files);
  return async (fileName) => {
    const found = find(fileName);
    return found ? sourceOf(found) : null;
  };
}

function timeOf(file: Blob): { lastModified?: number } {
  return file instanceof File ? { lastModified: file.lastModified } : {};
}
