import { LocalMemory, type SettingsStorage } from '../local-memory.ts';

/** How loud the visitor wants it. */
export interface SoundSettings {
  /** 0..1, as the slider stands. */
  volume: number;
  muted: boolean;
}

const DEFAULTS: SoundSettings = { volume: 0.7, muted: false };

/** The visitor's volume between visits; the defaults for what is missing or damaged. */
export class SoundMemory {
  readonly #memory: LocalMemory;

  constructor(storage: () => SettingsStorage, key: string) {
    this.#memory = new LocalMemory(storage, key);
  }

  load(): SoundSettings {
    const { volume, muted } = this.#memory.load();
    return { volume: clampVolume(volume), muted: muted === true };
  }

  save(settings: SoundSettings): void {
    this.#memory.save(settings);
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
