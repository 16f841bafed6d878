import { VitrineError } from '../lib/errors.ts';
import { ExportMeter, type ExportProgress } from '../media/disk-images/export-progress.ts';

export interface DiskExportOptions {
  /** A saved moment whose disk is meant; the disk as it is now, if not given. */
  readonly momentId?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ExportProgress) => void;
}

/** A disk on its way into a file: the file's exact size, and its bytes. Cancelling the stream gives it up. */
export interface DiskFile {
  readonly sizeBytes: number;
  readonly stream: ReadableStream<Uint8Array>;
}

/** The worker's end of an export (`DiskExportCalls`). */
export interface ExportingWorker {
  begin(): Promise<{ sizeBytes: number }>;
  next(): Promise<Uint8Array | null>;
  end(): Promise<void>;
}

/**
 * Begins an export and gives its file, whose pieces are pulled one by one. Rejects, and the stream fails, with
 * `export/cancelled` when `signal` is aborted: nothing is held in the worker then. A stream that ends is whole; one that
 * would end short fails with `export/cut`.
 */
export async function openDiskExport(worker: ExportingWorker, options: DiskExportOptions): Promise<DiskFile> {
  const { signal, onProgress } = options;
  if (signal?.aborted) throw new VitrineError('export/cancelled');
  const cancel = () => {
    // A worker that is gone holds nothing; what waits on it has been told.
    worker.end().catch(() => undefined);
  };
  signal?.addEventListener('abort', cancel, { once: true });
  const forget = () => signal?.removeEventListener('abort', cancel);
  try {
    const { sizeBytes } = await worker.begin();
    let leftBytes = sizeBytes;
    const meter = new ExportMeter('writing', sizeBytes, onProgress);
    const stream = new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          if (signal?.aborted) throw new VitrineError('export/cancelled');
          try {
            const piece = await worker.next();
            if (piece) {
              leftBytes -= piece.length;
              meter.add(piece.length);
              controller.enqueue(piece);
              return;
            }
            if (leftBytes !== 0)
              throw new VitrineError('export/cut', {}, { detail: `${leftBytes} of ${sizeBytes} bytes` });
          } catch (error) {
            forget();
            throw error;
          }
          forget();
          controller.close();
        },
        async cancel() {
          forget();
          await worker.end();
        },
      },
      // One piece is fetched while the last is written.
      { highWaterMark: 1 },
    );
    return { sizeBytes, stream };
  } catch (error) {
    forget();
    throw error;
  }
}
