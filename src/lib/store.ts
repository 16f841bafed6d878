/** A value that can be read, replaced and watched: where the truth of the page lives, outside the elements. */
export interface ReadableStore<T> {
  readonly value: T;
  /** Calls back after each change (never at once); returns the function that ends it. */
  subscribe(onChange: (value: T) => void): () => void;
}

export class Store<T> implements ReadableStore<T> {
  #value: T;
  readonly #watchers = new Set<(value: T) => void>();

  constructor(initial: T) {
    this.#value = initial;
  }

  get value(): T {
    return this.#value;
  }

  /** Replaces the value; the same value again wakes nobody. */
  set(value: T): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    for (const watcher of this.#watchers) watcher(value);
  }

  /** Replaces some fields of an object value. */
  patch(part: Partial<T>): void {
    this.set({ ...this.#value, ...part });
  }

  subscribe(onChange: (value: T) => void): () => void {
    this.#watchers.add(onChange);
    return () => this.#watchers.delete(onChange);
  }
}
