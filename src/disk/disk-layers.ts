import { assert } from '../lib/assert.ts';
import { VitrineError } from '../lib/errors.ts';
import { buildLayer, isZeroPlace, Layer, slotOf } from './layer.ts';
import type { RecordKey, RecordStore, Step, StepKind } from './record-store.ts';
import { decodeHead, encodeHead, type SegmentHead } from './segment-head.ts';
import { storedSize, type Segment } from './segment.ts';
import { bytesStored, chainOf, generationOf, machineOf, type MachineEntry, type Shelf } from './shelf.ts';
import {
  dataKey,
  headKey,
  headsOf,
  readShelf,
  readWriter,
  SHELF_KEY,
  shelfStep,
  writerKey,
  type WriterRecord,
} from './shelf-record.ts';

export interface GenerationSize {
  readonly id: number;
  readonly parent: number | null;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Bytes stored for this generation itself, and for those below it. */
  readonly ownBytes: number;
  readonly sharedBytes: number;
}

/** Where a block's bytes are: in a segment, nowhere because they are zeros, or in the base. */
export type Location = { readonly segment: number; readonly slot: number } | 'zeros' | 'base';

/** Segment ids of a session go up from `session × 2^32`. */
const IDS_OF_A_SESSION = 0x1_0000_0000;
/** Versions of the commit record that one session may give, one after the other and round again. */
const VERSIONS_OF_A_SESSION = 0x10_0000;

/**
 * The layers of one machine's disk, open for writing: which generations there are, the index of those in use, and
 * the durable steps that change them. Memory follows the store: it changes only after a step is done.
 *
 * Why the highest `order` wins within a layer: ids grow with time along any line of generations (sessions are
 * counted on the shelf, ids within a session here), a batch has each block once, and compaction copies live blocks
 * only. So the live copy of a block always has a higher order than each dead one, also after a parent was merged
 * with its child, since everything in the child was written after the parent was frozen.
 */
export class DiskLayers {
  readonly store: RecordStore;
  readonly machineId: string;
  readonly #session: number;
  readonly #layers = new Map<number, Layer>();
  readonly #pinned: number[] = [];
  #shelf: Shelf;
  #version: number;
  #chain: readonly Layer[] = [];
  #writer: WriterRecord;
  #leaving: ReadonlyMap<number, Segment | null> = NOTHING_LEAVES;
  #idsGiven = 0;

  private constructor(
    store: RecordStore,
    machineId: string,
    opened: { shelf: Shelf; version: number; session: number; writer: WriterRecord },
  ) {
    this.store = store;
    this.machineId = machineId;
    this.#session = opened.session;
    this.#shelf = opened.shelf;
    this.#version = opened.version;
    this.#writer = opened.writer;
  }

  /**
   * Takes the writing of a machine over (an earlier session can commit nothing from here on) and loads its index.
   * Rejects with `store/no-machine`, `store/newer-format`, what `check` throws, or `store/damaged`; of the disk itself
   * nothing is written before its first batch.
   */
  static async open(
    store: RecordStore,
    machineId: string,
    check: (machine: MachineEntry) => void,
  ): Promise<DiskLayers> {
    for (;;) {
      const { shelf, version } = await readShelf(store);
      check(machineOf(shelf, machineId));
      const before = await readWriter(store, machineId);
      const session = shelf.nextSession;
      const writer: WriterRecord = {
        committedAt: before?.committedAt ?? 0,
        layerBytes: before?.layerBytes ?? {},
        version: session * VERSIONS_OF_A_SESSION,
      };
      const next = { ...shelf, nextSession: session + 1 };
      const step = shelfStep('open', next, version);
      const opened = { shelf: next, version: version + 1, session, writer };
      const layers = new DiskLayers(store, machineId, opened);
      const outcome = await store.commit({
        ...step,
        // What the earlier session committed since it was looked at must not be forgotten.
        guards: [...step.guards, { key: writerKey(machineId), version: before?.version ?? 0 }],
        put: [...step.put, [writerKey(machineId), writer]],
      });
      if (outcome === 'done') {
        // Only now: before the step, the earlier session might still have changed what is loaded here.
        layers.#chain = await layers.#loadChain(next, layers.machine.top);
        return layers;
      }
    }
  }

  get shelf(): Shelf {
    return this.#shelf;
  }

  get machine(): MachineEntry {
    return machineOf(this.#shelf, this.machineId);
  }

  /** Layers from the top down. */
  get chain(): readonly Layer[] {
    return this.#chain;
  }

  get top(): Layer {
    return this.#chain[0];
  }

  get committedAt(): number {
    return this.#writer.committedAt;
  }

  nextSegmentId(): number {
    assert(this.#idsGiven < IDS_OF_A_SESSION, 'a session has enough ids');
    return this.#session * IDS_OF_A_SESSION + this.#idsGiven++;
  }

  locate(block: number, chain: readonly Layer[] = this.#chain): Location {
    for (const layer of chain) {
      const place = layer.find(block);
      if (place === 0) continue;
      return isZeroPlace(place) ? 'zeros' : { segment: layer.segmentOf(place).id, slot: slotOf(place) };
    }
    return 'base';
  }

  /** Whether anything is stored for a block, a zero included. */
  isMapped(block: number): boolean {
    return this.#chain.some((layer) => layer.find(block) !== 0);
  }

  loaded(layer: number): Layer | undefined {
    return this.#layers.get(layer);
  }

  /** Makes segments of guest writes durable in the top layer. */
  async commitBatch(segments: readonly Segment[], zeros: readonly number[], now: number): Promise<void> {
    const heads: SegmentHead[] = segments.map(({ id, blocks }) => ({
      id,
      order: id,
      blocks,
      zeros: NO_BLOCKS,
    }));
    if (zeros.length > 0) {
      const id = this.nextSegmentId();
      heads.push({ id, order: id, blocks: NO_BLOCKS, zeros: Uint32Array.from(zeros) });
    }
    const added = segments.reduce((sum, { bytes }) => sum + bytes.length, 0);
    const writer = this.#writerWith(this.top.id, this.bytesOf(this.top.id) + added, now);
    await this.#commitOwn({
      kind: 'batch',
      guards: [],
      put: [
        ...heads.map((head) => [headKey(this.top.id, head.id), encodeHead(head)] as const),
        ...segments.map(({ id, bytes }) => [dataKey(id), bytes] as const),
        [writerKey(this.machineId), writer],
      ],
      remove: [],
    });
    for (const head of heads) this.top.applyNewer(head);
    this.#writer = writer;
  }

  /**
   * Removes all that the top layer has, in one step that stores nothing and so needs no room: the disk is as the
   * generation below was frozen.
   */
  async emptyTop(): Promise<void> {
    const { id } = this.top;
    const stored = [...this.top.segments()].filter(({ slots }) => slots > 0);
    await this.#commitOwn({
      kind: 'sweep',
      // Somebody who duplicates the machine meanwhile needs what the layer has.
      guards: [{ key: SHELF_KEY, version: this.#version }],
      put: [],
      remove: [headsOf(id), ...stored.map((segment) => dataKey(segment.id))],
    });
    const empty = new Layer(id);
    this.#layers.set(id, empty);
    this.#chain = [empty, ...this.#chain.slice(1)];
  }

  /**
   * Changes the shelf and follows it. `change` may be called several times. Layers that the new top needs are loaded
   * first, so that a damaged one is noticed before anything changes.
   */
  async change(kind: StepKind, change: (shelf: Shelf) => Shelf): Promise<void> {
    for (;;) {
      const next = change(this.#shelf);
      const chain = await this.#loadChain(next, machineOf(next, this.machineId).top);
      const step = shelfStep(kind, next, this.#version);
      const outcome = await this.store.commit({ ...step, guards: [...step.guards, this.#ownGuard()] });
      if (outcome === 'done') {
        this.#shelf = next;
        this.#version++;
        this.#chain = chain;
        this.#unloadUnused();
        return;
      }
      await this.#lookAgain();
    }
  }

  /** Replaces segments of a layer, with the bytes of those that have live blocks, by others with the same live blocks. */
  async replaceSegments(
    layer: Layer,
    old: ReadonlyMap<number, Segment | null>,
    outputs: readonly { head: SegmentHead; segment: Segment | null }[],
  ): Promise<void> {
    // A read that is called after the step but before the index follows it still looks for the old ones.
    this.#leaving = old;
    try {
      await this.#commitReplacement(layer, [...old.keys()], outputs);
    } finally {
      this.#leaving = NOTHING_LEAVES;
    }
  }

  /** A segment that is being replaced at this moment. */
  leaving(id: number): Segment | undefined {
    return this.#leaving.get(id) ?? undefined;
  }

  async #commitReplacement(
    layer: Layer,
    old: readonly number[],
    outputs: readonly { head: SegmentHead; segment: Segment | null }[],
  ): Promise<void> {
    const removed = old.reduce((sum, id) => sum + storedSize(layer.get(id).slots), 0);
    const added = outputs.reduce((sum, { head }) => sum + storedSize(head.blocks.length), 0);
    const writer = this.#writerWith(layer.id, this.bytesOf(layer.id) - removed + added);
    await this.#commitOwn({
      kind: 'compact',
      // Somebody who duplicates the machine meanwhile makes the layer shared, and then it stays as it is.
      guards: [{ key: SHELF_KEY, version: this.#version }],
      put: [
        ...outputs.map(({ head }) => [headKey(layer.id, head.id), encodeHead(head)] as const),
        ...outputs.flatMap(({ segment }) => (segment ? [[dataKey(segment.id), segment.bytes] as const] : [])),
        [writerKey(this.machineId), writer],
      ],
      remove: old.flatMap((id): RecordKey[] => [headKey(layer.id, id), dataKey(id)]),
    });
    for (const { head } of outputs) layer.applyNewer(head);
    for (const id of old) layer.drop(id);
    this.#writer = writer;
  }

  /**
   * Moves the segments named by `heads` (oldest first, all that `from` has) to layer `to`, and changes the shelf
   * accordingly in the same step. `newer` says whether they hide what `to` has or the other way round.
   */
  async mergeHeads(
    heads: readonly SegmentHead[],
    { from, to, newer }: { from: number; to: number; newer: boolean },
    change: (shelf: Shelf) => Shelf,
  ): Promise<void> {
    const step = shelfStep('merge', change(this.#shelf), this.#version);
    const writer = this.#writerWith(to, this.bytesOf(to) + this.bytesOf(from));
    await this.#commitOwn({
      ...step,
      remove: [headsOf(from)],
      put: [
        ...step.put,
        ...heads.map((head) => [headKey(to, head.id), encodeHead(head)] as const),
        [writerKey(this.machineId), writer],
      ],
    });
    this.#shelf = change(this.#shelf);
    this.#version++;
    this.#writer = writer;
    const target = this.#layers.get(to);
    if (newer) for (const head of heads) target?.applyNewer(head);
    else for (const head of heads.toReversed()) target?.applyOlder(head);
    this.#chain = this.#chain.flatMap((layer) => (layer.id === from ? [] : [layer]));
    this.#unloadUnused();
  }

  /** The heads of a layer, each checked; rejects with `store/damaged`. */
  async readHeads(layer: number): Promise<SegmentHead[]> {
    return (await this.store.list(headsOf(layer))).map((value) => {
      const head = decodeHead(value);
      if (!head) throw new VitrineError('store/damaged', {}, { detail: `a segment head of layer ${layer}` });
      return head;
    });
  }

  /** Rejects with `disk/taken-over` when another session writes this machine now. */
  async checkStillWriter(): Promise<void> {
    const writer = await readWriter(this.store, this.machineId);
    if (Math.floor((writer?.version ?? 0) / VERSIONS_OF_A_SESSION) !== this.#session)
      throw new VitrineError('disk/taken-over');
  }

  /** Loads a generation's layers and keeps them until `unpin`. */
  async pin(generation: number): Promise<void> {
    this.#pinned.push(generation);
    try {
      await this.#loadChain(this.#shelf, generation);
    } catch (error) {
      this.unpin(generation);
      throw error;
    }
  }

  unpin(generation: number): void {
    this.#pinned.splice(this.#pinned.indexOf(generation), 1);
    this.#unloadUnused();
  }

  /** The layers of a pinned generation, top first; throws `disk/no-generation` when it was let go of. */
  pinnedChain(generation: number): Layer[] {
    return chainOf(this.#shelf, generation).map(({ layer }) => this.#layers.get(layer)!);
  }

  /** Generations with the bytes stored in their own layers, and in those below them. */
  sizesOf(ids: readonly number[]): GenerationSize[] {
    const stored = bytesStored(this.#shelf, ids, (layer) => this.bytesOf(layer));
    return ids.map((id) => {
      const { parent, createdAt } = generationOf(this.#shelf, id);
      return { id, parent, createdAt, ...stored.get(id)! };
    });
  }

  /** Bytes stored in a layer, without its heads; of a layer that is not loaded, as last noted. */
  bytesOf(layer: number): number {
    const loaded = this.#layers.get(layer);
    return loaded ? loaded.storedBytes : (this.#writer.layerBytes[layer] ?? 0);
  }

  get indexBytes(): number {
    let sum = 0;
    for (const layer of this.#layers.values()) sum += layer.indexBytes;
    return sum;
  }

  async #commitOwn(step: Step): Promise<void> {
    const outcome = await this.store.commit({ ...step, guards: [...step.guards, this.#ownGuard()] });
    if (outcome === 'done') return;
    await this.#lookAgain();
    throw new ShelfMoved();
  }

  /** After a conflict: either this is no longer the writer, or another tab changed the shelf. */
  async #lookAgain(): Promise<void> {
    await this.checkStillWriter();
    const read = await readShelf(this.store);
    this.#shelf = read.shelf;
    this.#version = read.version;
    // A copy of the image may have come under the disk (keep-base.ts): it is a layer like others from here on.
    for (const generation of this.#pinned) {
      if (this.#shelf.generations.some(({ id }) => id === generation))
        await this.#loadChain(this.#shelf, generation);
    }
    this.#chain = await this.#loadChain(this.#shelf, this.machine.top);
    this.#unloadUnused();
  }

  #ownGuard() {
    return { key: writerKey(this.machineId), version: this.#writer.version };
  }

  /** The commit record with one layer's size as it will be. */
  #writerWith(changed: number, bytes: number, committedAt = this.#writer.committedAt): WriterRecord {
    const layerBytes: Record<number, number> = {};
    for (const { layer } of this.#shelf.generations) {
      const size = layer === changed ? bytes : this.bytesOf(layer);
      if (size > 0) layerBytes[layer] = size;
    }
    const version =
      this.#session * VERSIONS_OF_A_SESSION + ((this.#writer.version + 1) % VERSIONS_OF_A_SESSION);
    return { version, committedAt, layerBytes };
  }

  async #loadChain(shelf: Shelf, generation: number): Promise<Layer[]> {
    const chain: Layer[] = [];
    for (const { id, layer } of chainOf(shelf, generation)) chain.push(await this.#load(id, layer));
    return chain;
  }

  async #load(generation: number, layerId: number): Promise<Layer> {
    const loaded = this.#layers.get(layerId);
    if (loaded) return loaded;
    // A generation that the shelf in memory does not have is being made by this very change: nothing is stored yet.
    const isNew = !this.#shelf.generations.some(({ id }) => id === generation);
    const layer = isNew ? new Layer(layerId) : buildLayer(layerId, await this.readHeads(layerId));
    this.#layers.set(layerId, layer);
    return layer;
  }

  #unloadUnused(): void {
    const used = new Set(this.#chain.map(({ id }) => id));
    for (const generation of this.#pinned) {
      const known = this.#shelf.generations.some(({ id }) => id === generation);
      for (const { layer } of known ? chainOf(this.#shelf, generation) : []) used.add(layer);
    }
    for (const id of this.#layers.keys()) if (!used.has(id)) this.#layers.delete(id);
  }
}

/** The shelf was changed by another tab between looking and committing; it has been read again, so decide again. */
export class ShelfMoved extends Error {
  constructor() {
    super('The shelf was changed meanwhile.');
    this.name = 'ShelfMoved';
  }
}

const NO_BLOCKS = new Uint32Array(0);
const NOTHING_LEAVES: ReadonlyMap<number, Segment | null> = new Map();
