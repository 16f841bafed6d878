import { assert } from '../lib/assert.ts';
import { BlockIndex } from './block-index.ts';
import type { SegmentHead } from './segment-head.ts';
import { storedSize } from './segment.ts';

/** A place is `ref × 256 + slot`; this slot says "all zeros, stored nowhere". */
const ZERO_SLOT = 255;

/** A segment as the index knows it: how much it holds and how much of that is still the newest of its layer. */
export interface StoredSegment {
  readonly id: number;
  readonly order: number;
  readonly slots: number;
  readonly zeros: number;
  liveSlots: number;
  liveZeros: number;
}

/**
 * The blocks that one generation changed: an index from block number to segment and slot, and for each segment how
 * much of it is live. Everything here is in memory and can be made again from the heads of the layer's segments.
 */
export class Layer {
  readonly id: number;
  readonly #index = new BlockIndex();
  /** By ref; ref 0 is never used, so that place 0 can mean "not here". */
  readonly #segments: (StoredSegment | undefined)[] = [undefined];
  readonly #freeRefs: number[] = [];
  readonly #refs = new Map<number, number>();
  #slots = 0;
  #storedBytes = 0;
  #liveSlots = 0;
  #liveZeros = 0;

  constructor(id: number) {
    this.id = id;
  }

  /** Where the layer has a block, for `segmentOf` and `slotOf`; 0 when it says nothing about it. */
  find(block: number): number {
    return this.#index.get(block);
  }

  /** The same for a part of `PART_ENTRIES` blocks; undefined when it says nothing about any of them. */
  findPart(number: number): Readonly<Uint32Array> | undefined {
    return this.#index.part(number);
  }

  /** The parts of which it has any block, in no order. */
  partNumbers(): Iterable<number> {
    return this.#index.partNumbers();
  }

  segmentOf(place: number): StoredSegment {
    const segment = this.#segments[Math.floor(place / 256)];
    assert(segment, 'the index names a segment that the layer has');
    return segment;
  }

  /** Takes a newer segment in: its blocks win over what the layer had. */
  applyNewer(head: SegmentHead): void {
    this.#apply(head, null);
  }

  /** Takes an older segment in: only its blocks that the layer says nothing about become live. */
  applyOlder(head: SegmentHead): void {
    this.#apply(head, (block) => this.#index.get(block) === 0);
  }

  /** Forgets a segment none of whose blocks is live any more. */
  drop(id: number): void {
    const ref = this.#refs.get(id);
    assert(ref !== undefined, 'a dropped segment belongs to the layer');
    const segment = this.#segments[ref]!;
    assert(segment.liveSlots === 0 && segment.liveZeros === 0, 'nothing live is dropped');
    this.#slots -= segment.slots;
    this.#storedBytes -= storedSize(segment.slots);
    this.#segments[ref] = undefined;
    this.#refs.delete(id);
    this.#freeRefs.push(ref);
  }

  /** A segment that the layer has, by its id. */
  get(id: number): StoredSegment {
    const segment = this.#segments[this.#refs.get(id) ?? 0];
    assert(segment, 'the layer has the segment');
    return segment;
  }

  *segments(): Iterable<StoredSegment> {
    for (const ref of this.#refs.values()) yield this.#segments[ref]!;
  }

  forEach(visit: (block: number, place: number) => void): void {
    this.#index.forEach(visit);
  }

  get segmentCount(): number {
    return this.#refs.size;
  }

  /** Blocks that take room, live or not. */
  get slots(): number {
    return this.#slots;
  }

  /** Bytes of the layer's segments, their tables included. */
  get storedBytes(): number {
    return this.#storedBytes;
  }

  /** Blocks that take room and are the newest of the layer. */
  get liveSlots(): number {
    return this.#liveSlots;
  }

  /** Blocks of zeros that are the newest of the layer. */
  get liveZeros(): number {
    return this.#liveZeros;
  }

  /** Memory that the index takes, in bytes. */
  get indexBytes(): number {
    return this.#index.sizeBytes + this.#refs.size * 100;
  }

  #apply(head: SegmentHead, wins: ((block: number) => boolean) | null): void {
    assert(!this.#refs.has(head.id), 'a segment is taken in once');
    const ref = this.#freeRefs.pop() ?? this.#segments.length;
    const segment: StoredSegment = {
      id: head.id,
      order: head.order,
      slots: head.blocks.length,
      zeros: head.zeros.length,
      liveSlots: 0,
      liveZeros: 0,
    };
    this.#segments[ref] = segment;
    this.#refs.set(head.id, ref);
    this.#slots += segment.slots;
    this.#storedBytes += storedSize(segment.slots);
    for (let slot = 0; slot < head.blocks.length; slot++) {
      if (wins === null || wins(head.blocks[slot])) this.#place(head.blocks[slot], ref * 256 + slot, segment);
    }
    for (const block of head.zeros) {
      if (wins === null || wins(block)) this.#place(block, ref * 256 + ZERO_SLOT, segment);
    }
  }

  #place(block: number, place: number, segment: StoredSegment): void {
    const before = this.#index.set(block, place);
    if (before !== 0) {
      const loser = this.segmentOf(before);
      if (isZeroPlace(before)) {
        loser.liveZeros--;
        this.#liveZeros--;
      } else {
        loser.liveSlots--;
        this.#liveSlots--;
      }
    }
    if (isZeroPlace(place)) {
      segment.liveZeros++;
      this.#liveZeros++;
    } else {
      segment.liveSlots++;
      this.#liveSlots++;
    }
  }
}

export function slotOf(place: number): number {
  return place % 256;
}

export function isZeroPlace(place: number): boolean {
  return place % 256 === ZERO_SLOT;
}

/** A layer from the heads of all its segments, in any order. */
export function buildLayer(id: number, heads: readonly SegmentHead[]): Layer {
  const layer = new Layer(id);
  for (const head of sortByOrder(heads)) layer.applyNewer(head);
  return layer;
}

/** Oldest first. */
export function sortByOrder(heads: readonly SegmentHead[]): SegmentHead[] {
  return [...heads].sort((a, b) => a.order - b.order || a.id - b.id);
}
