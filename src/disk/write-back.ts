import { toVitrineError, VitrineError } from '../lib/errors.ts';
import type { Clock } from './clock.ts';
import { BLOCK_BYTES } from './segment.ts';
import type { SerialLane } from './serial-lane.ts';
import { WriteBatch } from './write-batch.ts';

export interface WriteBackOptions {
  /** Makes a batch durable; called in the lane, for one batch at a time, again for the same one after `store/full`. */
  readonly commit: (batch: WriteBatch) => Promise<void>;
  /** Something that `phase` or `dirtyBytes` depend on has changed. */
  readonly onChange: () => void;
  readonly lane: SerialLane;
  readonly clock: Clock;
  readonly dirtyBytes: number;
  readonly commitDelayMs: number;
  readonly segmentBlocks: number;
}

interface Waiter {
  readonly batch: number;
  readonly resolve: () => void;
  readonly reject: (error: VitrineError) => void;
}

/**
 * The order of writes: gathers them in batches and commits the batches one after the other.
 *
 * At most two batches exist: the open one, which takes writes, and the sealed one, whose commit is under way or could
 * not be done for want of room. The open one is sealed only when no sealed one is left, so batches become durable in
 * their order, and after a failure none does any more.
 */
export class WriteBack {
  readonly #options: WriteBackOptions;
  #open: WriteBatch;
  #sealed: WriteBatch | null = null;
  /** Number of the open batch. */
  #number = 1;
  #failure: VitrineError | null = null;
  #isFull = false;
  #commitWaits = false;
  #cancelTimer: (() => void) | null = null;
  #flushes: Waiter[] = [];
  #writes: Waiter[] = [];

  constructor(options: WriteBackOptions) {
    this.#options = options;
    this.#open = new WriteBatch(options.segmentBlocks);
  }

  /** Apart from `failure`, which goes before. */
  get phase(): 'saved' | 'unsaved' | 'full' {
    if (this.#isFull) return 'full';
    return this.#sealed === null && this.#open.isEmpty ? 'saved' : 'unsaved';
  }

  get failure(): VitrineError | null {
    return this.#failure;
  }

  get dirtyBytes(): number {
    return this.#open.sizeBytes + (this.#sealed?.sizeBytes ?? 0);
  }

  /** What is not durable, newest first. */
  get batches(): readonly WriteBatch[] {
    return this.#sealed ? [this.#open, this.#sealed] : [this.#open];
  }

  /** Copies `bytes` at once; resolves when more can be taken. */
  async write(offsetBytes: number, bytes: Uint8Array): Promise<void> {
    if (this.#failure) throw this.#failure;
    for (let at = 0; at < bytes.length;) {
      const from = (offsetBytes + at) % BLOCK_BYTES;
      const length = Math.min(BLOCK_BYTES - from, bytes.length - at);
      this.#open.write(Math.floor((offsetBytes + at) / BLOCK_BYTES), from, bytes.subarray(at, at + length));
      at += length;
    }
    if (!this.#open.isEmpty) {
      this.#cancelTimer ??= this.#options.clock.after(this.#options.commitDelayMs, () => this.#commitSoon());
    }
    this.#options.onChange();
    if (this.#open.sizeBytes < this.#options.dirtyBytes) return;
    this.#commitSoon();
    await this.#waitIn(this.#writes);
  }

  /** Resolves when everything written so far is durable. */
  async flush(): Promise<void> {
    if (this.#failure) throw this.#failure;
    if (this.phase === 'saved') return;
    if (!this.#open.isEmpty) this.#commitSoon();
    await this.#waitIn(this.#flushes);
  }

  /**
   * In the lane: makes everything written so far durable. Rejects with `store/full` when that has to wait for room,
   * and with the failure when it cannot be done at all.
   */
  async commitNow(): Promise<void> {
    if (this.#sealed) await this.#commitSealed(this.#sealed);
    if (!this.#open.isEmpty) await this.#commitSealed(this.#seal());
    if (this.#failure) throw this.#failure;
  }

  /** In the lane: forgets everything that is not durable, as the owner of the disk wished. */
  drop(): void {
    this.#seal();
    this.#sealed = null;
    this.#isFull = false;
    this.#release(this.#number - 1);
    this.#options.onChange();
  }

  /** Ends all: what waits rejects with `error`, and nothing is committed any more. */
  fail(thrown: unknown): void {
    if (this.#failure) return;
    this.#failure = toVitrineError(thrown, 'disk/commit-failed');
    this.#stopTimer();
    for (const waiter of [...this.#flushes.splice(0), ...this.#writes.splice(0)])
      waiter.reject(this.#failure);
    this.#options.onChange();
  }

  /** One commit in the lane is enough for all who ask before it begins. */
  #commitSoon(): void {
    if (this.#commitWaits || this.#isFull || this.#failure) return;
    this.#commitWaits = true;
    const commit = async () => {
      this.#commitWaits = false;
      await this.commitNow();
    };
    // Whoever waits has been told by `fail`, or goes on waiting for room; the phase says so to the others.
    this.#options.lane.run(commit).catch(() => undefined);
  }

  async #commitSealed(batch: WriteBatch): Promise<void> {
    if (this.#failure) throw this.#failure;
    try {
      await this.#options.commit(batch);
    } catch (error) {
      if (error instanceof VitrineError && error.code === 'store/full') {
        this.#isFull = true;
        this.#options.onChange();
      } else {
        this.fail(error);
      }
      throw error;
    }
    this.#sealed = null;
    this.#isFull = false;
    this.#release(this.#number - 1);
    this.#options.onChange();
  }

  #seal(): WriteBatch {
    const batch = this.#open;
    this.#sealed = batch;
    this.#open = new WriteBatch(this.#options.segmentBlocks);
    this.#number++;
    this.#stopTimer();
    for (const writer of this.#writes.splice(0)) writer.resolve();
    return batch;
  }

  /** Ends the waiting for batches up to a number. */
  #release(upTo: number): void {
    const done = this.#flushes.filter(({ batch }) => batch <= upTo);
    this.#flushes = this.#flushes.filter(({ batch }) => batch > upTo);
    for (const waiter of done) waiter.resolve();
  }

  #waitIn(waiters: Waiter[]): Promise<void> {
    const batch = this.#open.isEmpty ? this.#number - 1 : this.#number;
    return new Promise((resolve, reject) => waiters.push({ batch, resolve, reject }));
  }

  #stopTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }
}
