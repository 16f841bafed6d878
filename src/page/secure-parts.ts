import { isSecureAddress, notSecure } from '../lib/secure-parts.ts';

/**
 * The parts of a page that it has only on a secure address, or not at all: see `lib/secure-parts.ts`. Each is null where
 * it is missing, or has the way of doing without it.
 */

interface HandleGivingItem {
  getAsFileSystemHandle?(): Promise<FileSystemHandle | null>;
}

/**
 * The handle of what was dropped; null where the browser gives none. Chromium has the method on every address, and
 * ends the page that calls it on one that is not secure (seen in 156).
 */
export async function droppedHandle(item: DataTransferItem): Promise<FileSystemHandle | null> {
  if (!isSecureAddress()) return null;
  // A handle is a convenience: a browser that refuses one still gave the file.
  return (await (item as HandleGivingItem).getAsFileSystemHandle?.().catch(() => null)) ?? null;
}

/** File System Access (WICG), which TypeScript's DOM library lists only in part; Chromium's browsers have it. */
interface FilePickers {
  showOpenFilePicker?(options: {
    types: { description: string; accept: Record<string, string[]> }[];
    multiple: boolean;
  }): Promise<FileSystemFileHandle[]>;
  showSaveFilePicker?(options: {
    suggestedName: string;
    types: readonly { description: string; accept: Readonly<Record<string, readonly string[]>> }[];
  }): Promise<FileSystemFileHandle>;
}

/** The browser's dialog for files to be read; call it in a gesture. */
export function openPicker(): Required<FilePickers>['showOpenFilePicker'] | null {
  return (isSecureAddress() && (window as FilePickers).showOpenFilePicker?.bind(window)) || null;
}

/** The browser's dialog for a file to be written; call it in a gesture. */
export function savePicker(): Required<FilePickers>['showSaveFilePicker'] | null {
  return (isSecureAddress() && (window as FilePickers).showSaveFilePicker?.bind(window)) || null;
}

export function serviceWorkers(): ServiceWorkerContainer | null {
  return (navigator as { serviceWorker?: ServiceWorkerContainer }).serviceWorker ?? null;
}

export function wakeLocks(): WakeLock | null {
  return (navigator as { wakeLock?: WakeLock }).wakeLock ?? null;
}

/** Copies a text; rejects with 'page/not-secure' where there is no clipboard. */
export async function copyText(text: string): Promise<void> {
  const { clipboard } = navigator as { clipboard?: Clipboard };
  if (!clipboard) throw notSecure();
  await clipboard.writeText(text);
}

/** The clipboard, where it takes pictures. */
export function pictureClipboard(): Clipboard | null {
  const { clipboard } = navigator as { clipboard?: Clipboard };
  return 'ClipboardItem' in globalThis ? (clipboard ?? null) : null;
}

/** The browser's way of handing files on, where it takes these. */
export function sharing(files: File[]): ((data: ShareData) => Promise<void>) | null {
  const { share, canShare } = navigator as { share?: Navigator['share']; canShare?: Navigator['canShare'] };
  if (!share || !canShare?.call(navigator, { files })) return null;
  return share.bind(navigator);
}

/** A node of an audio worklet whose module is at `url`; rejects where the browser has none here. */
export async function openWorklet(
  context: AudioContext,
  url: string,
  name: string,
  options: AudioWorkletNodeOptions,
): Promise<AudioWorkletNode> {
  const { audioWorklet } = context as { audioWorklet?: AudioWorklet };
  if (!audioWorklet) throw new Error('There is no audio worklet here.');
  await audioWorklet.addModule(url);
  return new AudioWorkletNode(context, name, options);
}
