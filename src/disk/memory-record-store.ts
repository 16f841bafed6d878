import { VitrineError } from '../lib/errors.ts';
import { versionOf, type RecordKey, type RecordStore, type Step } from './record-store.ts';

/**
 * Records in memory: for tests, and for a browser that keeps nothing. Several stores on one `MemoryRecords` are
 * what several tabs on one database are.
 */
export class MemoryRecordStore implements RecordStore {
  readonly #records: MemoryRecords;
  #closed = false;

  constructor(records: MemoryRecords = new MemoryRecords()) {
    this.#records = records;
  }

  async read(keys: readonly RecordKey[]): Promise<unknown[]> {
    this.#checkOpen();
    return keys.map((key) => copyOf(this.#records.values.get(nameOf(key))?.value));
  }

  async list(prefix: RecordKey, limit = Infinity): Promise<unknown[]> {
    this.#checkOpen();
    return this.#under(prefix)
      .sort((a, b) => compareKeys(a.key, b.key))
      .slice(0, limit)
      .map(({ value }) => copyOf(value));
  }

  async keys(prefix: RecordKey): Promise<RecordKey[]> {
    this.#checkOpen();
    return this.#under(prefix)
      .map(({ key }) => key)
      .sort(compareKeys);
  }

  async commit(step: Step): Promise<'done' | 'conflict'> {
    this.#checkOpen();
    const { values } = this.#records;
    for (const { key, version } of step.guards) {
      if (versionOf(values.get(nameOf(key))?.value) !== version) return 'conflict';
    }
    if (step.put.length > 0 && this.#records.full) throw new VitrineError('store/full');
    for (const prefix of step.remove) for (const { key } of this.#under(prefix)) values.delete(nameOf(key));
    for (const [key, value] of step.put) values.set(nameOf(key), { key, value: copyOf(value) });
    return 'done';
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  #under(prefix: RecordKey): { key: RecordKey; value: unknown }[] {
    return [...this.#records.values.values()].filter(({ key }) => prefix.every((part, i) => key[i] === part));
  }

  #checkOpen(): void {
    if (this.#closed) throw new VitrineError('store/failed', {}, { detail: 'the store is closed' });
  }
}

/** What is "on the disk" of memory stores. */
export class MemoryRecords {
  readonly values = new Map<string, { key: RecordKey; value: unknown }>();
  /** While set, every step that stores something fails as on a full disk. */
  full = false;
}

/** A Blob never changes, and cloning one takes Node a millisecond. */
function copyOf(value: unknown): unknown {
  return value instanceof Blob ? value : structuredClone(value);
}

function nameOf(key: RecordKey): string {
  return JSON.stringify(key);
}

function compareKeys(a: RecordKey, b: RecordKey): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const x = a[i];
    const y = b[i];
    if (x === y) continue;
    if (typeof x !== typeof y) return typeof x === 'number' ? -1 : 1;
    return x < y ? -1 : 1;
  }
  return a.length - b.length;
}
