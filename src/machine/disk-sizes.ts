import { LARGEST_DISK_BYTES } from '../lib/disk-limit.ts';

/** How large a blank disk can be, in GiB. */
export const DISK_GIB = { smallest: 1, usual: 16, largest: LARGEST_DISK_BYTES / 2 ** 30 } as const;
