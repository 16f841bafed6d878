import type { NamedFile } from '../../../bytes/named-file.ts';
import { VitrineError } from '../../../lib/errors.ts';
import {
  dataOfSpan,
  discBytes,
  PLAIN_LAYOUT,
  searchDiscLayout,
  spanInFile,
} from '../../../media/disc-layout.ts';
import type { DiscLayout } from '../../../media/disc-layout.ts';
import { LoadedBuffer } from './disk-buffer.ts';
import { ReadAhead } from './read-ahead.ts';

const SECTOR = 2048;

/**
 * A disc in the drive: the visitor's file, read in place. Reads are answered at once (FileReaderSync), because
 * some guests reset a CD drive that lets them wait (docs/engine.md, drives). A file that cannot be read any
 * more throws; the drive's repair turns that into a medium error for the guest.
 */
export class DiscBuffer extends LoadedBuffer {
  readonly byteLength: number;
  readonly name: string;
  readonly #cache: ReadAhead;
  readonly #onRead: (start: number, bytes: number) => void;

  constructor(medium: NamedFile, onRead: (start: number, bytes: number) => void) {
    super();
    const { file, name } = medium;
    this.name = name;
    // A guest asks for whole sectors; the last one of an odd file is filled up with zeros, as a drive would.
    const layout = layoutOf(file, name);
    const sizeBytes = discBytes(layout, file.size);
    this.byteLength = Math.ceil(sizeBytes / SECTOR) * SECTOR;
    this.#cache = new ReadAhead((offset, length) => {
      const span = spanInFile(layout, offset, length);
      return dataOfSpan(layout, readFile(file, name, span.offset, span.length), offset, length);
    }, sizeBytes);
    this.#onRead = onRead;
  }

  get(start: number, length: number, done: (bytes: Uint8Array) => void): void {
    this.#onRead(start, length);
    const bytes = this.#cache.read(start, length);
    if (bytes.byteLength === length) return done(bytes);
    const filled = new Uint8Array(length);
    filled.set(bytes);
    done(filled);
  }

  set(): void {
    throw new VitrineError('engine/disc-write', { name: this.name });
  }
}

/** How the file keeps its sectors: a raw copy of a CD has more in them than the guest is to see. */
function layoutOf(file: Blob, name: string): DiscLayout {
  const search = searchDiscLayout(file.size);
  let step = search.next();
  while (!step.done) {
    const { offset, length } = step.value;
    step = search.next(readFile(file, name, offset, Math.max(0, Math.min(length, file.size - offset))));
  }
  return step.value ?? PLAIN_LAYOUT;
}

function readFile(file: Blob, name: string, offset: number, length: number): Uint8Array {
  try {
    const bytes = new Uint8Array(new FileReaderSync().readAsArrayBuffer(file.slice(offset, offset + length)));
    if (bytes.byteLength === length) return bytes;
  } catch (cause) {
    throw new VitrineError('bytes/unreadable', { name }, { cause });
  }
  throw new VitrineError('bytes/out-of-range', { name });
}
