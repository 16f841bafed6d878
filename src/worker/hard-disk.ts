import { VitrineError } from '../lib/errors.ts';
import { BLOCK_BYTES } from '../disk/segment.ts';
import type { DiskState } from '../disk/virtual-disk.ts';
import type { DiskImage } from '../media/disk-images/disk-image.ts';
import { openMachineDisk, type MachineDisk } from '../store/machine-disk.ts';
import { openBase } from './base-image.ts';
import type { DiskMap, DiskStanding, DiskWish } from '../protocol/machine-messages.ts';

/** What the disk asks of the machine it is in. */
export interface HardDiskEvents {
  standing(standing: DiskStanding): void;
  /** No room: stop the guest until `retry` has gone well. */
  full(): void;
  /** Nothing more will be made durable. */
  failed(error: VitrineError): void;
  /** Another tab takes the machine: stop the guest; the disk is saved and closed after that. */
  takenOver(): Promise<void>;
}

/** How long another tab may take to save and let go before it loses the machine. */
const PATIENCE_MS = 5_000;

/** The machine's disk while its worker has it: opened as the only writer, saved and let go at the end. */
export class HardDisk {
  readonly #opened: MachineDisk;
  readonly #events: HardDiskEvents;
  /** The image that it stands on, null for a disk of its own. */
  readonly base: DiskImage | null;
  #closing: Promise<void> | null = null;

  /**
   * Rejects with `store/machine-in-use` when another tab has the machine and is to keep it, and as `openBase` does when
   * the image that the disk stands on is not what it was.
   */
  static async open(wish: DiskWish, events: HardDiskEvents): Promise<HardDisk> {
    const { machineId, takeOver } = wish;
    const base = wish.base && (await openBase(wish.base));
    let disk: HardDisk | null = null;
    const opened = await openMachineDisk({
      machineId,
      base,
      baseFingerprint: wish.base?.fingerprint ?? null,
      ifInUse: takeOver ? { kind: 'take-over', patienceMs: PATIENCE_MS } : { kind: 'if-free' },
      onState: (state) => disk?.follow(state),
      onTakenOver: () => events.takenOver(),
    });
    if (opened === 'in-use') throw new VitrineError('store/machine-in-use', { name: machineId });
    disk = new HardDisk(opened, base, events);
    disk.follow(opened.disk.state);
    return disk;
  }

  private constructor(opened: MachineDisk, base: DiskImage | null, events: HardDiskEvents) {
    this.#opened = opened;
    this.base = base;
    this.#events = events;
  }

  get device() {
    return this.#opened.disk;
  }

  get state(): DiskState {
    return this.device.state;
  }

  follow(state: DiskState): void {
    const waitingBytes = this.device.stats().dirtyBytes;
    this.#events.standing({ phase: state.phase, committedAt: state.committedAt, waitingBytes });
    if (state.phase === 'full') this.#events.full();
    if (state.phase === 'failed') this.#events.failed(state.error);
  }

  map(cells: number): DiskMap {
    return { sizeBytes: this.device.sizeBytes, blockBytes: BLOCK_BYTES, ...this.device.map(cells) };
  }

  /** After 'full': tries to save once more. */
  retry(): Promise<void> {
    return this.device.retry();
  }

  /** Lets go; what is not durable is lost. */
  abandon(): Promise<void> {
    return this.#opened.abandon();
  }

  /** Saves and lets go; once, however often it is asked for. Rejects when what is unsaved cannot be saved. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    if (this.device.state.phase === 'failed') return this.#opened.abandon();
    try {
      await this.#opened.close();
    } catch (error) {
      this.#closing = null;
      throw error;
    }
  }
}
