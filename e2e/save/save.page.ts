import { saveStream, type SaveOptions } from '../../src/page/save-stream.ts';
import { patternChunk } from './pattern.ts';

/** What the page offers to `save-stream.spec.ts`. */
export interface SavePage {
  /** Begins to save a pattern under `name`; ask `outcome` for the end. */
  save(name: string, wish: Wish): void;
  outcome(): Promise<Outcome>;
  /** Stops the save as its Cancel button does. */
  cancel(): void;
  /** Lets a source that waits go on by so many chunks. */
  allow(chunks: number): void;
  state(): State;
  installShell(): Promise<void>;
  /** Puts a picker in the place of the dialog: it gives a real file, in the page's own file system. */
  replacePicker(answer: 'a file' | 'dismissed' | 'not now'): void;
  removePicker(): void;
  /** The file that the picker gave: its length and whether it is the pattern; null where there is none. */
  pickedFile(): Promise<{ bytes: number; isPattern: boolean } | null>;
  writeOldFile(text: string): Promise<void>;
  readOldFile(): Promise<string>;
}

export interface Wish {
  readonly chunks: number;
  readonly chunkBytes: number;
  /** How many chunks may be made before the first `allow`; all where it is left out. */
  readonly waitAfter?: number;
  /** The source fails after so many chunks. */
  readonly failAfter?: number;
  readonly sizeBytes?: number;
}

export type Outcome = { saved: { way: string; bytes: number } | null } | { error: string };

export interface State {
  opened: number;
  made: number;
  isCancelled: boolean;
  isAborted: boolean;
  progress: { doneBytes: number; totalBytes: number | null }[];
}

declare global {
  interface Window {
    savePage: SavePage;
  }
}

let outcome: Promise<Outcome> = Promise.resolve({ saved: null });
let stop = new AbortController();
let state: State = freshState();
let wish: Wish = { chunks: 0, chunkBytes: 0 };
let mayMake = 0;
let wake: () => void = () => undefined;

function freshState(): State {
  return { opened: 0, made: 0, isCancelled: false, isAborted: false, progress: [] };
}

function openPattern(signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
  state.opened++;
  signal.addEventListener('abort', () => (state.isAborted = true));
  const { chunks, chunkBytes, failAfter } = wish;
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (state.made === failAfter) throw new Error('the source failed');
        while (state.made >= mayMake) await new Promise<void>((resolve) => (wake = resolve));
        if (state.made === chunks) {
          controller.close();
          return;
        }
        controller.enqueue(patternChunk(state.made, chunkBytes));
        state.made++;
      },
      cancel() {
        state.isCancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return Promise.resolve(stream);
}

const files = () => navigator.storage.getDirectory();

window.savePage = {
  save(name, wished) {
    wish = wished;
    state = freshState();
    stop = new AbortController();
    mayMake = wished.waitAfter ?? Infinity;
    const options: SaveOptions = {
      suggestedName: name,
      types: [{ description: 'A pattern', accept: { 'application/octet-stream': ['.bin'] } }],
      open: openPattern,
      sizeBytes: wished.sizeBytes,
      onProgress: ({ doneBytes, totalBytes }) => state.progress.push({ doneBytes, totalBytes }),
      signal: stop.signal,
    };
    outcome = saveStream(options).then(
      (saved) => ({ saved }),
      (error: Error & { code?: string }) => ({ error: error.code ?? error.message }),
    );
  },
  outcome: () => outcome,
  cancel: () => stop.abort(),
  allow(chunks) {
    mayMake += chunks;
    wake();
  },
  state: () => state,
  async installShell() {
    await navigator.serviceWorker.register('./sw.js');
    await navigator.serviceWorker.ready;
  },
  replacePicker(answer) {
    const picker = async () => {
      if (answer === 'dismissed') throw new DOMException('The user aborted a request.', 'AbortError');
      if (answer === 'not now') throw new DOMException('Must be handling a user gesture.', 'SecurityError');
      return (await files()).getFileHandle('picked.bin', { create: true });
    };
    Object.assign(window, { showSaveFilePicker: picker });
  },
  removePicker() {
    Reflect.deleteProperty(window, 'showSaveFilePicker');
  },
  async pickedFile() {
    const handle = await (await files()).getFileHandle('picked.bin').catch(() => null);
    if (!handle) return null;
    const bytes = new Uint8Array(await (await handle.getFile()).arrayBuffer());
    const { chunkBytes } = wish;
    let isPattern = bytes.length % chunkBytes === 0;
    for (let at = 0; isPattern && at < bytes.length; at += chunkBytes) {
      const expected = patternChunk(at / chunkBytes, chunkBytes);
      isPattern = expected.every((byte, index) => byte === bytes[at + index]);
    }
    return { bytes: bytes.length, isPattern };
  },
  async writeOldFile(text) {
    const writable = await (
      await (await files()).getFileHandle('picked.bin', { create: true })
    ).createWritable();
    await writable.write(text);
    await writable.close();
  },
  async readOldFile() {
    return (await (await (await files()).getFileHandle('picked.bin')).getFile()).text();
  },
};
