import { crc32 } from '../../../media/partitions-crc32.ts';

/** Rows of red, green and blue, from the upper left. */
export interface SmallPicture {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array<ArrayBuffer>;
}

/** A picture (RGBA) at `largestWidth` at most, in its own shape: each pixel the mean of those it stands for. */
export function shrinkPicture(
  { width, height, data }: Pick<ImageData, 'width' | 'height' | 'data'>,
  largestWidth: number,
): SmallPicture {
  const scale = Math.min(1, largestWidth / width);
  const w = Math.max(1, Math.round(width * scale));
  const h = Math.max(1, Math.round(height * scale));
  const rgb = new Uint8Array(w * h * 3);
  for (let y = 0, to = 0; y < h; y++) {
    const top = Math.floor((y * height) / h);
    const bottom = Math.max(top + 1, Math.floor(((y + 1) * height) / h));
    for (let x = 0; x < w; x++) {
      const left = Math.floor((x * width) / w);
      const right = Math.max(left + 1, Math.floor(((x + 1) * width) / w));
      const count = (right - left) * (bottom - top);
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let row = top; row < bottom; row++) {
        for (let at = (row * width + left) * 4; at < (row * width + right) * 4; at += 4) {
          red += data[at];
          green += data[at + 1];
          blue += data[at + 2];
        }
      }
      rgb[to++] = Math.round(red / count);
      rgb[to++] = Math.round(green / count);
      rgb[to++] = Math.round(blue / count);
    }
  }
  return { width: w, height: h, rgb };
}

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
/** Eight bits a sample, true colour, deflate, filters by row, not interlaced (PNG specification, §11.2.1). */
const HEADER_REST = [8, 2, 0, 0, 0];

/**
 * A picture as PNG. A canvas could do that too, but a new one in a worker is drawn on only with the help of the page's
 * own thread (Chromium), and a page that is being left has none to give: its checkpoint would never be saved.
 */
export async function encodePng({ width, height, rgb }: SmallPicture): Promise<Blob> {
  const lines = new Uint8Array(height * (1 + width * 3));
  for (let y = 0; y < height; y++) {
    // The byte before each row is its filter: none.
    lines.set(rgb.subarray(y * width * 3, (y + 1) * width * 3), y * (1 + width * 3) + 1);
  }
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set(HEADER_REST, 8);
  const chunks = [
    chunk('IHDR', header),
    chunk('IDAT', await deflate(lines)),
    chunk('IEND', new Uint8Array(0)),
  ];
  return new Blob([SIGNATURE, ...chunks], { type: 'image/png' });
}

/** Length, type, data, and the checksum of type and data (§5.3). */
function chunk(type: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

async function deflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const packed = new Response(new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate')));
  return new Uint8Array(await packed.arrayBuffer());
}
