import { createSHA1 } from 'hash-wasm';
import type { ByteSource } from '../bytes/byte-source.ts';
import { VitrineError } from '../lib/errors.ts';
import { ProgressMeter, type Progress } from '../lib/progress-meter.ts';
import { findDiscBySum, type PublishedDisc } from './windows7-discs.ts';

export interface DiscSum {
  /** Lower-case hex. */
  readonly sha1: string;
  /** The disc that Microsoft published with this sum; null means "not in our list" and nothing worse. */
  readonly match: PublishedDisc | null;
  readonly bytesTotal: number;
  readonly elapsedMs: number;
}

export interface HashOptions {
  readonly signal?: AbortSignal;
  /** Called at the start, then at most ten times a second, and at the end. */
  readonly onProgress?: (progress: Progress) => void;
}

/** Large enough that the cost of a read does not show, small enough for three of them in memory. */
const CHUNK_BYTES = 4 * 1024 * 1024;
const PROGRESS_MS = 100;

/**
 * The SHA-1 sum of a whole file, read once from front to back while the piece before is summed, and the published
 * disc that has it. Rejects with `media/hash-cancelled` once `signal` is aborted, with `bytes/unreadable` where the
 * file goes away.
 */
export async function hashDisc(source: ByteSource, options: HashOptions = {}): Promise<DiscSum> {
  const { signal, onProgress } = options;
  const startedAt = performance.now();
  const bytesTotal = source.sizeBytes;
  const meter = new ProgressMeter(bytesTotal);
  const report = (): void => onProgress?.(meter.read());
  const hasher = await createSHA1();
  hasher.init();
  report();
  let reportedAt = startedAt;
  let upcoming = readChunk(source, 0);
  for (let done = 0; done < bytesTotal;) {
    const chunk = await upcoming;
    const next = done + chunk.length;
    throwIfAborted(signal, source);
    upcoming = readChunk(source, next);
    // A failure is seen when the chunk is awaited; until then it must not count as unhandled.
    upcoming.catch(() => undefined);
    hasher.update(chunk);
    done = next;
    meter.set(done);
    if (performance.now() - reportedAt >= PROGRESS_MS && done < bytesTotal) {
      reportedAt = performance.now();
      report();
    }
  }
  throwIfAborted(signal, source);
  report();
  const sha1 = hasher.digest('hex');
  return { sha1, match: findDiscBySum(sha1), bytesTotal, elapsedMs: performance.now() - startedAt };
}

function readChunk(source: ByteSource, offset: number): Promise<Uint8Array> {
  return source.read(offset, Math.min(CHUNK_BYTES, source.sizeBytes - offset));
}

function throwIfAborted(signal: AbortSignal | undefined, { name }: ByteSource): void {
  if (signal?.aborted) throw new VitrineError('media/hash-cancelled', { name });
}
