/**
 * What the house disc's serial commands write, draw and sum, computed a second time for the tests.
 * The first definition is the guest's own C (pattern.c, card.c, cmd_memory.c); README.md has the words.
 * Pure functions, no imports.
 */

/** One step of xorshift32 (13, 17, 5) on an unsigned 32-bit state. */
export function xorshift(state: number): number {
  let x = state | 0;
  x ^= x << 13;
  x ^= x >>> 17;
  x ^= x << 5;
  return x >>> 0;
}

/** The 512 bytes that `write LBA COUNT SEED` puts into sector `lba`; `scatter` uses a sequence from 1. */
export function sectorBytes(lba: number, seed: number, sequence = 0): Uint8Array {
  const bytes = new Uint8Array(512);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, lba, true);
  view.setUint32(4, seed, true);
  view.setUint32(8, sequence, true);
  let x =
    (Math.imul(lba, 0x9e3779b1) ^
      Math.imul(seed, 0x85ebca6b) ^
      Math.imul(sequence, 0xc2b2ae35) ^
      0x27d4eb2f) >>>
    0;
  if (x === 0) x = 1;
  for (let i = 12; i < 512; i += 4) {
    x = xorshift(x);
    view.setUint32(i, x, true);
  }
  return bytes;
}

/** Where `scatter COUNT SEED` writes: the LBA of each 4 KiB block in order, on a disk of so many sectors. */
export function scatterLbas(count: number, seed: number, diskSectors: number): number[] {
  const blocks = Math.floor((diskSectors - 256) / 8);
  let state = (seed ^ 0x5eed5eed) >>> 0;
  if (state === 0) state = 1;
  return Array.from({ length: count }, () => {
    state = xorshift(state);
    return 256 + (state % blocks) * 8;
  });
}

/** CRC-32 (the one of zip and PNG), as `cdsum` prints it. `crc` is the sum of the bytes before. */
export function crc32(bytes: Uint8Array, crc = 0): number {
  let c = ~crc;
  for (const byte of bytes) {
    c ^= byte;
    for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  }
  return ~c >>> 0;
}

/** What `cdsum` answers for a disc of these bytes (a last sector that is not whole counts as zeros). */
export function cdsum(disc: Uint8Array): { bytes: number; crc32: string } {
  const bytes = Math.ceil(disc.length / 2048) * 2048;
  const crc = crc32(new Uint8Array(bytes - disc.length), crc32(disc));
  return { bytes, crc32: crc.toString(16).padStart(8, '0') };
}

/** The checksum that `spin COUNT` prints: the state of xorshift after COUNT steps from 1. */
export function spinChecksum(count: number): string {
  let x = 1;
  for (let i = 0; i < count; i++) x = xorshift(x);
  return x.toString(16).padStart(8, '0');
}

export interface CardMode {
  width: number;
  height: number;
  /** 32, 24, 16, 15, 8 or 4 bits a pixel. */
  bpp: number;
}

/** The test card before the depth takes bits away: 0xRRGGBB. */
export function cardColour(x: number, y: number, width: number, height: number): number {
  if (x === 0 || y === 0 || x === width - 1 || y === height - 1) return 0xffffff;
  const quarter = Math.floor(height / 4);
  if (y < quarter) {
    const bar = 7 - Math.floor((x * 8) / width);
    return (bar & 2 ? 0xff0000 : 0) | (bar & 4 ? 0x00ff00 : 0) | (bar & 1 ? 0x0000ff : 0);
  }
  if (y < 2 * quarter) {
    const v = Math.floor((x * 256) / width);
    const band = Math.floor(((y - quarter) * 4) / quarter);
    return [v << 16, v << 8, v, v * 0x010101][band] ?? 0;
  }
  if (y < 3 * quarter) {
    const on = x < Math.floor(width / 2) ? (x ^ y) & 1 : ((x ^ y) >> 3) & 1;
    return on ? 0xffffff : 0;
  }
  return ((x & 255) << 16) | ((y & 255) << 8) | ((((x >> 8) << 6) | ((y >> 8) << 4)) & 255);
}

/** A level of `max` steps spread over 0 to 255, rounded down: how v86 shows 15 and 16 bits a pixel. */
const spread = (level: number, max: number): number => Math.floor((level * 255) / max);
/** A 6-bit palette level as 8 bits: the lowest bit is repeated (v86 and QEMU do the same). */
const sixBits = (level: number): number => (level << 2) | ((level & 1) * 3);

/** The red, green and blue that v86's screen shows at this pixel after `card WIDTHxHEIGHTxBPP`. */
export function cardPixel(x: number, y: number, mode: CardMode): [number, number, number] {
  const rgb = cardColour(x, y, mode.width, mode.height);
  const r = rgb >> 16;
  const g = (rgb >> 8) & 255;
  const b = rgb & 255;
  switch (mode.bpp) {
    case 32:
    case 24:
      return [r, g, b];
    case 16:
      return [spread(r >> 3, 31), spread(g >> 2, 63), spread(b >> 3, 31)];
    case 15:
      return [spread(r >> 3, 31), spread(g >> 3, 31), spread(b >> 3, 31)];
    case 8:
      return [sixBits((r >> 5) * 9), sixBits((g >> 5) * 9), sixBits((b >> 6) * 21)];
    case 4:
      return [sixBits((r >> 7) * 63), sixBits((g >> 6) * 21), sixBits((b >> 7) * 63)];
    default:
      throw new RangeError(`no card of ${mode.bpp} bits a pixel`);
  }
}

/** The character code and attribute at a place of the 80 x 25 text card. */
export function cardCell(column: number, row: number): { character: number; attribute: number } {
  return { character: 32 + ((row * 80 + column) % 95), attribute: (column + row * 7) & 0x7f };
}
