import type { LocalMemory } from './local-memory.ts';

/** The exhibit files whose settings are kept: a device has one, and may try another. */
const MOST_FILES = 4;

/**
 * The kiosk settings of the exhibit file when it could last be read: a file that has a mistake this morning, or does not
 * come, does not take the kiosk or its PIN away.
 */
export class KioskMemory {
  readonly #memory: LocalMemory;

  constructor(memory: LocalMemory) {
    this.#memory = memory;
  }

  /** What the file's field `kiosk` held, unchecked; undefined where nothing is known of the file. */
  recall(file: string): unknown {
    return this.#files.find(([name]) => name === file)?.[1];
  }

  /** The file was read; null: it says nothing of a kiosk. */
  remember(file: string, kiosk: object | null): void {
    const others = this.#files.filter(([name]) => name !== file);
    this.#memory.save({ files: [[file, kiosk], ...others].slice(0, MOST_FILES) });
  }

  /** Whether the file made a kiosk of the page when it could last be read. */
  wasEnabled(file: string): boolean {
    const kiosk = this.recall(file);
    return typeof kiosk === 'object' && kiosk !== null && 'enabled' in kiosk && kiosk.enabled === true;
  }

  get #files(): readonly (readonly [string, unknown])[] {
    const { files } = this.#memory.load();
    if (!Array.isArray(files)) return [];
    return files.filter(
      (entry): entry is [string, unknown] =>
        Array.isArray(entry) && entry.length === 2 && typeof entry[0] === 'string',
    );
  }
}
