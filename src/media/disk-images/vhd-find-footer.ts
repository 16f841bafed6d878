import type { ByteSource } from '../../bytes/byte-source.ts';
import { SECTOR_BYTES, viewOf } from './disk-image.ts';
import {
  hasVhdCookie,
  isVhdFooterSound,
  parseVhdFooter,
  VHD_FOOTER_BYTES,
  type VhdFooter,
} from './vhd-footer.ts';

/** A footer, and where in the file it begins: 0 for the copy at the start of a dynamic disk. */
export interface FoundFooter {
  readonly footer: VhdFooter;
  readonly offset: number;
}

/** Virtual PC before 2004 left out the last byte, which is reserved and 0. */
const OLD_FOOTER_BYTES = 511;
/** How much a copying program may have put behind the footer. */
const PADDING_BYTES = 1 << 20;

/**
 * The sound footer of a VHD: the one at the end of the file, of 512 bytes or of the 511 that old programs wrote, or
 * with zeros behind it as some copying programs leave them; where there is none, the copy at the start that dynamic
 * disks have. Null where there is none that can be believed.
 */
export async function findVhdFooter(source: ByteSource): Promise<FoundFooter | null> {
  for (const offset of [source.sizeBytes - VHD_FOOTER_BYTES, source.sizeBytes - OLD_FOOTER_BYTES]) {
    const found = await readFooter(source, offset);
    if (found) return found;
  }
  return (await beforePadding(source)) ?? (await readFooter(source, 0)) ?? damagedButRight(source);
}

/** A fixed disk has no copy. Its footer is believed, whatever its checksum, when the disk in front is as long as it says. */
async function damagedButRight(source: ByteSource): Promise<FoundFooter | null> {
  const offset = source.sizeBytes - VHD_FOOTER_BYTES;
  if (offset < 0) return null;
  const view = viewOf(await source.read(offset, VHD_FOOTER_BYTES));
  const footer = parseVhdFooter(view);
  const sizeBytes = footer.currentSize[0] * 2 ** 32 + footer.currentSize[1];
  return hasVhdCookie(view) && footer.diskType === 'fixed' && sizeBytes === offset
    ? { footer, offset }
    : null;
}

/** The footer in the last sector that is not empty. */
async function beforePadding(source: ByteSource): Promise<FoundFooter | null> {
  const start = Math.max(0, source.sizeBytes - PADDING_BYTES);
  const end = await source.read(start, source.sizeBytes - start);
  const last = end.findLastIndex((byte) => byte !== 0);
  if (last < 0) return null;
  // Disks are whole sectors, and what is in front of the footer is the disk.
  return readFooter(source, start + last - ((start + last) % SECTOR_BYTES));
}

async function readFooter(source: ByteSource, offset: number): Promise<FoundFooter | null> {
  if (offset < 0 || offset + OLD_FOOTER_BYTES > source.sizeBytes) return null;
  const bytes = new Uint8Array(VHD_FOOTER_BYTES);
  bytes.set(await source.read(offset, Math.min(VHD_FOOTER_BYTES, source.sizeBytes - offset)));
  const view = viewOf(bytes);
  return isVhdFooterSound(view) ? { footer: parseVhdFooter(view), offset } : null;
}
