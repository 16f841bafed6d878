import { VitrineError } from '../lib/errors.ts';
import { Store } from '../lib/store.ts';
import { reopenFile } from './picked-file.ts';

/** Where the handle of a machine's disc is kept between visits. */
export interface DiscMemory {
  rememberDisc(machineId: string, handle: FileSystemFileHandle): Promise<void>;
  recallDisc(machineId: string): Promise<FileSystemFileHandle | null>;
}

/** The disc of the last visit, where the browser can give it back with one click. */
export class LastDisc {
  /** '' for none. */
  readonly name = new Store('');
  readonly #memory: DiscMemory;
  #handle: FileSystemFileHandle | null = null;

  constructor(memory: DiscMemory) {
    this.#memory = memory;
  }

  async recall(machineId: string): Promise<void> {
    this.#handle = await this.#memory.recallDisc(machineId);
    this.name.set(this.#handle?.name ?? '');
  }

  async remember(machineId: string, handle: FileSystemFileHandle): Promise<void> {
    await this.#memory.rememberDisc(machineId, handle);
    this.#handle = handle;
    this.name.set(handle.name);
  }

  /** The file itself; null when the visitor does not allow it. Rejects with 'bytes/unreadable' when it is gone. */
  async open(): Promise<File | null> {
    if (!this.#handle) return null;
    try {
      return await reopenFile(this.#handle);
    } catch (cause) {
      throw new VitrineError('bytes/unreadable', { name: this.#handle.name }, { cause });
    }
  }
}
