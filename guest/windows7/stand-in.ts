import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findBootFiles } from '../../src/media/boot-files.ts';
import { windowsDisc } from '../../src/media/testing/discs.ts';
import type { SparseImage } from '../../src/media/testing/sparse-image.ts';

const PROGRAM = fileURLToPath(new URL('stand-in.bin', import.meta.url));
const SECTOR = 2048;
/** Where the program keeps the places of the files, and in which order. */
const TABLE = 8;
const FILES = ['bootmgr', 'bcd', 'boot-wim'] as const;
const BOOT_WIM_BYTES = 600_000;

/**
 * A disc that is laid out and sorted like Microsoft's, and boots to the signs that Windows Setup gives: see
 * `stand-in.asm`. Nothing of Windows is on it.
 */
export async function standInDisc(): Promise<SparseImage> {
  const program = Uint8Array.from(readFileSync(PROGRAM));
  const make = () => windowsDisc({ boot: program, bootWim: { sizeBytes: BOOT_WIM_BYTES } });
  const files = await findBootFiles(make());
  const table = new DataView(program.buffer, TABLE);
  FILES.forEach((id, index) => {
    const file = files.find((each) => each.id === id);
    if (file?.extents.length !== 1) throw new Error(`${id} does not lie on the disc in one piece.`);
    table.setUint32(8 * index, file.extents[0].offsetBytes / SECTOR, true);
    table.setUint32(8 * index + 4, Math.ceil(file.sizeBytes / SECTOR), true);
  });
  return make();
}
