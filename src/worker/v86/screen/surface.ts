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
    const scale = Math.min(1, width / this.#canvas.width);
    const small = new OffscreenCanvas(
      Math.max(1, Math.round(this.#canvas.width * scale)),
      Math.max(1, Math.round(this.#canvas.height * scale)),
    );
    const context = small.getContext('2d', { alpha: false });
    if (!context) throw new Error('This browser has no 2D drawing in workers.');
    context.imageSmoothingQuality = 'high';
    context.drawImage(this.#canvas, 0, 0, small.width, small.height);
    return () => small.convertToBlob({ type: 'image/png' });
  }

  /** The picture as PNG, guest pixels, unscaled. */
  async toPng(): Promise<Blob> {
    return this.#canvas.convertToBlob({ type: 'image/png' });
  }
}
