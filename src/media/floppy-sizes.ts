/**
 * Sizes of floppy disks in KiB that the drive of the machine takes: upstream's table of sectors, tracks and heads
 * (`src/floppy.js`), among them the 1680 KiB of DMF and the 1722 KiB that distributors of the 1990s formatted.
 */
const SIZES_KIB = new Set(
  [160, 180, 200, 320, 360, 400, 410, 420, 640, 720, 800, 820, 830, 880, 1040, 1120, 1200, 1440, 1476].concat(
    [1494, 1600, 1680, 1722, 1743, 1760, 1840, 1920, 2880, 3120, 3200, 3520, 3840],
  ),
);

export const LARGEST_FLOPPY_BYTES = 3840 * 1024;

export function isFloppySize(sizeBytes: number): boolean {
  return SIZES_KIB.has(sizeBytes / 1024);
}
