/** How loud the visitor wants it. */
export interface SoundSettings {
  /** 0..1, as the slider stands. */
  volume: number;
  muted: boolean;
}

/** What of `localStorage` is used. */
export interface SettingsStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

const DEFAULTS: SoundSettings = { volume: 0.7, muted: false };

/**
 * Remembers the settings between visits under `key`. A browser that keeps nothing for the page (storage denied, full,
 * or emptied by hand) is no error: the settings last as long as the page then.
 */
export class SoundMemory {
  readonly #storage: () => SettingsStorage;
  readonly #key: string;

  /** `storage` is called each time, since naming `localStorage` throws where it is denied. */
  constructor(storage: () => SettingsStorage, key: string) {
    this.#storage = storage;
    this.#key = key;
  }

  /** The settings of the last visit; the defaults for what is missing or damaged. */
  load(): SoundSettings {
    const text = quietly(() => this.#storage().getItem(this.#key));
    const stored: unknown = text ? quietly(() => JSON.parse(text)) : null;
    if (typeof stored !== 'object' || stored === null) return DEFAULTS;
    return {
      volume: 'volume' in stored ? clampVolume(stored.volume) : DEFAULTS.volume,
      muted: 'muted' in stored ? stored.muted === true : DEFAULTS.muted,
    };
  }

  save(settings: SoundSettings): void {
    quietly(() => this.#storage().setItem(this.#key, JSON.stringify(settings)));
  }
}

/** A volume within 0..1; the default for what is no number. */
export function clampVolume(volume: unknown): number {
  return typeof volume === 'number' && Number.isFinite(volume)
    ? Math.max(0, Math.min(1, volume))
    : DEFAULTS.volume;
}

/** The gain for settings: a slider's way is heard as even when the gain grows by its square. */
export function gainOf({ volume, muted }: SoundSettings): number {
  return muted ? 0 : volume * volume;
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
