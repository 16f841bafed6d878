import { beforeAll, describe, expect, it } from 'vitest';
import { PalettedFrame, paintPalettedRows } from './paletted-frame.ts';

const PALETTE = Int32Array.from({ length: 256 }, (_, i) => (i << 16) | (i << 8) | (255 - i));

beforeAll(() => {
  // Node has no ImageData; the frame only fills the array that it wraps.
  globalThis.ImageData ??= function ImageData() {} as unknown as typeof ImageData;
});

describe('paintPalettedRows', () => {
  it('draws everything once, then only rows that changed', () => {
    const frame = new PalettedFrame(4, 3);
    const memory = Uint8Array.from({ length: 64 }, (_, i) => i);
    expect(paintPalettedRows(frame, memory, 0, PALETTE)).toEqual({ top: 0, bottom: 3 });
    expect(frame.pixels[5]).toBe(0xfffa0505);
    expect(paintPalettedRows(frame, memory, 0, PALETTE)).toBeNull();
    memory[9] = 200;
    expect(paintPalettedRows(frame, memory, 0, PALETTE)).toEqual({ top: 2, bottom: 3 });
    expect(frame.pixels[9]).toBe(0xff37c8c8);
  });

  it('follows the display start, as a guest that flips pages moves it', () => {
    const frame = new PalettedFrame(4, 2);
    const memory = Uint8Array.from({ length: 64 }, (_, i) => i);
    paintPalettedRows(frame, memory, 0, PALETTE);
    expect(paintPalettedRows(frame, memory, 8, PALETTE)).toEqual({ top: 0, bottom: 2 });
    expect(frame.indices[0]).toBe(8);
  });

  it('draws everything when a colour changes', () => {
    const frame = new PalettedFrame(4, 2);
    const memory = new Uint8Array(64);
    paintPalettedRows(frame, memory, 0, PALETTE);
    const red = PALETTE.slice();
    red[0] = 0xff0000;
    expect(paintPalettedRows(frame, memory, 0, red)).toEqual({ top: 0, bottom: 2 });
    expect(frame.pixels[0]).toBe(0xff0000ff);
  });
});
