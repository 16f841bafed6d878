/** The largest disk that 28-bit ATA commands reach. */
export const LARGEST_DISK_BYTES = 127 * 2 ** 30;

/** Whether the machine's hard disk can have this size: 127 GiB and not one sector more. */
export const fitsDrive = (sizeBytes: number): boolean => sizeBytes <= LARGEST_DISK_BYTES;
