import type { BlockDevice } from '../../../disk/block-device.ts';
import { LoadedBuffer } from './disk-buffer.ts';

/**
 * The machine's hard disk: a `BlockDevice` under v86's drive. The device copies what it is given
 * before `write` returns (v86 passes views of a buffer that it uses again); the callback waits for the device (that is the guest's
 * back-pressure). A failure goes to `onFailure`: the drive's callback is then never called, so that nothing
 * the disk did not say reaches the guest; the owner stops the machine.
 */
export class DiskDeviceBuffer extends LoadedBuffer {
  readonly byteLength: number;
  readonly #device: BlockDevice;
  readonly #onFailure: (error: unknown) => void;
  readonly #onRead: (start: number, bytes: number) => void;
  readonly #onWrite: (start: number, bytes: number) => void;
  #pending = 0;
  #idleWaiters: (() => void)[] = [];

  constructor(
    device: BlockDevice,
    on: {
      failure(error: unknown): void;
      read(start: number, bytes: number): void;
      write(start: number, bytes: number): void;
    },
  ) {
    super();
    this.#device = device;
    this.byteLength = device.sizeBytes;
    this.#onFailure = (error) => on.failure(error);
    this.#onRead = (start, bytes) => on.read(start, bytes);
    this.#onWrite = (start, bytes) => on.write(start, bytes);
  }

  get(start: number, length: number, answer: (bytes: Uint8Array) => void): void {
    this.#onRead(start, length);
    const cached = this.#device.readCached(start, length);
    if (cached) return answer(cached);
    this.#track(this.#device.read(start, length).then(answer));
  }

  set(start: number, bytes: Uint8Array, answer: () => void): void {
    this.#onWrite(start, bytes.byteLength);
    this.#track(this.#device.write(start, bytes).then(answer));
  }

  /** Every write so far is durable. The drive completes the guest's FLUSH CACHE with it. */
  async flush(): Promise<void> {
    await this.#device.flush();
  }

  /** Resolves when no read or write of the guest is under way. */
  async settled(): Promise<void> {
    if (this.#pending > 0) await new Promise<void>((resolve) => this.#idleWaiters.push(resolve));
  }

  #track(operation: Promise<void>): void {
    this.#pending++;
    operation
      .catch(this.#onFailure)
      .finally(() => {
        this.#pending--;
        if (this.#pending > 0) return;
        const waiters = this.#idleWaiters;
        this.#idleWaiters = [];
        for (const wake of waiters) wake();
      })
      // `finally` hands on what the catch above already took.
      .catch(this.#onFailure);
  }
}
