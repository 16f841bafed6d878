import type { ScreenMode } from '../../../protocol/machine-messages.ts';
import type { VgaDevice } from '../internals.ts';
import type { Surface } from './surface.ts';
import { paintPalettedRows, PalettedFrame } from './paletted-frame.ts';
import { FLAG_BLINKING, FLAG_FONT_PAGE_B, TextScreen } from './text-screen.ts';

/** A rectangle of the VGA's pixel buffer and where it stands on the screen (v86 `src/vga.js`, `update_layers`). */
export interface Layer {
  image_data: ImageData;
  screen_x: number;
  screen_y: number;
  buffer_x: number;
  buffer_y: number;
  buffer_width: number;
  buffer_height: number;
}

/** What we read of v86's VGA (`src/vga.js`, class VGAScreen). */
export type VgaView = VgaDevice;

/**
 * Our own screen under v86's VGA: it has the methods that `src/vga.js` calls on its screen, and draws the
 * guest's picture on a `Surface`, dirty rows only. `frame` is called once for each picture the display shows.
 */
export class GuestScreen {
  readonly FLAG_BLINKING = FLAG_BLINKING;
  readonly FLAG_FONT_PAGE_B = FLAG_FONT_PAGE_B;

  readonly #surface: Surface;
  readonly #onMode: (mode: ScreenMode) => void;
  readonly #text = new TextScreen();
  #textImage: ImageData | null = null;
  #vga: VgaView | null = null;
  #graphical = false;
  #size = { width: 0, height: 0 };
  #mode: ScreenMode = { width: 0, height: 0, mode: 'text', bitsPerPixel: 4 };
  #paintedLayers: Layer[] | null = null;
  #paletted: PalettedFrame | null = null;

  constructor(surface: Surface, onMode: (mode: ScreenMode) => void) {
    this.#surface = surface;
    this.#onMode = onMode;
  }

  get mode(): ScreenMode {
    return this.#mode;
  }

  /** Takes the place of the screen that v86 made for itself. Call it before the guest's first instruction. */
  attach(vga: VgaView): void {
    this.#vga = vga;
    vga.screen = this;
    this.refresh();
  }

  /** Draws everything anew: after attaching and after a state was restored under us. */
  refresh(): void {
    const vga = this.#vga;
    if (!vga) return;
    this.#graphical = vga.graphical_mode;
    this.#paintedLayers = null;
    this.#paletted = null;
    if (!vga.graphical_mode) vga.set_font_bitmap(true);
    vga.update_cursor();
    vga.update_cursor_scanline();
    vga.update_layers();
    vga.complete_redraw();
    this.#text.markAllDirty();
  }

  /** The rows of a text mode, [] in a graphics mode. */
  text(): string[] {
    return this.#graphical ? [] : this.#text.text();
  }

  /** Pixels of a VGA graphics mode, evenly taken, as 0xRRGGBB; [] in any other mode. */
  samplePixels(columns: number, rows: number): number[] {
    const image = this.#vga?.image_data;
    if (!this.#graphical || !image || this.#vga?.svga_enabled) return [];
    const { width, height } = this.#size;
    const { data } = image;
    const pixels: number[] = [];
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        const x = Math.floor(((column + 0.5) * width) / columns);
        const y = Math.floor(((row + 0.5) * height) / rows);
        const at = 4 * (y * image.width + x);
        pixels.push((data[at] << 16) | (data[at + 1] << 8) | data[at + 2]);
      }
    return pixels;
  }

  frame(nowMs: number): void {
    const vga = this.#vga;
    if (!vga) return;
    if (!this.#graphical) {
      this.#frameText(nowMs);
      vga.screen_fill_buffer();
    } else if (vga.svga_enabled && vga.svga_bpp === 8) {
      this.#framePaletted(vga);
    } else if (vga.image_data) {
      this.#ensureMode(this.#size.width, this.#size.height, 'graphics');
      vga.screen_fill_buffer();
    }
  }

  #frameText(nowMs: number): void {
    const text = this.#text;
    if (this.#ensureMode(text.width, text.height, 'text') || !this.#textImage) {
      this.#textImage = new ImageData(new Uint8ClampedArray(text.pixels.buffer), text.width, text.height);
      text.markAllDirty();
    }
    const rows = text.draw(nowMs);
    if (rows) this.#surface.paint(this.#textImage, 0, 0, 0, rows.top, text.width, rows.bottom);
  }

  /**
   * 256 colours: upstream converts and hands over the whole picture at each call and ignores the display
   * start (`src/vga.js`, `screen_fill_buffer`, marked as slow there). Here only rows that differ are drawn.
   */
  #framePaletted(vga: VgaView): void {
    const { svga_width: width, svga_height: height } = vga;
    if (this.#ensureMode(width, height, 'graphics') || !this.#paletted) {
      this.#paletted = new PalettedFrame(width, height);
    }
    const frame = this.#paletted;
    const rows = paintPalettedRows(frame, vga.svga_memory, vga.svga_offset, vga.vga256_palette);
    if (rows) this.#surface.paint(frame.image, 0, 0, 0, rows.top, width, rows.bottom);
    vga.reset_diffs();
    vga.update_vertical_retrace();
  }

  /** Announces a new resolution or depth; true when the surface was cleared for it. */
  #ensureMode(width: number, height: number, mode: 'text' | 'graphics'): boolean {
    const bitsPerPixel = this.#bitsPerPixel(mode);
    const was = this.#mode;
    if (
      was.width === width &&
      was.height === height &&
      was.mode === mode &&
      was.bitsPerPixel === bitsPerPixel
    ) {
      return false;
    }
    if (width === 0 || height === 0) return false;
    this.#mode = { width, height, mode, bitsPerPixel };
    this.#surface.resize(width, height);
    this.#paintedLayers = null;
    this.#onMode(this.#mode);
    return true;
  }

  #bitsPerPixel(mode: 'text' | 'graphics'): number {
    const vga = this.#vga;
    if (mode === 'text' || !vga) return 4;
    if (vga.svga_enabled) return vga.svga_bpp;
    return vga.attribute_mode & 0x40 ? 8 : 4;
  }

  // What v86's VGA calls. Names are upstream's (`src/browser/dummy_screen.js` is the reference).

  set_mode(graphical: boolean): void {
    if (graphical === this.#graphical) return;
    this.#graphical = graphical;
    this.#text.markAllDirty();
    this.#paintedLayers = null;
    this.#paletted = null;
  }

  set_size_text(columns: number, rows: number): void {
    this.#text.resize(columns, rows);
    this.#textImage = null;
  }

  set_size_graphical(width: number, height: number): void {
    this.#size = { width, height };
    this.#paintedLayers = null;
  }

  put_char(row: number, column: number, code: number, flags: number, bg: number, fg: number): void {
    this.#text.setCell(row, column, code, flags, bg, fg);
  }

  set_font_bitmap(
    height: number,
    width9: boolean,
    widthDouble: boolean,
    copy8th: boolean,
    bitmap: Uint8Array,
    _changed: boolean,
  ): void {
    const width = widthDouble ? 16 : width9 ? 9 : 8;
    this.#text.setFont({ height, width, lineGraphics: copy8th, bitmap });
    this.#textImage = null;
  }

  set_font_page(pageA: number, pageB: number): void {
    this.#text.setFontPages(pageA, pageB);
  }

  clear_text_state(): void {
    this.#text.markAllDirty();
  }

  clear_screen(): void {
    this.#surface.clear();
    this.#paintedLayers = null;
  }

  update_cursor(row: number, column: number): void {
    this.#text.moveCursor(row, column);
  }

  update_cursor_scanline(start: number, end: number, visible: boolean): void {
    this.#text.shapeCursor(start, end, visible);
  }

  /**
   * High and true colour modes come as one layer that is already cut to the dirty rows. VGA modes come as
   * the whole picture at each frame: cut them to the rows that the VGA redrew, unless the layers moved.
   */
  update_buffer(layers: Layer[]): void {
    const vga = this.#vga;
    if (!vga) return;
    if (vga.svga_enabled) {
      for (const layer of layers)
        this.#paintLayer(layer, layer.buffer_y, layer.buffer_y + layer.buffer_height);
      return;
    }
    const moved = layers !== this.#paintedLayers;
    if (!moved && vga.diff_addr_min > vga.diff_addr_max) return;
    const top = moved ? 0 : Math.floor(vga.diff_addr_min / vga.virtual_width);
    const bottom = moved ? Infinity : Math.floor(vga.diff_addr_max / vga.virtual_width) + 1;
    for (const layer of layers) {
      const from = Math.max(layer.buffer_y, top);
      const to = Math.min(layer.buffer_y + layer.buffer_height, bottom);
      if (from < to) this.#paintLayer(layer, from, to);
    }
    this.#paintedLayers = layers;
  }

  #paintLayer(layer: Layer, top: number, bottom: number): void {
    const { image_data: image, buffer_x: left, buffer_width: width } = layer;
    this.#surface.paint(
      image,
      layer.screen_x - left,
      layer.screen_y - layer.buffer_y,
      left,
      top,
      left + width,
      bottom,
    );
  }

  pause(): void {}
  continue(): void {}
  destroy(): void {}
  set_scale(): void {}
}
