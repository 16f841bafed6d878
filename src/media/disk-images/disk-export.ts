import { VitrineError } from '../../lib/errors.ts';
import { nextTask } from '../../lib/next-task.ts';
import { BitSet } from './bit-set.ts';
import { SECTOR_BYTES, type SparseReader } from './disk-image.ts';
import { ExportMeter, type ExportProgress } from './export-progress.ts';

export interface ExportOptions {
  onProgress?: (progress: ExportProgress) => void;
  /** Ends the export: the promise or the stream rejects with `export/cancelled`. */
  signal?: AbortSignal;
  /**
   * Reads everything once beforehand and leaves out what turns out to be zeros. Makes the file smaller where the
   * disk does not know its empty parts, and takes about twice the time.
   */
  findZeros?: boolean;
}

/** A disk on its way into a file: the file's exact size, and its bytes from first to last. */
export interface DiskExport {
  sizeBytes: number;
  stream: ReadableStream<Uint8Array>;
}

/** Read and written at a time; two of them are in memory. */
export const EXPORT_CHUNK_BYTES = 2 << 20;

/** A turn of a millisecond or two. */
const UNITS_IN_A_TURN = 65_536;

/** The size that a written image has: whole sectors. */
export const exportedSize = (disk: SparseReader): number =>
  Math.ceil(disk.sizeBytes / SECTOR_BYTES) * SECTOR_BYTES;

/** Which units of `unitBytes` of the disk hold data. */
export async function readAllocation(
  disk: SparseReader,
  unitBytes: number,
  options: ExportOptions,
): Promise<BitSet> {
  checkNotCancelled(options.signal);
  const units = new BitSet();
  const meter = new ExportMeter('scanning', disk.sizeBytes, options.onProgress);
  let scanned = 0;
  for await (const { offset, length } of disk.allocatedRanges()) {
    checkNotCancelled(options.signal);
    const end = Math.ceil((offset + length) / unitBytes);
    for (let unit = Math.floor(offset / unitBytes); unit < end; unit++) {
      units.add(unit);
      // A raw image is one range, of up to two million units.
      if (unit % UNITS_IN_A_TURN === 0) await nextTask();
    }
    if (!options.findZeros) meter.add(offset + length - scanned);
    scanned = offset + length;
  }
  if (options.findZeros) await dropZeroUnits(disk, units, unitBytes, options);
  return units;
}

async function dropZeroUnits(
  disk: SparseReader,
  units: BitSet,
  unitBytes: number,
  options: ExportOptions,
): Promise<void> {
  const meter = new ExportMeter('scanning', units.size * unitBytes, options.onProgress);
  for (const { first, count } of unitRuns(units, Math.max(1, EXPORT_CHUNK_BYTES / unitBytes))) {
    checkNotCancelled(options.signal);
    const bytes = await readPadded(disk, first * unitBytes, count * unitBytes);
    for (let index = 0; index < count; index++) {
      if (isZero(bytes.subarray(index * unitBytes, (index + 1) * unitBytes))) units.delete(first + index);
    }
    meter.add(bytes.length);
  }
}

/** Members that follow each other, in runs of at most `most`. A run may be changed once it has been handed out. */
export function* unitRuns(units: BitSet, most: number): Generator<{ first: number; count: number }> {
  let first = 0;
  let count = 0;
  for (const unit of units) {
    if (count > 0 && (unit !== first + count || count === most)) {
      yield { first, count };
      count = 0;
    }
    if (count === 0) first = unit;
    count++;
  }
  if (count > 0) yield { first, count };
}

/** Bytes of the disk, with zeros for what lies beyond its end: the last unit of an image is always whole. */
export async function readPadded(disk: SparseReader, offset: number, length: number): Promise<Uint8Array> {
  const inside = Math.min(length, disk.sizeBytes - offset);
  const bytes = await disk.read(offset, inside);
  if (inside === length) return bytes;
  const padded = new Uint8Array(length);
  padded.set(bytes);
  return padded;
}

/**
 * A stream of the parts in their order. Each part is a promise-maker; the next one is started while the reader
 * takes the last, so reading and writing overlap, and no more than two parts are in memory.
 */
export function streamParts(
  sizeBytes: number,
  parts: Iterable<() => Promise<Uint8Array>>,
  options: ExportOptions,
): DiskExport {
  checkNotCancelled(options.signal);
  const iterator = parts[Symbol.iterator]();
  const meter = new ExportMeter('writing', sizeBytes, options.onProgress);
  let ahead: Promise<Uint8Array> | null = null;
  const start = (): Promise<Uint8Array> | null => {
    const next = iterator.next();
    if (next.done) return null;
    const part = next.value();
    // It is awaited in a later pull; until then a rejection has nobody to take it.
    part.catch(() => undefined);
    return part;
  };
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        checkNotCancelled(options.signal);
        ahead ??= start();
        if (ahead === null) {
          controller.close();
          return;
        }
        const bytes = await ahead;
        checkNotCancelled(options.signal);
        ahead = start();
        // A reader may transfer the buffer, so its length is taken before.
        const written = bytes.length;
        controller.enqueue(bytes);
        meter.add(written);
        if (ahead === null) controller.close();
      },
      cancel() {
        ahead = null;
        iterator.return?.();
      },
    },
    { highWaterMark: 0 },
  );
  return { sizeBytes, stream };
}

export function checkNotCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new VitrineError('export/cancelled', {}, { cause: signal.reason });
}

function isZero(bytes: Uint8Array): boolean {
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
  for (let at = 0; at < words.length; at++) if (words[at] !== 0) return false;
  return true;
}
