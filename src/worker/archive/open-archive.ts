import type { ByteSource } from '../../bytes/byte-source.ts';
import { VitrineError } from '../../lib/errors.ts';
import { orAborted } from '../../lib/or-aborted.ts';
import type { ArchiveProgress } from '../../protocol/snapshot-messages.ts';
import {
  checkHead,
  decodeTrailer,
  HEAD_BYTES,
  sha256Of,
  TRAILER_BYTES,
} from '../../snapshot/archive-format.ts';
import type { ArchiveManifest, ChunkIndex } from '../../snapshot/archive-manifest.ts';
import { readManifest } from './read-manifest.ts';

export interface ImportOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ArchiveProgress) => void;
}

/**
 * A `.vitrine` file whose manifest hangs together; its chunks are checked as they are read. Whatever the file is, it is
 * given up when the signal is aborted, also while a read of it never comes back.
 */
export class OpenArchive {
  readonly manifest: ArchiveManifest;
  readonly #file: PatientFile;
  readonly #onProgress: ImportOptions['onProgress'];
  readonly #offsets: number[] = [];
  readonly #read = new Set<ChunkIndex>();
  #doneBytes = 0;

  /** Rejects with `archive/foreign`, `archive/newer`, `archive/cut`, `archive/damaged`, `archive/cancelled` or `bytes/unreadable`. */
  static async open(source: ByteSource, options: ImportOptions): Promise<OpenArchive> {
    const file = new PatientFile(source, options.signal);
    const { name, sizeBytes } = source;
    if (sizeBytes < HEAD_BYTES) throw new VitrineError('archive/foreign', { name });
    checkHead(await file.read(0, HEAD_BYTES), name);
    if (sizeBytes < HEAD_BYTES + TRAILER_BYTES) throw new VitrineError('archive/cut', { name });
    const end = await file.read(sizeBytes - TRAILER_BYTES, TRAILER_BYTES);
    const place = decodeTrailer(end, sizeBytes, name);
    const json = await file.read(place.offset, place.length);
    if ((await sha256Of(json)) !== place.sha256) throw damaged(name, 'the manifest');
    const { manifest, wrong } = readManifest(json);
    if (manifest === null) throw damaged(name, wrong);
    return new OpenArchive(file, manifest, place.offset, options);
  }

  private constructor(file: PatientFile, manifest: ArchiveManifest, end: number, options: ImportOptions) {
    this.#file = file;
    this.manifest = manifest;
    this.#onProgress = options.onProgress;
    let at = HEAD_BYTES;
    for (const { length } of manifest.chunks) {
      this.#offsets.push(at);
      at += length;
    }
    if (at !== end) throw this.damaged('the chunks do not fill the file');
  }

  /** A chunk whose bytes are what the manifest says; the array begins where its buffer begins. */
  async read(chunk: ChunkIndex): Promise<Uint8Array<ArrayBuffer>> {
    const { length, sha256 } = this.manifest.chunks[chunk];
    const bytes = await this.#file.read(this.#offsets[chunk], length);
    if ((await sha256Of(bytes)) !== sha256) throw this.damaged(`chunk ${chunk}`);
    // One that is read again is no progress.
    if (!this.#read.has(chunk)) this.#doneBytes += length;
    this.#read.add(chunk);
    const totalBytes = this.#file.sizeBytes;
    this.#onProgress?.({ doneBytes: Math.min(this.#doneBytes, totalBytes), totalBytes });
    return bytes;
  }

  /** Throws `archive/cancelled` once the signal is aborted. */
  checkWanted(): void {
    this.#file.checkWanted();
  }

  /** For what is wrong in the file's contents; `what` is for the log. */
  damaged(what: string): VitrineError {
    return damaged(this.#file.name, what);
  }
}

/** A file that is read until nobody wants it any more. */
class PatientFile {
  readonly #source: ByteSource;
  readonly #signal: AbortSignal | undefined;

  constructor(source: ByteSource, signal: AbortSignal | undefined) {
    this.#source = source;
    this.#signal = signal;
  }

  get name(): string {
    return this.#source.name;
  }

  get sizeBytes(): number {
    return this.#source.sizeBytes;
  }

  async read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    this.checkWanted();
    const bytes = await orAborted(this.#source.read(offset, length), this.#signal).catch((error: unknown) => {
      this.checkWanted();
      throw error;
    });
    // A copy that begins where its buffer begins: words are read out of it.
    const isWhole = bytes.buffer instanceof ArrayBuffer && bytes.buffer.byteLength === bytes.length;
    return isWhole ? (bytes as Uint8Array<ArrayBuffer>) : bytes.slice();
  }

  checkWanted(): void {
    if (this.#signal?.aborted) throw new VitrineError('archive/cancelled');
  }
}

function damaged(name: string, detail: string): VitrineError {
  return new VitrineError('archive/damaged', { name }, { detail });
}
