import type { ByteSource } from '../bytes/byte-source.ts';
import { VitrineError } from '../lib/errors.ts';
import { isSameImage } from '../lib/image-fingerprint.ts';
import type { BlockDevice } from './block-device.ts';
import { BlockReader, type ReadView } from './block-reader.ts';
import { SYSTEM_CLOCK, type Clock } from './clock.ts';
import { DiskLayers, type GenerationSize } from './disk-layers.ts';
import type { DiskState, DiskStats } from './disk-state.ts';
import { GenerationSource } from './generation-source.ts';
import type { RecordStore } from './record-store.ts';
import { BLOCK_BYTES, SEGMENT_BLOCKS } from './segment.ts';
import { SerialLane } from './serial-lane.ts';
import * as moves from './shelf.ts';
import { doUpkeep, isWasteful, sweepOnce } from './upkeep.ts';
import { PIECE_BYTES, WHOLE_BLOCK, type WriteBatch } from './write-batch.ts';
import { WriteBack } from './write-back.ts';

export type { DiskState, DiskStats } from './disk-state.ts';

export interface VirtualDiskOptions {
  readonly machineId: string;
  /** The image the disk began as: required if the machine has one, and of the same size. */
  readonly base?: ByteSource | null;
  /** What that image is: refused unless it is the one that the disk began as. */
  readonly baseFingerprint?: string | null;
  readonly onState?: (state: DiskState) => void;
  /** Ceiling of the memory for clean and dirty bytes together (64 MiB); one batch may come on top of it. */
  readonly cacheBytes?: number;
  /** Unsaved bytes at which a commit starts and writes wait (16 MiB). */
  readonly dirtyBytes?: number;
  /** A commit starts at the latest so long after the first unsaved write (500 ms, so that it is done within 1 s). */
  readonly commitDelayMs?: number;
  /** Quiet time after a commit before upkeep begins (300 ms). */
  readonly upkeepDelayMs?: number;
  readonly clock?: Clock;
  /** Blocks in a full segment; tests make it small. */
  readonly segmentBlocks?: number;
}

const MIB = 0x10_0000;

/**
 * The disk of a machine: a base image (or nothing) under frozen generations under the one that is written, kept in a
 * `RecordStore`, with a write buffer and one cache in memory. What it promises to the guest is in `BlockDevice`.
 *
 * - **Batches.** All writes since the last commit form one batch; a batch is one atomic step of the store, together
 *   with the commit record. The next batch starts only when it is durable; while it is under way, new writes gather
 *   in the next one. So after a crash the disk is as after some batch, and never older than the last finished flush.
 * - **When.** A commit starts `commitDelayMs` after the first unsaved write, when `dirtyBytes` are unsaved, and on
 *   `flush`.
 * - **Full.** When there is no room, the batch stays in memory and what waits goes on waiting; `retry` tries the very
 *   same batch again. After any other failure nothing is written any more and all that waits rejects.
 * - **Moments.** Freezing, going back and letting go are one small step each, however much is stored. Freezing saves
 *   unsaved writes first, going back drops them; reads and writes wait meanwhile.
 * - **Behind.** When the guest is quiet, dropped layers are removed, generations that nobody keeps are merged into
 *   their child, and overwritten blocks are reclaimed. No disk's content changes by that.
 * - **One writer.** Opening makes every earlier opening of the same machine unable to commit (`disk/taken-over`),
 *   whatever became of locks.
 */
export class VirtualDisk implements BlockDevice {
  readonly sizeBytes: number;
  readonly #layers: DiskLayers;
  readonly #reader: BlockReader;
  readonly #writeBack: WriteBack;
  readonly #lane = new SerialLane();
  readonly #options: VirtualDiskOptions;
  readonly #clock: Clock;
  readonly #segmentBlocks: number;
  readonly #ahead;
  /** While the shelf changes: the reads and writes that came meanwhile, in their order. */
  #held: (() => void)[] | null = null;
  #cancelUpkeep: (() => void) | null = null;
  #closed = false;
  #reported = '';
  /** Generations that are being read. */
  #openSources = 0;
  #counts = { readBytes: 0, writtenBytes: 0, committedBytes: 0, commits: 0 };

  private constructor(layers: DiskLayers, options: VirtualDiskOptions) {
    const ceiling = options.cacheBytes ?? 64 * MIB;
    this.sizeBytes = layers.machine.sizeBytes;
    this.#layers = layers;
    this.#options = options;
    this.#clock = options.clock ?? SYSTEM_CLOCK;
    this.#segmentBlocks = options.segmentBlocks ?? SEGMENT_BLOCKS;
    this.#reader = new BlockReader(layers, options.base ?? null, () => ceiling - this.#writeBack.dirtyBytes);
    this.#ahead = this.#reader.newReadAhead();
    this.#writeBack = new WriteBack({
      commit: (batch) => this.#commit(batch),
      onChange: () => this.#report(),
      lane: this.#lane,
      clock: this.#clock,
      dirtyBytes: options.dirtyBytes ?? 16 * MIB,
      commitDelayMs: options.commitDelayMs ?? 500,
      segmentBlocks: this.#segmentBlocks,
    });
  }

  /**
   * Opens a machine's disk and takes its writing over. Rejects with `store/no-machine`, `store/newer-format`,
   * `disk/base-missing` or `disk/base-changed` before anything is written, and with `store/damaged` when the index
   * cannot be read.
   */
  static async open(store: RecordStore, options: VirtualDiskOptions): Promise<VirtualDisk> {
    const layers = await DiskLayers.open(store, options.machineId, ({ base }) => {
      if (base && !options.base) throw new VitrineError('disk/base-missing', { name: base.name });
      const isSame = !base || isSameImage(base.fingerprint, options.baseFingerprint ?? '');
      if (!isSame || (base?.sizeBytes ?? null) !== (options.base?.sizeBytes ?? null)) {
        throw new VitrineError('disk/base-changed', {
          name: base?.name ?? options.base?.name ?? 'The disk image',
        });
      }
    });
    const disk = new VirtualDisk(layers, options);
    disk.#planUpkeep();
    return disk;
  }

  readCached(offset: number, length: number): Uint8Array | null {
    this.#checkRange(offset, length);
    if (this.#held || this.#closed) return null;
    const bytes = this.#reader.readShared(offset, length, this.#view());
    if (bytes) this.#counts.readBytes += length;
    return bytes;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    this.#checkRange(offset, length);
    return this.#inTurn(() => {
      this.#counts.readBytes += length;
      return this.#reader.read(offset, length, this.#view());
    });
  }

  async write(offset: number, bytes: Uint8Array): Promise<void> {
    this.#checkRange(offset, bytes.length);
    // The caller may use its buffer again as soon as this returns, so what is held is a copy.
    const own = this.#held ? bytes.slice() : bytes;
    return this.#inTurn(() => {
      this.#counts.writtenBytes += own.length;
      const taken = this.#writeBack.write(offset, own);
      this.#cancelUpkeep?.();
      this.#reader.trim();
      return taken;
    });
  }

  async flush(): Promise<void> {
    return this.#inTurn(() => this.#writeBack.flush());
  }

  /** Saves what is written by now. Rejects with `store/full` when that has to wait for room, which `flush` goes on waiting for. */
  async save(): Promise<void> {
    this.#checkOpen();
    await this.#lane.run(() => this.#writeBack.commitNow());
  }

  /** Saves and closes. When that cannot be done it rejects and the disk stays open: `retry` or `abandon`. */
  async close(): Promise<void> {
    if (this.#closed) return;
    await this.#lane.run(() => this.#writeBack.commitNow());
    await this.abandon();
  }

  /** Closes at once; what is not durable is lost, and who waits is rejected with `disk/closed`. */
  async abandon(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#cancelUpkeep?.();
    await this.#lane.run(async () => this.#writeBack.fail(new VitrineError('disk/closed')));
    this.#report();
    await this.#layers.store.close();
  }

  /** After 'full': removes what was let go of, then saves what waits. Rejects with `store/full` if that is not enough. */
  async retry(): Promise<void> {
    this.#checkOpen();
    await this.#lane.run(async () => {
      await this.#sweepAll();
      await this.#writeBack.commitNow();
    });
  }

  /** Removes what was let go of, at once and not when the guest is quiet. What needs room itself is left for later. */
  async sweep(): Promise<void> {
    this.#checkOpen();
    await this.#lane.run(() => this.#sweepAll());
  }

  /** Freezes the disk as it is now and returns the generation's id. It is kept until `deleteGeneration`. */
  async freezeTop(): Promise<number> {
    await this.#change('save', (shelf) => moves.freezeTop(shelf, this.#machineId, this.#clock.now()));
    return this.#layers.machine.kept.at(-1)!;
  }

  /**
   * The disk becomes what it was when `generation` was frozen (null: the base alone) and goes on from there. What was
   * written since the last `freezeTop` is lost, saved or not. Rejects with `disk/no-generation` unless it is kept.
   */
  async newTopOn(generation: number | null): Promise<void> {
    await this.#change('drop', (shelf) =>
      moves.replaceTop(shelf, this.#machineId, generation, this.#clock.now()),
    );
  }

  /** Bytes that were stored since the last `freezeTop`: what `emptyTop` frees. */
  get topBytes(): number {
    return this.#layers.bytesOf(this.#layers.top.id);
  }

  /**
   * Throws away what was written since the last `freezeTop` (ever, if there was none), saved or not, without needing any
   * room. For whoever goes back without keeping that, and has no room for anything else.
   */
  async emptyTop(): Promise<void> {
    await this.#alone(async () => {
      await this.#layers.emptyTop();
      this.#writeBack.drop();
    });
  }

  /** Throws away what was written since the last `freezeTop`, or rejects with `disk/no-generation`, as above. */
  async discardTop(): Promise<void> {
    const { parent } = moves.generationOf(this.#layers.shelf, this.#layers.machine.top);
    if (parent === null) throw new VitrineError('disk/no-generation');
    await this.newTopOn(parent);
  }

  /** Lets go of a kept generation; those above it and the disk as it is stay as they are. Its room is freed behind. */
  async deleteGeneration(generation: number): Promise<void> {
    await this.#lane.run(() =>
      this.#layers.change('shelf', (shelf) => moves.releaseGeneration(shelf, this.#machineId, generation)),
    );
    this.#planUpkeep();
  }

  /** Makes a second machine whose disk is as this one's is now; nothing is copied. */
  async duplicate(copy: { id: string; name: string }): Promise<void> {
    await this.#change('save', (shelf) =>
      moves.duplicateMachine(shelf, this.#machineId, copy, this.#clock.now()),
    );
  }

  /** The kept generations, in the order they were frozen. */
  generations(): GenerationSize[] {
    return this.#layers.sizesOf(this.#layers.machine.kept);
  }

  /** The generation that is written: frozen only in so far as nobody writes. */
  get topGeneration(): number {
    return this.#layers.machine.top;
  }

  /** A generation as bytes, for export or comparison; close it when done. */
  async openGeneration(generation: number): Promise<GenerationSource> {
    this.#checkOpen();
    await this.#lane.run(() => this.#layers.pin(generation));
    this.#openSources++;
    this.#cancelUpkeep?.();
    return new GenerationSource(this.#layers, this.#reader, generation, this.sizeBytes, () => {
      this.#openSources--;
      this.#planUpkeep();
    });
  }

  /** Does all upkeep that there is; commits get in between its pieces. */
  async upkeep(): Promise<void> {
    while (await this.#lane.run(() => this.#upkeepPiece()));
  }

  get state(): DiskState {
    const { committedAt } = this.#layers;
    const { phase, failure, dirtyBytes } = this.#writeBack;
    if (this.#closed) return { phase: 'closed', committedAt };
    if (failure) return { phase: 'failed', committedAt, error: failure };
    if (phase === 'full') return { phase, committedAt, waitingBytes: dirtyBytes };
    return { phase, committedAt };
  }

  stats(): DiskStats {
    const { chain, committedAt, indexBytes } = this.#layers;
    const { dirtyBytes } = this.#writeBack;
    return {
      ...this.#counts,
      dirtyBytes,
      cacheBytes: dirtyBytes + this.#reader.cacheBytes,
      indexBytes,
      storedBytes: chain.reduce((sum, { id }) => sum + this.#layers.bytesOf(id), 0),
      liveBytes: chain.reduce((sum, { liveSlots }) => sum + liveSlots * BLOCK_BYTES, 0),
      lastCommitAt: committedAt,
    };
  }

  /** What is stored where: for each of `cells` equal parts of the disk, blocks in the top and in frozen layers. */
  map(cells: number): { top: Uint32Array; frozen: Uint32Array } {
    const blocksOfCell = Math.max(1, Math.ceil(this.sizeBytes / BLOCK_BYTES / cells));
    const map = { top: new Uint32Array(cells), frozen: new Uint32Array(cells) };
    for (const [depth, layer] of this.#layers.chain.entries()) {
      const counts = depth === 0 ? map.top : map.frozen;
      layer.forEach((block) => counts[Math.floor(block / blocksOfCell)]++);
    }
    return map;
  }

  get #machineId(): string {
    return this.#options.machineId;
  }

  #view(): ReadView {
    return { batches: this.#writeBack.batches, chain: this.#layers.chain, ahead: this.#ahead };
  }

  /** In the lane: one batch, whole. */
  async #commit(batch: WriteBatch): Promise<void> {
    for (const block of batch.blocks()) {
      if (batch.piecesOf(block) !== WHOLE_BLOCK) batch.complete(block, await this.#reader.readBlock(block));
    }
    const { segments, zeros } = batch.seal(() => this.#layers.nextSegmentId());
    // Zeros over nothing need no record at all.
    const hiding = [...zeros].filter(
      (block) => this.#layers.isMapped(block) || this.#reader.baseCovers(block),
    );
    if (segments.length > 0 || hiding.length > 0) {
      await this.#layers.commitBatch(segments, hiding, this.#clock.now());
      this.#counts.commits++;
    }
    for (const segment of segments) {
      this.#counts.committedBytes += segment.bytes.length;
      this.#reader.keep(segment.id, segment);
    }
    if (isWasteful(this.#layers.top, this.#segmentBlocks)) this.#runUpkeep();
    else this.#planUpkeep();
  }

  /**
   * Starts upkeep when the guest has been quiet for a while; a write calls it off, and so does whoever reads a whole
   * generation, which is slow enough without segments being moved meanwhile.
   */
  #planUpkeep(): void {
    this.#cancelUpkeep?.();
    if (this.#closed || this.#openSources > 0) return;
    this.#cancelUpkeep = this.#clock.after(this.#options.upkeepDelayMs ?? 300, () => this.#runUpkeep());
  }

  #runUpkeep(): void {
    this.#lane
      .run(() => this.#upkeepPiece())
      .then(
        (more) => more && this.#writeBack.phase === 'saved' && this.#openSources === 0 && this.#runUpkeep(),
        (error: unknown) => this.#writeBack.fail(error),
      );
  }

  /** In the lane. That a layer is swept has to be noted on the shelf: without room for that it is left to be swept. */
  async #sweepAll(): Promise<void> {
    try {
      while (await sweepOnce(this.#layers));
    } catch (error) {
      if (!isFull(error)) throw error;
    }
  }

  /** In the lane: whether there was something to do. */
  async #upkeepPiece(): Promise<boolean> {
    if (this.#closed || this.#writeBack.failure) return false;
    try {
      return await doUpkeep(this.#layers, this.#segmentBlocks);
    } catch (error) {
      // Rewriting wants room before it frees some. Without it the disk is as good as before, only larger.
      if (isFull(error)) return false;
      throw error;
    }
  }

  /** Changes the shelf with nothing read or written meanwhile. */
  async #change(unsaved: 'save' | 'drop', change: (shelf: moves.Shelf) => moves.Shelf): Promise<void> {
    await this.#alone(async () => {
      if (unsaved === 'save') await this.#writeBack.commitNow();
      await this.#layers.change('shelf', change);
      if (unsaved === 'drop') this.#writeBack.drop();
    });
  }

  /** Does `work` in the lane, with nothing read or written meanwhile. */
  async #alone(work: () => Promise<void>): Promise<void> {
    await this.#inTurn(async () => {
      const held: (() => void)[] = [];
      this.#held = held;
      try {
        await this.#lane.run(work);
      } finally {
        this.#held = null;
        while (held.length > 0 && !this.#held) held.shift()!();
        // One of them was another change: the others wait for that.
        (this.#held as (() => void)[] | null)?.push(...held);
      }
    });
    this.#planUpkeep();
  }

  /** Runs `use` at once, or in its turn after the change of the shelf that is under way. */
  #inTurn<T>(use: () => Promise<T>): Promise<T> {
    const held = this.#held;
    if (!held) {
      this.#checkOpen();
      return use();
    }
    return new Promise((resolve, reject) => {
      held.push(() => {
        if (this.#closed) reject(new VitrineError('disk/closed'));
        else use().then(resolve, reject);
      });
    });
  }

  #checkOpen(): void {
    if (this.#closed) throw new VitrineError('disk/closed');
  }

  #checkRange(offset: number, length: number): void {
    const inside = offset >= 0 && length >= 0 && offset + length <= this.sizeBytes;
    if (!inside || offset % PIECE_BYTES !== 0 || length % PIECE_BYTES !== 0) {
      throw new VitrineError(
        'disk/out-of-range',
        {},
        { detail: `${length} bytes at ${offset} of ${this.sizeBytes}` },
      );
    }
  }

  #report(): void {
    const { onState } = this.#options;
    const { state } = this;
    const summary = `${state.phase} ${state.committedAt}`;
    if (summary === this.#reported) return;
    this.#reported = summary;
    onState?.(state);
  }
}

function isFull(error: unknown): boolean {
  return error instanceof VitrineError && error.code === 'store/full';
}
