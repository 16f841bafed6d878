import type { DiskImage } from '../media/disk-images/disk-image.ts';
import { checkImageFiles, openImageFiles } from '../media/disk-images/image-files.ts';
import type { BaseWish } from '../protocol/disk-messages.ts';

/**
 * The image that a disk stands on, opened where it lies. Rejects with `image/changed` when the files are not what they
 * were when it was attached, with `bytes/unreadable` when they are gone, and as `openDiskImage` does.
 */
export async function openBase({ files, fingerprint }: BaseWish): Promise<DiskImage> {
  await checkImageFiles(files, fingerprint);
  return openImageFiles(files);
}
