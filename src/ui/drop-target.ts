import { droppedFiles, type PickedFile } from '../page/picked-file.ts';

export interface DropEvents {
  /** Whether files are held over the target now. */
  dragging(over: boolean): void;
  files(files: Promise<PickedFile[]>): void;
}

/** Takes files that are dropped on `target`; returns the function that ends it. Text and links are left alone. */
export function listenForDrops(target: EventTarget, on: DropEvents): () => void {
  const ears = new AbortController();
  const listen = (type: string, listener: (event: DragEvent) => void) =>
    target.addEventListener(type, (event) => listener(event as DragEvent), { signal: ears.signal });

  listen('dragover', (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    event.dataTransfer!.dropEffect = 'copy';
    on.dragging(true);
  });
  listen('dragleave', (event) => {
    // Only leaving for somewhere outside counts; moving from one element to the next fires this too.
    if (event.relatedTarget === null) on.dragging(false);
  });
  listen('drop', (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    on.dragging(false);
    on.files(droppedFiles(event.dataTransfer!));
  });
  return () => ears.abort();
}

function holdsFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') ?? false;
}
