import type { SaveSink } from './save-sink.ts';
import { savePicker } from './secure-parts.ts';

/** A kind of file in the dialog: "A machine", with the endings ".vitrine". */
export interface FileKind {
  readonly description: string;
  readonly accept: Readonly<Record<string, readonly string[]>>;
}

interface RemovableHandle {
  remove?(): Promise<void>;
}

/**
 * Asks the visitor for a place: a handle, `dismissed` when they changed their mind, or null where this browser, this
 * frame or this moment (not a gesture) has no such dialog. The dialog is opened before anything is awaited.
 */
export async function pickPlace(
  suggestedName: string,
  types: readonly FileKind[],
): Promise<FileSystemFileHandle | 'dismissed' | null> {
  const picker = savePicker();
  if (!picker) return null;
  try {
    return await picker({ suggestedName, types });
  } catch (thrown) {
    if (!(thrown instanceof DOMException)) throw thrown;
    if (thrown.name === 'AbortError') return 'dismissed';
    if (thrown.name === 'SecurityError' || thrown.name === 'NotAllowedError') return null;
    throw thrown;
  }
}

/**
 * A file of the visitor's own. The browser writes beside it and puts the new file in its place at the end, all at
 * once; a save that is given up leaves an old file as it was, and takes away the empty one that the dialog made.
 */
export async function openFileSink(handle: FileSystemFileHandle): Promise<SaveSink> {
  const wasEmpty = (await handle.getFile()).size === 0;
  const writable = await handle.createWritable();
  return {
    way: 'file',
    lost: new AbortController().signal,
    write: (bytes) => writable.write(bytes),
    close: () => writable.close(),
    abort: async () => {
      // A writable that failed is aborted already.
      await writable.abort().catch(() => undefined);
      // Not every browser can; then an empty file is left, which nobody takes for a whole one.
      if (wasEmpty) await (handle as RemovableHandle).remove?.().catch(() => undefined);
    },
  };
}
