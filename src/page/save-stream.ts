import { toVitrineError, VitrineError } from '../lib/errors.ts';
import { orAborted } from '../lib/or-aborted.ts';
import { trimBoth } from '../lib/trim.ts';
import { ProgressMeter, type Progress } from '../lib/progress-meter.ts';
import { openDownloadSink } from './save-download.ts';
import { openMemorySink } from './save-memory.ts';
import { openFileSink, pickPlace, type FileKind } from './save-picker.ts';
import type { SaveSink } from './save-sink.ts';

export interface SaveOptions {
  /** With its ending; letters that no file name may have are replaced. */
  readonly suggestedName: string;
  /** What the dialog calls such files, where there is a dialog. */
  readonly types?: readonly FileKind[];
  /**
   * Begins the file. Called once a place for it was chosen, so that nothing has to be made for a dialog that is
   * closed again. `signal` is aborted when the file is no longer wanted; the stream is cancelled besides.
   */
  open(signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
  /** The exact size, where it is known: a browser then shows its own progress, and a file of another size is refused. */
  readonly sizeBytes?: number;
  /** About how large it will be, for the figures alone, where the exact size is not known. */
  readonly expectedBytes?: number;
  /** At the start, four times a second, and at the end. */
  readonly onProgress?: (progress: Progress) => void;
  /** Stops the save: it rejects with `save/cancelled`. */
  readonly signal?: AbortSignal;
}

export interface Saved {
  /**
   * `file`: written where the visitor chose, and whole. `download` and `memory`: handed over to the browser's own
   * downloads, which tell the rest.
   */
  readonly way: SaveSink['way'];
  readonly bytes: number;
}

const REPORT_MS = 250;

/**
 * Writes a stream into a file of the visitor's choice; null when they closed the dialog. Must be called from a
 * gesture. Memory is bounded: the stream is read no faster than the file is written. The first of these that the
 * browser has is taken: its dialog for a file (`save-picker.ts`), a download through the page's service worker
 * (`save-download.ts`), a download out of the page's memory (`save-memory.ts`, up to a limit).
 *
 * A save that is stopped or fails leaves no file that looks whole. Rejects with `save/cancelled`,
 * `save/interrupted` (the browser ended the download), `save/no-room`, `save/too-large-here`, `save/wrong-size`,
 * `save/failed`, or with the error of the stream itself.
 */
export async function saveStream(options: SaveOptions): Promise<Saved | null> {
  const { signal, sizeBytes, types = [] } = options;
  const name = fileNameOf(options.suggestedName);
  if (signal?.aborted) throw new VitrineError('save/cancelled', { name });
  const place = await pickPlace(name, types).catch((thrown: unknown) => throwWriteError(thrown, name));
  if (place === 'dismissed') return null;
  const sink = place
    ? await openFileSink(place).catch((thrown: unknown) => throwWriteError(thrown, name))
    : ((await openDownloadSink(name, sizeBytes ?? null)) ?? openMemorySink(name, sizeBytes ?? null));
  const bytes = await fill(sink, name, options);
  return { way: sink.way, bytes };
}

/** Takes the stream into the sink, to its end or to the first thing that goes wrong. */
async function fill(sink: SaveSink, name: string, options: SaveOptions): Promise<number> {
  const { sizeBytes } = options;
  const stop = new AbortController();
  const cancel = (): void => stop.abort(new VitrineError('save/cancelled', { name }));
  const lose = (): void => stop.abort(sink.lost.reason);
  options.signal?.addEventListener('abort', cancel);
  sink.lost.addEventListener('abort', lose);
  const meter = new ProgressMeter(sizeBytes ?? options.expectedBytes ?? null);
  const report = (): void => options.onProgress?.(meter.read());
  report();
  const reporting = setInterval(report, REPORT_MS);
  let reader: ReadableStreamDefaultReader<Uint8Array> | null = null;
  let done = 0;
  try {
    if (options.signal?.aborted) cancel();
    if (sink.lost.aborted) lose();
    reader = (await orAborted(opened(options, stop.signal), stop.signal)).getReader();
    for (;;) {
      const next = await orAborted(reader.read(), stop.signal);
      if (next.done) break;
      const { length } = next.value;
      if (length === 0) continue;
      await orAborted(written(sink.write(next.value as Uint8Array<ArrayBuffer>), name), stop.signal);
      done += length;
      meter.add(length);
    }
    if (sizeBytes !== undefined && done !== sizeBytes) throw new VitrineError('save/wrong-size', { name });
    await orAborted(written(sink.close(), name), stop.signal);
    meter.set(done, done);
    report();
    return done;
  } catch (thrown) {
    const error = toVitrineError(thrown);
    stop.abort(error);
    // The save has failed already: what the stream says to being stopped changes nothing.
    await reader?.cancel(error).catch(() => undefined);
    await sink.abort();
    throw error;
  } finally {
    clearInterval(reporting);
    options.signal?.removeEventListener('abort', cancel);
    sink.lost.removeEventListener('abort', lose);
  }
}

/** The stream; one that comes after the save was stopped is cancelled, for nobody else has it. */
async function opened(options: SaveOptions, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
  signal.throwIfAborted();
  const stream = await options.open(signal);
  if (signal.aborted) {
    await stream.cancel(signal.reason).catch(() => undefined);
    throw signal.reason;
  }
  return stream;
}

function written(work: Promise<void>, name: string): Promise<void> {
  return work.catch((thrown: unknown) => throwWriteError(thrown, name));
}

function throwWriteError(thrown: unknown, name: string): never {
  if (thrown instanceof VitrineError) throw thrown;
  const isFull = thrown instanceof DOMException && thrown.name === 'QuotaExceededError';
  throw new VitrineError(isFull ? 'save/no-room' : 'save/failed', { name }, { cause: thrown });
}

/** A name that every system takes, without folders. */
export function fileNameOf(name: string): string {
  // Control letters, halves of letters, and what Windows or a path has for its own.
  const usable = name.replace(/[\p{Cc}\p{Cs}\\/:*?"<>|]+/gu, '-');
  const trimmed = trimBoth(usable, (letter) => letter === '.' || letter.trim() === '');
  return Array.from(trimmed).slice(-120).join('') || 'machine';
}
