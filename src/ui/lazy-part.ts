import type { ReactiveControllerHost } from 'lit';
import { VitrineError } from '../lib/errors.ts';

/**
 * A part of the page that is loaded when it is first needed. It may be drawn only when it `isLoaded`: an element that
 * was made before its class is defined would begin without its properties, or be nothing at all.
 */
export class LazyPart {
  readonly #host: Pick<ReactiveControllerHost, 'requestUpdate'>;
  readonly #load: () => Promise<unknown>;
  #loading: Promise<void> | null = null;
  #isLoaded = false;
  #problem: VitrineError | null = null;

  /** `host` is drawn again when the part is there, or could not be had. */
  constructor(host: Pick<ReactiveControllerHost, 'requestUpdate'>, load: () => Promise<unknown>) {
    this.#host = host;
    this.#load = load;
  }

  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  /** Why it could not be loaded the last time; null when it was, or was not asked for yet. */
  get problem(): VitrineError | null {
    return this.#problem;
  }

  /** Resolves when it may be drawn; rejects with 'page/incomplete', and the next call tries again. */
  need(): Promise<void> {
    this.#loading ??= this.#fetch();
    return this.#loading;
  }

  async #fetch(): Promise<void> {
    try {
      await this.#load();
      this.#isLoaded = true;
      this.#problem = null;
    } catch (cause) {
      this.#loading = null;
      this.#problem = new VitrineError('page/incomplete', {}, { cause });
      throw this.#problem;
    } finally {
      this.#host.requestUpdate();
    }
  }
}
