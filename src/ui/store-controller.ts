import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { ReadableStore } from '../lib/store.ts';

/** Renders its host again whenever one of the stores it watches changes. */
export class StoreController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #stores: () => readonly ReadableStore<unknown>[];
  #ends: (() => void)[] = [];

  constructor(host: ReactiveControllerHost, stores: () => readonly ReadableStore<unknown>[]) {
    this.#host = host;
    this.#stores = stores;
    host.addController(this);
  }

  hostConnected(): void {
    this.#ends = this.#stores().map((store) => store.subscribe(() => this.#host.requestUpdate()));
  }

  hostDisconnected(): void {
    for (const end of this.#ends) end();
    this.#ends = [];
  }
}
