import { BlobSource } from '../bytes/byte-source.ts';
import { toVitrineError, type VitrineError } from '../lib/errors.ts';
import type { Progress } from '../lib/progress-meter.ts';
import { Store, type ReadableStore } from '../lib/store.ts';
import type { DiscMap } from '../media/disc-map.ts';
import type { DiscSum } from '../media/hash-disc.ts';
import { hashDiscFile } from './disc-hash.ts';
import type { LoadedDisc } from './machine-session.ts';

/** How far the map of the disc in the tray is. */
export type MapState =
  | { readonly phase: 'none' }
  | { readonly phase: 'drawing' }
  | { readonly phase: 'drawn'; readonly map: DiscMap }
  | { readonly phase: 'failed'; readonly error: VitrineError };

/** How far the comparison with the published sums is. `progress` is null until the worker has begun. */
export type SumState =
  | { readonly phase: 'none' }
  | { readonly phase: 'summing'; readonly progress: Progress | null }
  | { readonly phase: 'summed'; readonly sum: DiscSum }
  | { readonly phase: 'cancelled' }
  | { readonly phase: 'failed'; readonly error: VitrineError };

/** What does the work; tests put their own in its place. */
export interface StudyTools {
  mapDisc(file: Blob, name: string): Promise<DiscMap>;
  hashDisc: typeof hashDiscFile;
}

/**
 * What the curious ask about the disc in the tray: where what lies on it, and whether it is as published. Both are
 * done on request only and belong to one disc: when it goes out or another comes in, what runs is stopped and
 * what was found is forgotten.
 */
export class DiscStudy {
  readonly map = new Store<MapState>({ phase: 'none' });
  readonly sum = new Store<SumState>({ phase: 'none' });

  readonly #disc: ReadableStore<LoadedDisc | null>;
  readonly #tools: StudyTools;
  #summing: AbortController | null = null;

  constructor(disc: ReadableStore<LoadedDisc | null>, tools: StudyTools = TOOLS) {
    this.#disc = disc;
    this.#tools = tools;
    disc.subscribe(() => this.#forget());
  }

  /** Draws the map once for a disc; a map that failed is tried again. */
  async drawMap(): Promise<void> {
    const disc = this.#disc.value;
    const { phase } = this.map.value;
    if (!disc || phase === 'drawing' || phase === 'drawn') return;
    this.map.set({ phase: 'drawing' });
    const found = await this.#tools.mapDisc(disc.medium.file, disc.medium.name).then(
      (map): MapState => ({ phase: 'drawn', map }),
      (thrown: unknown): MapState => ({ phase: 'failed', error: toVitrineError(thrown) }),
    );
    if (this.#disc.value === disc) this.map.set(found);
  }

  /** Sums the whole file and looks the sum up. Resolves when that is done, failed or was stopped. */
  async compare(): Promise<void> {
    const disc = this.#disc.value;
    if (!disc || this.#summing) return;
    const mine = new AbortController();
    this.#summing = mine;
    const show = (state: SumState): void => {
      if (this.#summing === mine) this.sum.set(state);
    };
    show({ phase: 'summing', progress: null });
    const { file, name } = disc.medium;
    const end = await this.#tools
      .hashDisc(file, name, {
        signal: mine.signal,
        onProgress: (progress) => show({ phase: 'summing', progress }),
      })
      .then(
        (sum): SumState => ({ phase: 'summed', sum }),
        (thrown: unknown): SumState => ({ phase: 'failed', error: toVitrineError(thrown) }),
      );
    show(end);
    if (this.#summing === mine) this.#summing = null;
  }

  /** Stops the comparison, if one runs. */
  cancel(): void {
    if (!this.#summing) return;
    this.#stop();
    this.sum.set({ phase: 'cancelled' });
  }

  #forget(): void {
    this.#stop();
    this.map.set({ phase: 'none' });
    this.sum.set({ phase: 'none' });
  }

  #stop(): void {
    this.#summing?.abort();
    this.#summing = null;
  }
}

const TOOLS: StudyTools = {
  mapDisc: async (file, name) => {
    const { mapDisc } = await import('../media/map-disc.ts');
    return mapDisc(new BlobSource(file, name));
  },
  hashDisc: hashDiscFile,
};
