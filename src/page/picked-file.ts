import { droppedHandle, openPicker } from './secure-parts.ts';

/** A file of the visitor's and, where the browser gives one, the handle by which a later visit can have it again. */
export interface PickedFile {
  file: File;
  handle: FileSystemFileHandle | null;
}

/** What a browser rejects with that was asked at a time when it does not ask the visitor. */
const REFUSALS: readonly string[] = ['SecurityError', 'NotAllowedError'];

interface AskingHandle {
  queryPermission?(options: { mode: 'read' }): Promise<PermissionState>;
  requestPermission?(options: { mode: 'read' }): Promise<PermissionState>;
}

/**
 * Lets the visitor pick one file; null when they change their mind. Must be called from a gesture. `endings` narrow
 * the dialog (".iso"); another file can still be picked.
 */
export async function pickFile(description: string, endings: string[]): Promise<PickedFile | null> {
  return (await pick(description, endings, false))[0] ?? null;
}

/** As `pickFile`, for what may be kept in several files; none when the visitor changes their mind. */
export function pickFiles(description: string, endings: string[]): Promise<PickedFile[]> {
  return pick(description, endings, true);
}

async function pick(description: string, endings: string[], multiple: boolean): Promise<PickedFile[]> {
  const picker = openPicker();
  if (!picker) return pickByInput(endings, multiple);
  try {
    const types = [{ description, accept: { 'application/octet-stream': endings } }];
    const handles = await picker({ types, multiple });
    return await Promise.all(handles.map(async (handle) => ({ file: await handle.getFile(), handle })));
  } catch (thrown) {
    if (thrown instanceof DOMException && thrown.name === 'AbortError') return [];
    throw thrown;
  }
}

/**
 * The files of a drop. Must be called in the drop event itself: its items are gone after it. Rejects with
 * `machine/folder` or `machine/folders` where folders are among them: a browser gives a file for each that nobody can
 * read.
 */
export async function droppedFiles(transfer: DataTransfer): Promise<PickedFile[]> {
  const items = [...transfer.items].filter((item) => item.kind === 'file');
  const folders = items.map((item) => item.webkitGetAsEntry()).filter((entry) => entry?.isDirectory === true);
  const files = items.map((item) => ({
    file: item.getAsFile(),
    handle: droppedHandle(item),
  }));
  if (folders.length > 0) {
    const { folderRefusal } = await import('./dropped-folder.ts');
    throw await folderRefusal(folders.filter((entry) => entry !== null));
  }
  const picked: PickedFile[] = [];
  for (const { file, handle } of files) {
    const had = await handle;
    if (file) picked.push({ file, handle: had?.kind === 'file' ? (had as FileSystemFileHandle) : null });
  }
  return picked;
}

/**
 * The file of an earlier visit's handle; null while the browser or the visitor does not allow it. The visitor is asked
 * only in a gesture: elsewhere the browser refuses to. Rejects when the file is gone.
 */
export async function reopenFile(handle: FileSystemFileHandle): Promise<File | null> {
  return (await isAllowed(handle as AskingHandle)) ? handle.getFile() : null;
}

async function isAllowed(handle: AskingHandle): Promise<boolean> {
  // A browser that has neither asks for nothing.
  if (!handle.requestPermission) return true;
  if ((await handle.queryPermission?.({ mode: 'read' })) === 'granted') return true;
  const activation: UserActivation | undefined = navigator.userActivation;
  if (activation && !activation.isActive) return false;
  try {
    return (await handle.requestPermission({ mode: 'read' })) === 'granted';
  } catch (thrown) {
    // The gesture was over by now.
    if (thrown instanceof DOMException && REFUSALS.includes(thrown.name)) return false;
    throw thrown;
  }
}

function pickByInput(endings: readonly string[], multiple: boolean): Promise<PickedFile[]> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = endings.join(',');
    input.multiple = multiple;
    const answer = () => resolve([...(input.files ?? [])].map((file) => ({ file, handle: null })));
    input.addEventListener('change', answer, { once: true });
    input.addEventListener('cancel', () => resolve([]), { once: true });
    input.click();
  });
}
