import { BlobSource } from '../../bytes/byte-source.ts';
import { VitrineError } from '../../lib/errors.ts';
import type { DiskReport } from '../disk-report.ts';
import type { DiskImage } from './disk-image.ts';
import { checkFingerprint, fingerprintImage, type ImageFingerprint } from './fingerprint.ts';
import { inspectDiskImage } from './inspect-disk-image.ts';
import { openDiskImage } from './open-disk-image.ts';
import { filesByName } from './file-names.ts';
import type { OpenSibling } from './vmdk-extents.ts';
import { asVmdkFiles } from './vmdk-set.ts';

/** A file that an image is, or is in part, kept in. */
export interface ImageFile {
  readonly file: Blob;
  readonly name: string;
}

/** The files of one image: the one that says what the disk is comes first, the others are found by their names. */
export type ImageFiles = readonly [ImageFile, ...ImageFile[]];

/**
 * Several files as one image, null where they are none: of a VMDK in several files the descriptor goes first and then
 * its parts as it lists them, whatever order they were picked in. A single file is an image by itself.
 */
export async function asImageFiles(files: readonly ImageFile[]): Promise<ImageFiles | null> {
  return files.length === 1 ? [files[0]] : asVmdkFiles(files);
}

/** Looks at an image before it is attached, as `inspectDiskImage` does. */
export function inspectImageFiles([image, ...others]: ImageFiles): Promise<DiskReport> {
  return inspectDiskImage(sourceOf(image), { openSibling: siblingsIn(others) });
}

/** Opens an image as `openDiskImage` does, with its errors. */
export function openImageFiles([image, ...others]: ImageFiles): Promise<DiskImage> {
  return openDiskImage(sourceOf(image), { openSibling: siblingsIn(others) });
}

/** What all files of an image looked like, as one line of text that `checkImageFiles` takes. */
export async function fingerprintImageFiles(files: ImageFiles): Promise<string> {
  const all = await Promise.all(
    files.map(({ file, name }) => fingerprintImage(new BlobSource(file, name), timeOf(file))),
  );
  return all.map(encode).join(' ');
}

/**
 * Rejects with `image/changed` unless the files are those that had the fingerprint, with `image/incomplete` when they
 * are fewer.
 */
export async function checkImageFiles(files: ImageFiles, expected: string): Promise<void> {
  const known = expected.split(' ').map(decode);
  if (known.length !== files.length) {
    const detail = `${known.length} files → ${files.length}`;
    const code = files.length < known.length ? 'image/incomplete' : 'image/changed';
    throw new VitrineError(code, { name: files[0].name, count: known.length }, { detail });
  }
  for (const [i, { file, name }] of files.entries())
    await checkFingerprint(new BlobSource(file, name), known[i], timeOf(file));
}

/** A fingerprint without the files' times: a copy on another computer has other ones. */
export function withoutTimes(fingerprint: string): string {
  return fingerprint
    .split(' ')
    .map((part) => encode({ ...decode(part), lastModified: null }))
    .join(' ');
}

function encode({ sizeBytes, lastModified, sampleSha256 }: ImageFingerprint): string {
  return `${sizeBytes}:${lastModified ?? ''}:${sampleSha256}`;
}

function decode(text: string): ImageFingerprint {
  const [size, time = '', sampleSha256 = ''] = text.split(':');
  return { sizeBytes: Number(size), lastModified: time === '' ? null : Number(time), sampleSha256 };
}

function sourceOf({ file, name }: ImageFile): BlobSource {
  return new BlobSource(file, name);
}

function siblingsIn(files: readonly ImageFile[]): OpenSibling {
  const find = filesByName(files);
  return async (fileName) => {
    const found = find(fileName);
    return found ? sourceOf(found) : null;
  };
}

function timeOf(file: Blob): { lastModified?: number } {
  return file instanceof File ? { lastModified: file.lastModified } : {};
}
