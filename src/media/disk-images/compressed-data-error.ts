/**
 * Compressed bytes that do not decode to exactly what was promised. Raised by the decoders of this folder, which
 * know nothing of images; the reader that called them turns it into `image/bad-compression`.
 */
export class CompressedDataError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CompressedDataError';
  }
}
