import { silentAfter } from '../bytes/patience.ts';
import type { DiskImage } from '../media/disk-images/disk-image.ts';
import { checkImageFiles, openImageFiles } from '../media/disk-images/image-files.ts';
import type { BaseWish } from '../protocol/disk-messages.ts';

/**
 * The image that a disk stands on, opened where it lies. Rejects with `image/changed` when the files are not what they
 * were when it was attached, with `bytes/unreadable` when they are gone, with `bytes/silent` when their drive never
 * answers, and as `openDiskImage` does; so do its reads.
 */
export async function openBase({ files, fingerprint }: BaseWish): Promise<DiskImage> {
  const { name } = files[0];
  await silentAfter(checkImageFiles(files, fingerprint), name);
  return patient(await silentAfter(openImageFiles(files), name));
}

/** An image of which no read lasts for ever: the machine, and whoever turns it off, waits for it. */
export function patient(image: DiskImage): DiskImage {
  const { name, sizeBytes, format, variant, storedSizeBytes } = image;
  return {
    name,
    sizeBytes,
    format,
    variant,
    storedSizeBytes,
    read: (offset, length) => silentAfter(image.read(offset, length), name),
    async *allocatedRanges() {
      const ranges = image.allocatedRanges()[Symbol.asyncIterator]();
      for (;;) {
        const { done, value } = await silentAfter(ranges.next(), name);
        if (done) return;
        yield value;
      }
    },
  };
}
