import type { DirtyRows } from './text-screen.ts';

/** The last drawn picture of a 256-colour mode, kept to find the rows that changed. */
export class PalettedFrame {
  readonly width: number;
  readonly height: number;
  readonly image: ImageData;
  readonly pixels: Uint32Array;
  /** The indices that `pixels` were made from. */
  readonly indices: Uint8Array;
  readonly palette = new Uint32Array(256);
  drawn = false;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    const bytes = new Uint8ClampedArray(width * height * 4);
    this.pixels = new Uint32Array(bytes.buffer);
    this.image = new ImageData(bytes, width, height);
    this.indices = new Uint8Array(width * height);
  }
}

/**
 * Brings `frame` up to date with one byte a pixel of `memory` from `offset` on, through a palette of
 * 0xRRGGBB values. Gives the rows that changed, null when none did.
 */
export function paintPalettedRows(
  frame: PalettedFrame,
  memory: Uint8Array,
  offset: number,
  palette: ArrayLike<number>,
): DirtyRows | null {
  const all = updatePalette(frame, palette) || !frame.drawn;
  const { width, height, indices, pixels } = frame;
  let top = -1;
  let bottom = 0;
  for (let row = 0; row < height; row++) {
    const at = row * width;
    const source = memory.subarray(offset + at, offset + at + width);
    if (!all && sameBytes(source, indices, at)) continue;
    indices.set(source, at);
    for (let x = 0; x < source.length; x++) pixels[at + x] = frame.palette[source[x]];
    if (top < 0) top = row;
    bottom = row + 1;
  }
  frame.drawn = true;
  return top < 0 ? null : { top, bottom };
}

function updatePalette(frame: PalettedFrame, palette: ArrayLike<number>): boolean {
  let changed = false;
  for (let i = 0; i < 256; i++) {
    const colour = palette[i];
    const rgba = (0xff000000 | ((colour & 0xff) << 16) | (colour & 0xff00) | ((colour >> 16) & 0xff)) >>> 0;
    if (frame.palette[i] !== rgba) {
      frame.palette[i] = rgba;
      changed = true;
    }
  }
  return changed;
}

function sameBytes(row: Uint8Array, indices: Uint8Array, at: number): boolean {
  for (let x = 0; x < row.length; x++) if (row[x] !== indices[at + x]) return false;
  return true;
}
