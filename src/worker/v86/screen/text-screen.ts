import { CODE_PAGE_437 } from './code-page-437.ts';

/** Bits of a cell's flags, as v86's `src/vga.js` combines them from the screen it is given. */
export const FLAG_BLINKING = 1;
export const FLAG_FONT_PAGE_B = 2;

/** A VGA at 70 Hz shows its cursor for 16 frames and hides it for 16; blinking characters take twice as long. */
const CURSOR_HALF_PERIOD_MS = (16 * 1000) / 70;

/** The VGA keeps 32 bytes for each glyph whatever its height, 256 glyphs a font page. */
const GLYPH_STRIDE = 32;

export interface Font {
  /** Scan lines of a character cell, 1 to 32. */
  height: number;
  /** Dots of a character cell: 8, 9 (with a gap dot) or 16 (each dot doubled). */
  width: 8 | 9 | 16;
  /** Whether the line-drawing characters 0xC0..0xDF continue into the ninth dot. */
  lineGraphics: boolean;
  /** Plane 2 of the VGA: 8 font pages of 256 glyphs. Live memory: read at each drawing. */
  bitmap: Uint8Array;
}

/** Rows [top, bottom) of pixels that a drawing changed. */
export interface DirtyRows {
  top: number;
  bottom: number;
}

/**
 * The picture of a VGA text mode: cells in, RGBA pixels out, only the character rows that changed.
 * Pure: no canvas, no clock of its own. Colours are 0xRRGGBB as v86 hands them out.
 */
export class TextScreen {
  columns = 80;
  rows = 25;
  /** RGBA in memory order, `width` × `height`; replaced when the size changes. */
  pixels = new Uint32Array(0);
  width = 0;
  height = 0;

  #codes = new Uint8Array(0);
  #flags = new Uint8Array(0);
  #background = new Uint32Array(0);
  #foreground = new Uint32Array(0);
  #dirty = new Uint8Array(0);
  #font: Font | null = null;
  #pageA = 0;
  #pageB = 0;
  #cursor = { row: 0, column: 0, start: 14, end: 15, visible: false };
  #cursorOn = true;
  #charactersOn = true;

  constructor() {
    this.resize(80, 25);
  }

  resize(columns: number, rows: number): void {
    if (columns === this.columns && rows === this.rows && this.#codes.length > 0) return;
    this.columns = columns;
    this.rows = rows;
    const cells = columns * rows;
    this.#codes = new Uint8Array(cells);
    this.#flags = new Uint8Array(cells);
    this.#background = new Uint32Array(cells);
    this.#foreground = new Uint32Array(cells);
    this.#dirty = new Uint8Array(rows);
    this.#resizePixels();
  }

  setFont(font: Font): void {
    this.#font = font;
    this.#resizePixels();
  }

  setFontPages(pageA: number, pageB: number): void {
    this.#pageA = pageA;
    this.#pageB = pageB;
    this.markAllDirty();
  }

  setCell(row: number, column: number, code: number, flags: number, bg: number, fg: number): void {
    if (row >= this.rows || column >= this.columns) return;
    const i = row * this.columns + column;
    if (
      this.#codes[i] === code &&
      this.#flags[i] === flags &&
      this.#background[i] === bg &&
      this.#foreground[i] === fg
    ) {
      return;
    }
    this.#codes[i] = code;
    this.#flags[i] = flags;
    this.#background[i] = bg;
    this.#foreground[i] = fg;
    this.#dirty[row] = 1;
  }

  moveCursor(row: number, column: number): void {
    this.#markRow(this.#cursor.row);
    this.#cursor.row = row;
    this.#cursor.column = column;
    this.#markRow(row);
  }

  /** Scan lines `start` to `end`, both drawn, of the cursor's cell. */
  shapeCursor(start: number, end: number, visible: boolean): void {
    this.#cursor.start = start;
    this.#cursor.end = end;
    this.#cursor.visible = visible;
    this.#markRow(this.#cursor.row);
  }

  markAllDirty(): void {
    this.#dirty.fill(1);
  }

  /** The characters as text, one string of `columns` characters a row. */
  text(): string[] {
    return Array.from({ length: this.rows }, (_, row) =>
      Array.from(
        this.#codes.subarray(row * this.columns, (row + 1) * this.columns),
        (code) => CODE_PAGE_437[code],
      ).join(''),
    );
  }

  /** Draws what changed since the last call; `nowMs` drives the blinking. Null when nothing did. */
  draw(nowMs: number): DirtyRows | null {
    const font = this.#font;
    if (!font) return null;
    this.#blink(nowMs);
    let top = -1;
    let bottom = 0;
    for (let row = 0; row < this.rows; row++) {
      if (!this.#dirty[row]) continue;
      this.#drawRow(row, font);
      if (top < 0) top = row * font.height;
      bottom = (row + 1) * font.height;
    }
    this.#dirty.fill(0);
    return top < 0 ? null : { top, bottom };
  }

  #blink(nowMs: number): void {
    const phase = Math.floor(nowMs / CURSOR_HALF_PERIOD_MS);
    const cursorOn = (phase & 1) === 0;
    const charactersOn = (phase & 2) === 0;
    if (cursorOn !== this.#cursorOn) {
      this.#cursorOn = cursorOn;
      if (this.#cursor.visible) this.#markRow(this.#cursor.row);
    }
    if (charactersOn !== this.#charactersOn) {
      this.#charactersOn = charactersOn;
      for (let i = 0; i < this.#flags.length; i++) {
        if (this.#flags[i] & FLAG_BLINKING) this.#dirty[(i / this.columns) | 0] = 1;
      }
    }
  }

  #drawRow(row: number, font: Font): void {
    for (let column = 0; column < this.columns; column++) this.#drawCell(row, column, font);
    const { column, start, end, visible } = this.#cursor;
    if (row !== this.#cursor.row || !visible || !this.#cursorOn || column >= this.columns) return;
    const colour = rgba(this.#foreground[row * this.columns + column]);
    for (let line = start; line <= Math.min(end, font.height - 1); line++) {
      const at = (row * font.height + line) * this.width + column * font.width;
      this.pixels.fill(colour, at, at + font.width);
    }
  }

  #drawCell(row: number, column: number, font: Font): void {
    const i = row * this.columns + column;
    const code = this.#codes[i];
    const background = rgba(this.#background[i]);
    const hidden = this.#flags[i] & FLAG_BLINKING && !this.#charactersOn;
    const foreground = hidden ? background : rgba(this.#foreground[i]);
    const page = this.#flags[i] & FLAG_FONT_PAGE_B ? this.#pageB : this.#pageA;
    const glyph = (page * 256 + code) * GLYPH_STRIDE;
    const continues = font.lineGraphics && code >= 0xc0 && code <= 0xdf;
    const doubled = font.width === 16 ? 1 : 0;
    for (let line = 0; line < font.height; line++) {
      const bits = font.bitmap[glyph + line];
      const at = (row * font.height + line) * this.width + column * font.width;
      for (let dot = 0; dot < font.width; dot++) {
        const bit = dot >> doubled;
        const lit = bit < 8 ? bits & (0x80 >> bit) : continues && bits & 1;
        this.pixels[at + dot] = lit ? foreground : background;
      }
    }
  }

  #markRow(row: number): void {
    if (row < this.rows) this.#dirty[row] = 1;
  }

  #resizePixels(): void {
    const width = this.columns * (this.#font?.width ?? 9);
    const height = this.rows * (this.#font?.height ?? 16);
    if (width !== this.width || height !== this.height) {
      this.width = width;
      this.height = height;
      this.pixels = new Uint32Array(width * height).fill(0xff000000);
    }
    this.markAllDirty();
  }
}

/** 0xRRGGBB as an opaque pixel in ImageData's memory order on a little-endian machine. */
function rgba(colour: number): number {
  return (0xff000000 | ((colour & 0xff) << 16) | (colour & 0xff00) | ((colour >> 16) & 0xff)) >>> 0;
}
