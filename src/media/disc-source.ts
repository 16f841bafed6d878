import { checkRange, type ByteSource } from '../bytes/byte-source.ts';
import {
  dataOfSpan,
  discBytes,
  PLAIN_LAYOUT,
  readDiscLayout,
  spanInFile,
  type DiscLayout,
} from './disc-layout.ts';

/** The user data of a disc that a file keeps in another layout than an .iso file does: nothing is copied out. */
export class DiscSource implements ByteSource {
  readonly name: string;
  readonly sizeBytes: number;
  readonly layout: DiscLayout;
  readonly #file: ByteSource;

  constructor(file: ByteSource, layout: DiscLayout) {
    this.name = file.name;
    this.sizeBytes = discBytes(layout, file.sizeBytes);
    this.layout = layout;
    this.#file = file;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    checkRange(this, offset, length);
    if (length === 0) return new Uint8Array(0);
    const span = spanInFile(this.layout, offset, length);
    return dataOfSpan(this.layout, await this.#file.read(span.offset, span.length), offset, length);
  }
}

/**
 * A file as the disc in it: what an .iso file of it would hold, byte for byte. A file in which no disc is found is
 * given as it is. Reads a few bytes of some sectors; rejects only with the errors of the source.
 */
export async function openDisc(file: ByteSource): Promise<ByteSource> {
  const layout = await readDiscLayout(file);
  return layout && layout !== PLAIN_LAYOUT ? new DiscSource(file, layout) : file;
}
