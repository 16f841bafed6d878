import { VitrineError } from '../lib/errors.ts';
import { checkRange, type ByteSource } from './byte-source.ts';

const PAGE_BYTES = 32 * 1024;

export interface MeterLimits {
  /** Most bytes fetched from the medium over the whole life of the meter. */
  readonly budgetBytes: number;
  /** Most calls of `read`, cached ones too: bounds the work that a looping structure can cause. */
  readonly maxReads: number;
  /** Longest life in wall time. */
  readonly deadlineMs: number;
}

interface Spending {
  readonly startedAt: number;
  bytesRead: number;
  reads: number;
}

/**
 * A source that remembers what was read and stops when it was too much: what lets a parser of hostile input
 * follow pointers freely. Whole pages are fetched and kept (a Blob costs about a millisecond a slice in a
 * browser, whatever its length); missing pages in a row are fetched together. The cache is never larger than the
 * budget. Past a limit every read rejects with `bytes/budget`.
 */
export class MeteredSource implements ByteSource {
  readonly #inner: ByteSource;
  readonly #limits: MeterLimits;
  readonly #pages = new Map<number, Uint8Array>();
  #spending: Spending;

  constructor(inner: ByteSource, limits: MeterLimits) {
    this.#inner = inner;
    this.#limits = limits;
    this.#spending = { startedAt: performance.now(), bytesRead: 0, reads: 0 };
  }

  /** Another source whose reads count together with this one's. */
  beside(inner: ByteSource): MeteredSource {
    const other = new MeteredSource(inner, this.#limits);
    other.#spending = this.#spending;
    return other;
  }

  get name(): string {
    return this.#inner.name;
  }

  get sizeBytes(): number {
    return this.#inner.sizeBytes;
  }

  /** Bytes fetched from the medium so far. */
  get bytesRead(): number {
    return this.#spending.bytesRead;
  }

  get elapsedMs(): number {
    return performance.now() - this.#spending.startedAt;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    checkRange(this, offset, length);
    const { maxReads, deadlineMs } = this.#limits;
    if (++this.#spending.reads > maxReads) throw this.#spent(`more than ${maxReads} reads`);
    if (this.elapsedMs > deadlineMs) throw this.#spent(`longer than ${deadlineMs} ms`);
    if (length === 0) return new Uint8Array(0);

    const firstPage = Math.floor(offset / PAGE_BYTES);
    const lastPage = Math.floor((offset + length - 1) / PAGE_BYTES);
    await this.#fetch(firstPage, lastPage);
    const out = new Uint8Array(length);
    for (let page = firstPage; page <= lastPage; page++) {
      const start = page * PAGE_BYTES;
      const from = Math.max(offset, start);
      const to = Math.min(offset + length, start + PAGE_BYTES);
      out.set(this.#pages.get(page)!.subarray(from - start, to - start), from - offset);
    }
    return out;
  }

  async #fetch(firstPage: number, lastPage: number): Promise<void> {
    const missing = (page: number): boolean => !this.#pages.has(page);
    let page = firstPage;
    while (page <= lastPage) {
      if (!missing(page)) {
        page++;
        continue;
      }
      let end = page + 1;
      while (end <= lastPage && missing(end)) end++;
      const start = page * PAGE_BYTES;
      const length = Math.min(end * PAGE_BYTES, this.sizeBytes) - start;
      if (this.#spending.bytesRead + length > this.#limits.budgetBytes) {
        throw this.#spent(`more than ${this.#limits.budgetBytes} bytes`);
      }
      this.#spending.bytesRead += length;
      const bytes = await this.#inner.read(start, length);
      for (; page < end; page++) {
        this.#pages.set(page, bytes.subarray(page * PAGE_BYTES - start, (page + 1) * PAGE_BYTES - start));
      }
    }
  }

  #spent(detail: string): VitrineError {
    return new VitrineError('bytes/budget', { name: this.name }, { detail });
  }
}
