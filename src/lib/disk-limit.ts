/** The largest disk that 28-bit ATA commands reach. */
export const LARGEST_DISK_BYTES = 127 * 2 ** 30;
