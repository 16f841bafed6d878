import type { CrashPoint, RecordKey, RecordStore, Step } from '../record-store.ts';

export const CRASH_POINTS = [
  'before-open',
  'after-open',
  'before-batch',
  'after-batch',
  'before-shelf',
  'after-shelf',
  'before-compact',
  'after-compact',
  'before-merge',
  'after-merge',
  'before-sweep',
  'after-sweep',
] as const satisfies readonly CrashPoint[];

/** Compiles only while the list above is complete. */
type Listed = (typeof CRASH_POINTS)[number];
export const allPointsAreListed: [CrashPoint] extends [Listed] ? true : never = true;

/** A store whose process dies at a chosen point: from then on nothing reaches the records and every call rejects. */
export class CrashingStore<Point extends string = CrashPoint> implements RecordStore {
  readonly #inner: RecordStore;
  #armed: { point: Point; after: number } | null = null;
  #crashedAt: Point | null = null;

  constructor(inner: RecordStore) {
    this.#inner = inner;
  }

  /** Where it crashed, or null while it has not. */
  get crashedAt(): Point | null {
    return this.#crashedAt;
  }

  /** Crashes at the point after passing it `after` times. */
  arm(point: Point, after: number): void {
    this.#armed = { point, after };
  }

  async read(keys: readonly RecordKey[]): Promise<unknown[]> {
    this.#checkAlive();
    return this.#inner.read(keys);
  }

  async list(prefix: RecordKey, limit?: number): Promise<unknown[]> {
    this.#checkAlive();
    return this.#inner.list(prefix, limit);
  }

  async keys(prefix: RecordKey): Promise<RecordKey[]> {
    this.#checkAlive();
    return this.#inner.keys(prefix);
  }

  async commit(step: Step): Promise<'done' | 'conflict'> {
    this.#checkAlive();
    this.#pass(`before-${step.kind}`);
    const outcome = await this.#inner.commit(step);
    this.#checkAlive();
    this.#pass(`after-${step.kind}`);
    return outcome;
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  #pass(point: string): void {
    if (this.#armed?.point !== point || this.#armed.after-- > 0) return;
    this.#crashedAt = this.#armed.point;
    this.#checkAlive();
  }

  #checkAlive(): void {
    if (this.#crashedAt) throw new Error(`crashed ${this.#crashedAt}`);
  }
}
