import type { ByteSource } from '../bytes/byte-source.ts';
import { VitrineError } from '../lib/errors.ts';
import { isSameImage } from '../lib/image-fingerprint.ts';
import { BlockIndex } from './block-index.ts';
import type { RecordKey, RecordStore } from './record-store.ts';
import { decodeHead, encodeHead } from './segment-head.ts';
import {
  BLOCK_BYTES,
  isZeroBlock,
  SEGMENT_BLOCKS,
  sealSegment,
  segmentBytes,
  storedSize,
} from './segment.ts';
import { machineOf, putUnder } from './shelf.ts';
import {
  baseKey,
  dataKey,
  headKey,
  headsOf,
  keepingKey,
  readShelf,
  readWriter,
  shelfStep,
  writerKey,
} from './shelf-record.ts';
import { sweepPart } from './upkeep.ts';

/** An image that knows where it is empty: bytes outside `allocatedRanges` (ascending, apart) are zeros. */
export interface SparseBase extends ByteSource {
  allocatedRanges(): AsyncIterable<{ readonly offset: number; readonly length: number }>;
}

export interface KeepOptions {
  /** What the image is. */
  readonly fingerprint: string;
  /** Ends it: rejects with `image/keep-cancelled`, and what was copied is removed. */
  readonly signal?: AbortSignal;
  /** How many bytes of the image's allocated ones were gone through. */
  readonly onProgress?: (progress: { doneBytes: number; totalBytes: number }) => void;
}

/** The layer that an image is being copied to; nobody reaches it until all of it is there. */
interface KeepingRecord {
  readonly layer: number;
  readonly fingerprint: string;
}

/** Read at once, and stored in one step. */
const STEP_BLOCKS = 16 * SEGMENT_BLOCKS;
const NONE = new Uint32Array(0);

/**
 * Copies the image that a machine's disk began as into a generation below all others, and takes the machine off the
 * image in the same small step that puts that generation there; the disk's content does not change. Other machines that
 * stand on the same image come off it with this one. Whoever calls has the machine's lock, and says by its fingerprint
 * which image that is: any other is refused with `disk/base-changed`.
 *
 * Cancelled, refused or without room (`image/no-room`) it leaves everything as it was. After a kill the machine still
 * stands on the image, and the next call goes on where the copy ended. An error of the image comes through.
 */
export async function keepBase(
  store: RecordStore,
  machineId: string,
  image: SparseBase,
  options: KeepOptions,
): Promise<void> {
  const { base, sizeBytes } = machineOf((await readShelf(store)).shelf, machineId);
  // An earlier try may have been killed before another machine took this one off the image.
  if (!base) return forgetKeeping(store, machineId);
  const { name, fingerprint } = base;
  if (image.sizeBytes !== sizeBytes || !isSameImage(fingerprint, options.fingerprint))
    throw new VitrineError('disk/base-changed', { name });
  try {
    const { layer, session } = await reserve(store, machineId, fingerprint);
    await new Copy(store, machineId, { layer, session }, image, options).run();
    await takeOff(store, machineId, layer);
  } catch (error) {
    await forgetKeeping(store, machineId);
    const isFull = error instanceof VitrineError && error.code === 'store/full';
    throw isFull ? new VitrineError('image/no-room', { name }, { cause: error }) : error;
  }
}

/** Removes a copy that was not finished. */
export async function forgetKeeping(store: RecordStore, machineId: string): Promise<void> {
  const record = await readKeeping(store, machineId);
  if (!record) return;
  while (!(await sweepPart(store, record.layer)));
  await store.commit({ kind: 'sweep', guards: [], remove: [keepingKey(machineId)], put: [] });
}

/** The layers that unfinished copies for these machines lie in: for the step by which nobody needs them any more. */
export async function keptSoFar(store: RecordStore, machineIds: readonly string[]): Promise<number[]> {
  const records = await Promise.all(machineIds.map((id) => readKeeping(store, id)));
  return records.flatMap((record) => record?.layer ?? []);
}

async function readKeeping(store: RecordStore, machineId: string): Promise<KeepingRecord | null> {
  return ((await store.read([keepingKey(machineId)]))[0] as KeepingRecord | undefined) ?? null;
}

/** The layer of an earlier try with the same image, or a new one; and numbers for segments that nothing else has. */
async function reserve(
  store: RecordStore,
  machineId: string,
  fingerprint: string,
): Promise<{ layer: number; session: number }> {
  const before = await readKeeping(store, machineId);
  const goesOn = before !== null && isSameImage(before.fingerprint, fingerprint);
  if (before && !goesOn) await forgetKeeping(store, machineId);
  for (;;) {
    const { shelf, version } = await readShelf(store);
    const layer = goesOn ? before.layer : shelf.nextId;
    const session = shelf.nextSession;
    const next = { ...shelf, nextId: Math.max(shelf.nextId, layer + 1), nextSession: session + 1 };
    const step = shelfStep('shelf', next, version);
    const record: KeepingRecord = { layer, fingerprint };
    const put = [...step.put, [keepingKey(machineId), record] as const];
    if ((await store.commit({ ...step, put })) === 'done') return { layer, session };
  }
}

/** One run of copying: what an earlier one stored is left out. */
class Copy {
  readonly #store: RecordStore;
  readonly #machineId: string;
  readonly #layer: number;
  readonly #image: SparseBase;
  readonly #options: KeepOptions;
  #nextId: number;

  constructor(
    store: RecordStore,
    machineId: string,
    { layer, session }: { layer: number; session: number },
    image: SparseBase,
    options: KeepOptions,
  ) {
    this.#store = store;
    this.#machineId = machineId;
    this.#layer = layer;
    this.#image = image;
    this.#options = options;
    this.#nextId = session * 0x1_0000_0000;
  }

  async run(): Promise<void> {
    const { signal, onProgress } = this.#options;
    const stored = await this.#readStored();
    const runs = await this.#blockRuns();
    const totalBytes = runs.reduce((sum, { count }) => sum + count, 0) * BLOCK_BYTES;
    let doneBytes = 0;
    onProgress?.({ doneBytes, totalBytes });
    let waiting: { block: number; bytes: Uint8Array }[] = [];
    for (const { first, count } of runs) {
      for (let at = 0; at < count; at += STEP_BLOCKS) {
        const blocks = Math.min(STEP_BLOCKS, count - at);
        if (signal?.aborted) throw new VitrineError('image/keep-cancelled', { name: this.#image.name });
        for (const piece of await this.#readBlocks(first + at, blocks))
          if (stored.get(piece.block) === 0) waiting.push(piece);
        while (waiting.length >= STEP_BLOCKS) {
          await this.#commit(waiting.slice(0, STEP_BLOCKS));
          waiting = waiting.slice(STEP_BLOCKS);
        }
        doneBytes += blocks * BLOCK_BYTES;
        onProgress?.({ doneBytes, totalBytes });
      }
    }
    if (waiting.length > 0) await this.#commit(waiting);
    if (signal?.aborted) throw new VitrineError('image/keep-cancelled', { name: this.#image.name });
  }

  async #readStored(): Promise<BlockIndex> {
    const stored = new BlockIndex();
    for (const value of await this.#store.list(headsOf(this.#layer)))
      for (const block of decodeHead(value)?.blocks ?? NONE) stored.set(block, 1);
    return stored;
  }

  /** The image's ranges in whole blocks, each block once. */
  async #blockRuns(): Promise<{ first: number; count: number }[]> {
    const runs: { first: number; count: number }[] = [];
    let next = 0;
    for await (const { offset, length } of this.#image.allocatedRanges()) {
      const first = Math.max(next, Math.floor(offset / BLOCK_BYTES));
      const end = Math.ceil((offset + length) / BLOCK_BYTES);
      if (end <= first) continue;
      const last = runs.at(-1);
      if (last && first === next) last.count += end - first;
      else runs.push({ first, count: end - first });
      next = end;
    }
    return runs;
  }

  /** The blocks that hold anything; the disk's last one is filled up with zeros. */
  async #readBlocks(first: number, count: number): Promise<{ block: number; bytes: Uint8Array }[]> {
    const offset = first * BLOCK_BYTES;
    const bytes = new Uint8Array(count * BLOCK_BYTES);
    bytes.set(await this.#image.read(offset, Math.min(bytes.length, this.#image.sizeBytes - offset)));
    const found: { block: number; bytes: Uint8Array }[] = [];
    for (let i = 0; i < count; i++) {
      if (isZeroBlock(bytes, i)) continue;
      found.push({ block: first + i, bytes: bytes.subarray(i * BLOCK_BYTES, (i + 1) * BLOCK_BYTES) });
    }
    return found;
  }

  async #commit(pieces: readonly { block: number; bytes: Uint8Array }[]): Promise<void> {
    const put: (readonly [RecordKey, unknown])[] = [];
    for (let at = 0; at < pieces.length; at += SEGMENT_BLOCKS) {
      const part = pieces.slice(at, at + SEGMENT_BLOCKS);
      const bytes = new Uint8Array(segmentBytes(part.length));
      for (const [slot, piece] of part.entries()) bytes.set(piece.bytes, slot * BLOCK_BYTES);
      const blocks = Uint32Array.from(part, ({ block }) => block);
      const segment = sealSegment(this.#nextId++, bytes, blocks);
      // The lowest order there is: whatever these are merged with was written by the guest, and hides them.
      const head = encodeHead({ id: segment.id, order: 0, blocks, zeros: NONE });
      put.push([headKey(this.#layer, segment.id), head], [dataKey(segment.id), segment.bytes]);
    }
    // The layer is this copy's while its record is there: another tab may have taken the machine off the image meanwhile.
    const guards = [{ key: keepingKey(this.#machineId), version: -1 }];
    await this.#store.commit({ kind: 'keep', guards, remove: [], put });
  }
}

/**
 * The one step: before it the disk stands on the image, after it on the copy, and so do all others; the copies that
 * were begun for them go to the sweepers.
 */
async function takeOff(store: RecordStore, machineId: string, layer: number): Promise<void> {
  const heads = (await store.list(headsOf(layer))).map(decodeHead);
  const copied = heads.reduce((sum, head) => sum + storedSize(head?.blocks.length ?? 0), 0);
  for (;;) {
    const { shelf, version } = await readShelf(store);
    const { base } = machineOf(shelf, machineId);
    // Another tab was quicker, for a machine on the same image, and gave this copy to the sweepers.
    if (!base) return;
    const { fingerprint } = base;
    const standing = shelf.machines.filter((machine) => machine.base?.fingerprint === fingerprint);
    const others = standing.map(({ id }) => id).filter((id) => id !== machineId);
    const put = putUnder(shelf, fingerprint, layer, Date.now());
    const next = { ...put, dropped: [...put.dropped, ...(await keptSoFar(store, others))] };
    const before = await readWriter(store, machineId);
    const writer = {
      version: before?.version ?? 0,
      committedAt: before?.committedAt || Date.now(),
      layerBytes: { ...before?.layerBytes, [layer]: copied },
    };
    const step = shelfStep('shelf', next, version);
    const outcome = await store.commit({
      ...step,
      guards: [...step.guards, { key: writerKey(machineId), version: before?.version ?? 0 }],
      put: [...step.put, [writerKey(machineId), writer]],
      remove: [keepingKey(machineId), ...others.map(keepingKey), baseKey(fingerprint)],
    });
    if (outcome === 'done') return;
  }
}
