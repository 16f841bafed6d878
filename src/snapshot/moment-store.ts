import type { RecordKey, RecordStore, Step } from '../disk/record-store.ts';
import { assert } from '../lib/assert.ts';
import { VitrineError } from '../lib/errors.ts';
import { EMPTY_INDEX, type MomentIndex } from './moment-index.ts';
import type { MomentDetail, Thumbnail } from './moment-detail.ts';
import { decodeDetail, encodeDetail } from './moment-detail.ts';
import {
  bundleOf,
  planReads,
  planRepacking,
  type BundleRead,
  type Bundles,
  type Repacking,
} from './pack-bundles.ts';
import { decodePack } from './pack-record.ts';
import type { PageCodec } from './page-codec.ts';
import type { StorePacks } from './pack-writer.ts';

/**
 * Where the moments of a machine are kept, beside its disk, version 2:
 *
 *     ['moments', machine id]              the index (moment-index.ts), with its version and checksum
 *     ['moment', machine id, moment id]    a moment's places and devices (moment-detail.ts)
 *     ['thumbnail', machine id, moment id] { type, bytes }
 *     ['pages', machine id, first pack]    Blob: the packs of one step, one behind the other (pack-bundles.ts), each as in
 *                                          pack-record.ts; or a Uint8Array, one pack (as they all were at first)
 *
 * Pages are stored first and are garbage until the step that stores the moment together with the new index; the index
 * names them as pending meanwhile, so that a later opening can remove them. Removing goes the other way round.
 */
export class MomentStore {
  readonly #store: RecordStore;
  readonly #machineId: string;
  readonly #codec: PageCodec;
  #index: MomentIndex;
  #version: number;
  /** Bundles that were stored and are in no index yet. */
  #stored: Bundles = {};

  private constructor(
    store: RecordStore,
    machineId: string,
    codec: PageCodec,
    read: { index: MomentIndex; version: number },
  ) {
    this.#store = store;
    this.#machineId = machineId;
    this.#codec = codec;
    this.#index = read.index;
    this.#version = read.version;
  }

  /** Opens to read and, by whoever has the machine's lock, to write. Rejects with `store/newer-format` or `store/damaged`. */
  static async open(store: RecordStore, machineId: string, codec: PageCodec): Promise<MomentStore> {
    return new MomentStore(store, machineId, codec, await readIndex(store, machineId, codec));
  }

  get index(): MomentIndex {
    return this.#index;
  }

  /** Changes the index in one step, with what else belongs to that step. */
  async change(
    change: (index: MomentIndex) => MomentIndex,
    more: Pick<Step, 'put' | 'remove'> & Partial<Pick<Step, 'guards'>> = { put: [], remove: [] },
  ): Promise<void> {
    const changed = change(this.#index);
    // Bundles of packs that the index names from now on belong to it.
    const isNamed = ([first, lengths]: [string, readonly number[]]) =>
      lengths.some((_, i) => Number(first) + i in changed.packs);
    const stored = Object.entries(this.#stored);
    const named = stored.filter(isNamed);
    const index =
      named.length === 0
        ? changed
        : { ...changed, bundles: { ...changed.bundles, ...Object.fromEntries(named) } };
    const json = JSON.stringify(index);
    const record: IndexRecord = {
      version: this.#version + 1,
      format: FORMAT,
      json,
      checksum: checksumOf(this.#codec, json),
    };
    const key = indexKey(this.#machineId);
    const outcome = await this.#store.commit({
      kind: 'moment',
      guards: [{ key, version: this.#version }, ...(more.guards ?? [])],
      put: [[key, record], ...more.put],
      remove: more.remove,
    });
    // Only one tab has the machine; this one lost it.
    if (outcome === 'conflict') throw new VitrineError('disk/taken-over');
    this.#index = index;
    this.#version++;
    this.#stored = Object.fromEntries(stored.filter((bundle) => !isNamed(bundle)));
  }

  /** For a `PackWriter`: not part of anything until a moment names them. */
  get storePacks(): StorePacks {
    return async (packs) => {
      const [[first]] = packs;
      assert(
        packs.every(([pack], i) => pack === first + i),
        'packs that are stored together follow each other',
      );
      const bundle = new Blob(packs.map(([, bytes]) => bytes));
      const outcome = await this.#store.commit({
        kind: 'pages',
        // Numbers of packs are given by the index: whoever lost the machine writes under those of its new owner.
        guards: [{ key: indexKey(this.#machineId), version: this.#version }],
        put: [[pagesKey(this.#machineId, first), bundle]],
        remove: [],
      });
      if (outcome === 'conflict') throw new VitrineError('disk/taken-over');
      this.#stored = { ...this.#stored, [first]: packs.map(([, bytes]) => bytes.length) };
    };
  }

  /** The records of a moment, for the step that adds it. */
  recordsOf(id: string, detail: MomentDetail, thumbnail: Thumbnail | null) {
    const bytes = encodeDetail(this.#codec, detail);
    const put: (readonly [RecordKey, unknown])[] = [[momentKey(this.#machineId, id), bytes]];
    if (thumbnail) put.push([thumbnailKey(this.#machineId, id), thumbnail]);
    return { put, recordBytes: bytes.length + (thumbnail?.bytes.length ?? 0) };
  }

  /** The keys of the records of moments that go. */
  keysOf(ids: readonly string[]): RecordKey[] {
    return ids.flatMap((id) => [momentKey(this.#machineId, id), thumbnailKey(this.#machineId, id)]);
  }

  /** A moment's places and devices; rejects with `snapshot/damaged`. */
  async readDetail(id: string, pageCount: number): Promise<MomentDetail> {
    const [value] = await this.#store.read([momentKey(this.#machineId, id)]);
    const detail = decodeDetail(this.#codec, value, pageCount);
    if (!detail) throw new VitrineError('snapshot/damaged', {}, { detail: `the record of moment ${id}` });
    return detail;
  }

  async readThumbnails(ids: readonly string[]): Promise<(Thumbnail | null)[]> {
    const values = await this.#store.read(ids.map((id) => thumbnailKey(this.#machineId, id)));
    return values.map((value) => (isThumbnail(value) ? value : null));
  }

  /**
   * The pages of packs in the order asked for, read some ahead; each is a view that is valid for one turn. Rejects with
   * `snapshot/damaged` at the first that is not as it was stored.
   */
  async *readPacks(packs: readonly number[]): AsyncGenerator<{ pack: number; pages: Uint8Array }> {
    for await (const { pack, bytes } of this.#readStored(packs)) {
      const pages = decodePack(this.#codec, pack, bytes);
      if (!pages) throw damaged(pack);
      yield { pack, pages };
    }
  }

  /** Packs as they are stored, each in a buffer of its own, for export; rejects with `snapshot/damaged` for one that is not there. */
  async readStored(packs: readonly number[]): Promise<Uint8Array<ArrayBuffer>[]> {
    const all: Uint8Array<ArrayBuffer>[] = [];
    for await (const { bytes } of this.#readStored(packs)) all.push(bytes.slice());
    return all;
  }

  /** In the order asked for, a few records ahead. */
  async *#readStored(packs: readonly number[]) {
    const reads = planReads({ ...this.#index.bundles, ...this.#stored }, packs);
    const ahead: Promise<{ pack: number; bytes: Uint8Array<ArrayBuffer> }[]>[] = [];
    for (const i of reads.keys()) {
      for (let next = i + ahead.length; next < Math.min(i + READ_AHEAD, reads.length); next++) {
        const bundle = this.#readBundle(reads[next]);
        // Its failure is met at its turn, and until then it is nobody's.
        bundle.catch(() => undefined);
        ahead.push(bundle);
      }
      yield* await ahead.shift()!;
    }
  }

  async #readBundle({ first, spans }: BundleRead) {
    const [value] = await this.#store.read([pagesKey(this.#machineId, first)]);
    if (!spans) {
      if (!(value instanceof Uint8Array)) throw damaged(first);
      return [{ pack: first, bytes: value as Uint8Array<ArrayBuffer> }];
    }
    if (!(value instanceof Blob)) throw damaged(first);
    const from = spans[0].offset;
    const { offset, length } = spans.at(-1)!;
    let bytes: ArrayBuffer;
    try {
      bytes = await value.slice(from, offset + length).arrayBuffer();
    } catch (cause) {
      throw new VitrineError('snapshot/damaged', {}, { cause, detail: `pack ${first}` });
    }
    return spans.map((span) => {
      const begin = span.offset - from;
      if (span.length === 0 || begin + span.length > bytes.byteLength) throw damaged(span.pack);
      return { pack: span.pack, bytes: new Uint8Array(bytes, begin, span.length) };
    });
  }

  /** A moment's record as it is stored, and its picture, for export. */
  async readRecords(id: string): Promise<[record: unknown, thumbnail: Thumbnail | null]> {
    const [record, thumbnail] = await this.#store.read([
      momentKey(this.#machineId, id),
      thumbnailKey(this.#machineId, id),
    ]);
    return [record, isThumbnail(thumbnail) ? thumbnail : null];
  }

  /** Removes packs that nobody needs, in parts; a crash in between leaves the rest to the next time. */
  async sweep(): Promise<void> {
    for (;;) {
      const { pending, doomed } = this.#index;
      if (pending) await this.#removePending(pending);
      else if (doomed.length === 0 || !(await this.#removeDoomed(doomed.slice(0, SWEEP_PACKS)))) return;
    }
  }

  async #removePending([from, to]: readonly [from: number, to: number]): Promise<void> {
    const remove = Array.from({ length: to - from }, (_, i) => pagesKey(this.#machineId, from + i));
    await this.change((index) => ({ ...index, pending: null }), { put: [], remove });
    this.#stored = {};
  }

  /**
   * First what only frees: records of which nothing is needed. Then bundles of which little is needed are stored anew,
   * one a step. Gives false when there is no room for that: it is left for the next sweep.
   */
  async #removeDoomed(doomed: readonly number[]): Promise<boolean> {
    const { bundles = {}, packs } = this.#index;
    const plans = planRepacking(bundles, doomed, (pack) => pack in packs);
    const bundled = bundleOf(bundles);
    const gone = plans.filter(({ keep }) => keep.length === 0).map(({ first }) => first);
    const smaller = plans.filter(({ keep }) => keep.length > 0);
    const later = new Set(smaller.map(({ first }) => first));
    const alone = doomed.filter((pack) => !bundled.has(pack));
    const done = new Set(doomed.filter((pack) => !later.has(bundled.get(pack) ?? -1)));
    await this.change((index) => without(index, done, gone), {
      put: [],
      remove: [...alone, ...gone].map((pack) => pagesKey(this.#machineId, pack)),
    });
    for (const plan of smaller) if (!(await this.#repack(plan, bundled))) return false;
    return true;
  }

  async #repack({ first, keep, lengths }: Repacking, bundled: ReadonlyMap<number, number>): Promise<boolean> {
    const key = pagesKey(this.#machineId, first);
    const [value] = await this.#store.read([key]);
    const done = new Set(this.#index.doomed.filter((pack) => bundled.get(pack) === first));
    // What is not there cannot get smaller; whoever needs it will be told.
    if (!(value instanceof Blob)) {
      await this.change((index) => without(index, done, []));
      return true;
    }
    const bundle = new Blob(keep.map(({ offset, length }) => value.slice(offset, offset + length)));
    try {
      await this.change(
        (index) => {
          const rest = without(index, done, []);
          return { ...rest, bundles: { ...rest.bundles, [first]: lengths } };
        },
        { put: [[key, bundle]], remove: [] },
      );
      return true;
    } catch (error) {
      if (error instanceof VitrineError && error.code === 'store/full') return false;
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#store.close();
  }
}

/** 2: packs in bundles. What 1 has is read as it is. */
const FORMAT = 2;
/** Reads that are under way at once, of up to 4 MiB each. */
const READ_AHEAD = 4;
const SWEEP_PACKS = 256;

interface IndexRecord {
  readonly version: number;
  readonly format: number;
  readonly json: string;
  readonly checksum: string;
}

const indexKey = (machineId: string): RecordKey => ['moments', machineId];
const momentKey = (machineId: string, id: string): RecordKey => ['moment', machineId, id];
const thumbnailKey = (machineId: string, id: string): RecordKey => ['thumbnail', machineId, id];
const pagesKey = (machineId: string, pack: number): RecordKey => ['pages', machineId, pack];

async function readIndex(store: RecordStore, machineId: string, codec: PageCodec) {
  const [record] = await store.read([indexKey(machineId)]);
  if (record === undefined) return { index: EMPTY_INDEX, version: 0 };
  const { format, json, checksum, version } = record as Partial<IndexRecord>;
  if (typeof format === 'number' && format > FORMAT) throw new VitrineError('store/newer-format', { format });
  if (typeof json !== 'string' || typeof version !== 'number' || checksum !== checksumOf(codec, json)) {
    throw new VitrineError(
      'store/damaged',
      {},
      { detail: 'the list of moments does not match its checksum' },
    );
  }
  const index: MomentIndex = JSON.parse(json);
  return { index, version };
}

function checksumOf(codec: PageCodec, json: string): string {
  const bytes = new TextEncoder().encode(json);
  let sum = 0n;
  for (let at = 0; at < bytes.length || at === 0; at += 1 << 20) {
    sum = BigInt.asUintN(64, sum * 31n + codec.hash(bytes.subarray(at, at + (1 << 20))));
  }
  return sum.toString(16);
}

function isThumbnail(value: unknown): value is Thumbnail {
  return typeof value === 'object' && value !== null && 'bytes' in value && value.bytes instanceof Uint8Array;
}

function damaged(pack: number): VitrineError {
  return new VitrineError('snapshot/damaged', {}, { detail: `pack ${pack}` });
}

/** The index once these packs and bundles are removed. */
function without(index: MomentIndex, packs: ReadonlySet<number>, bundles: readonly number[]): MomentIndex {
  const left = { ...index.bundles };
  for (const first of bundles) delete left[first];
  return { ...index, doomed: index.doomed.filter((pack) => !packs.has(pack)), bundles: left };
}
