/** What of `localStorage` is used. */
export interface SettingsStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

/**
 * Remembers a small object between visits under `key`. A browser that keeps nothing for the page (storage denied,
 * full, or emptied by hand) is no error: the settings last as long as the page then.
 */
export class LocalMemory {
  readonly #storage: () => SettingsStorage;
  readonly #key: string;

  /** `storage` is called each time, since naming `localStorage` throws where it is denied. */
  constructor(storage: () => SettingsStorage, key: string) {
    this.#storage = storage;
    this.#key = key;
  }

  /** The fields of the last visit, unchecked; none for what is missing or damaged. */
  load(): Readonly<Record<string, unknown>> {
    const text = quietly(() => this.#storage().getItem(this.#key));
    const stored: unknown = text ? quietly(() => JSON.parse(text)) : null;
    return typeof stored === 'object' && stored !== null ? { ...stored } : {};
  }

  save(settings: object): void {
    quietly(() => this.#storage().setItem(this.#key, JSON.stringify(settings)));
  }
}

/** The result, or null where the storage is denied or its content is damaged. */
function quietly<T>(attempt: () => T): T | null {
  try {
    return attempt();
  } catch (thrown) {
    if (thrown instanceof DOMException || thrown instanceof SyntaxError) return null;
    throw thrown;
  }
}
