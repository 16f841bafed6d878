import { encodePng, shrinkPicture } from './small-picture.ts';

/** Where guest pixels go: a canvas in the product, an array in tests. */
export interface Surface {
  /** New guest resolution; the picture is black afterwards. */
  resize(width: number, height: number): void;
  /** Paints rows [top, bottom) and columns [left, right) of `image`, whose own (0, 0) lies at (x, y). */
  paint(
    image: ImageData,
    x: number,
    y: number,
    left: number,
    top: number,
    right: number,
    bottom: number,
  ): void;
  clear(): void;
}

/** The transferred canvas of the page. Its frames reach the screen without the page's own thread. */
export class CanvasSurface implements Surface {
  readonly #canvas: OffscreenCanvas;
  readonly #context: OffscreenCanvasRenderingContext2D;

  constructor(canvas: OffscreenCanvas) {
    const context = canvas.getContext('2d', { alpha: false });
    if (!context) throw new Error('This browser has no 2D drawing in workers.');
    this.#canvas = canvas;
    this.#context = context;
  }

  resize(width: number, height: number): void {
    this.#canvas.width = width;
    this.#canvas.height = height;
  }

  paint(
    image: ImageData,
    x: number,
    y: number,
    left: number,
    top: number,
    right: number,
    bottom: number,
  ): void {
    this.#context.putImageData(image, x, y, left, top, right - left, bottom - top);
  }

  clear(): void {
    this.#context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
  }

  /** The picture at this width at most, as it is now; what comes back makes a PNG of it. */
  smallCopy(width: number): () => Promise<Blob> {
    const { width: w, height: h } = this.#canvas;
    const image = this.#context.getImageData(0, 0, w, h);
    return () => encodePng(shrinkPicture(image, width));
  }

  /** The picture as PNG, guest pixels, unscaled. */
  async toPng(): Promise<Blob> {
    return this.#canvas.convertToBlob({ type: 'image/png' });
  }
}
