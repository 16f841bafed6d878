import type { DiscLayout } from '../disc-layout.ts';

/**
 * A raw copy of a disc as a program for CDs would write it: sync, address and mode, data, and something that is
 * neither zeros nor data where sums and subchannels belong.
 */
export function rawDisc(disc: Uint8Array, layout: Omit<DiscLayout, 'startBytes'>, leadIn = 0): Uint8Array {
  const { sectorBytes, dataOffsetBytes } = layout;
  const sectors = Math.ceil(disc.length / 2048);
  const raw = new Uint8Array((leadIn + sectors) * sectorBytes).fill(0xa5);
  for (let sector = 0; sector < leadIn + sectors; sector++) {
    const at = sector * sectorBytes;
    if (dataOffsetBytes >= 16) {
      raw.fill(0xff, at, at + 12);
      raw[at] = raw[at + 11] = 0;
      const [minute, second, frame] = [Math.floor(sector / 4500), Math.floor(sector / 75) % 60, sector % 75];
      raw.set([minute, second, frame, dataOffsetBytes === 24 ? 2 : 1], at + 12);
    }
    const data = new Uint8Array(2048);
    if (sector >= leadIn) data.set(disc.subarray((sector - leadIn) * 2048, (sector - leadIn + 1) * 2048));
    raw.set(data, at + dataOffsetBytes);
  }
  return raw;
}
