/** How large a blank disk can be, in GiB: 127 are what 28-bit ATA commands reach. */
export const DISK_GIB = { smallest: 1, usual: 16, largest: 127 } as const;
