import { BlockRanges } from '../disk/block-ranges.ts';
import type { GenerationSource } from '../disk/generation-source.ts';
import { BLOCK_BYTES } from '../disk/segment.ts';
import { WindowReader } from '../disk/window-reader.ts';
import type { VirtualDisk } from '../disk/virtual-disk.ts';
import { VitrineError } from '../lib/errors.ts';
import type { DiskExport, ExportOptions } from '../media/disk-images/disk-export.ts';
import type { DiskImage, SparseReader } from '../media/disk-images/disk-image.ts';
import { exportQcow2 } from '../media/disk-images/export-qcow2.ts';
import { exportRaw } from '../media/disk-images/export-raw.ts';
import { exportVhd } from '../media/disk-images/export-vhd.ts';
import type { DiskFileFormat } from '../protocol/disk-messages.ts';

/** A disk to export: which of its generations, and how to let go of all of it. */
export interface OpenDisk {
  readonly disk: VirtualDisk;
  readonly base: DiskImage | null;
  readonly generation: number;
  /** Called once, at the end, whatever that was. */
  release(this: void): Promise<void>;
}

const EXPORTERS: Record<DiskFileFormat, (disk: SparseReader, options: ExportOptions) => Promise<DiskExport>> =
  { raw: exportRaw, vhd: exportVhd, qcow2: exportQcow2 };

/** One running export. */
interface Running {
  readonly id: number;
  readonly cancel: AbortController;
  reader: ReadableStreamDefaultReader<Uint8Array> | null;
  release: (() => Promise<void>) | null;
}

/**
 * Makes a file of a disk, one piece of up to some MiB at a time, as they are asked for: so memory stays bounded. One
 * file at a time; beginning another gives the first one up. Each has an id, which whoever began it gave it: a file never
 * gets pieces of another, nor ends another.
 */
export class DiskExporter {
  #running: Running | null = null;

  /** Rejects with what `open` throws, `export/too-large` or `export/cancelled`; nothing is held then. */
  async begin(
    id: number,
    format: DiskFileFormat,
    open: () => Promise<OpenDisk>,
  ): Promise<{ sizeBytes: number }> {
    await this.end();
    const running: Running = { id, cancel: new AbortController(), reader: null, release: null };
    this.#running = running;
    try {
      const { disk, base, generation, release } = await open();
      running.release = release;
      const source = await disk.openGeneration(generation);
      running.release = async () => {
        source.close();
        await release();
      };
      const { signal } = running.cancel;
      const blocks = await blocksOf(base);
      const { sizeBytes, stream } = await EXPORTERS[format](asSparse(source, blocks), { signal });
      if (signal.aborted) throw new VitrineError('export/cancelled');
      running.reader = stream.getReader();
      return { sizeBytes };
    } catch (error) {
      await this.#finish(running);
      throw error;
    }
  }

  /** The next piece, null at the end of the file. Rejects with `export/cancelled` when it was given up. */
  async next(id: number): Promise<Uint8Array<ArrayBuffer> | null> {
    const running = this.#running;
    if (running?.id !== id || !running.reader) throw new VitrineError('export/cancelled');
    try {
      const { value, done } = await running.reader.read();
      // A reader that was cancelled answers as at the end.
      if (running.cancel.signal.aborted) throw new VitrineError('export/cancelled');
      if (!done) return value as Uint8Array<ArrayBuffer>;
    } catch (error) {
      await this.#finish(running);
      // What was read ahead for a file that was given up finds its disk closed.
      throw running.cancel.signal.aborted ? new VitrineError('export/cancelled') : error;
    }
    await this.#finish(running);
    return null;
  }

  /** Gives the file up, if it is being made; without an id, whichever is. */
  async end(id?: number): Promise<void> {
    const running = this.#running;
    if (!running || (id !== undefined && id !== running.id)) return;
    running.cancel.abort();
    // Until the disk is open there is nothing to let go of; `begin` does it when it finds itself given up.
    if (!running.release) return;
    await running.reader?.cancel();
    await this.#finish(running);
  }

  async #finish(running: Running): Promise<void> {
    if (this.#running === running) this.#running = null;
    const { release } = running;
    running.release = null;
    await release?.();
  }
}

/** A generation with what it stands on, as the exporters read it; `held` are the blocks that the base has. */
function asSparse(source: GenerationSource, held: BlockRanges): SparseReader {
  const reader = new WindowReader(source, held);
  return {
    sizeBytes: source.sizeBytes,
    read: (offset, length) => reader.read(offset, length),
    async *allocatedRanges() {
      for await (const { offsetBytes, lengthBytes } of source.stretches(0, held))
        yield { offset: offsetBytes, length: lengthBytes };
    },
  };
}

async function blocksOf(base: DiskImage | null): Promise<BlockRanges> {
  const blocks = new BlockRanges();
  for await (const { offset, length } of base?.allocatedRanges() ?? [])
    blocks.add(Math.floor(offset / BLOCK_BYTES), Math.ceil((offset + length) / BLOCK_BYTES));
  return blocks;
}
