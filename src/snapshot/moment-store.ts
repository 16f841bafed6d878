import type { RecordKey, RecordStore, Step } from '../disk/record-store.ts';
import { VitrineError } from '../lib/errors.ts';
import { EMPTY_INDEX, type MomentIndex } from './moment-index.ts';
import type { MomentDetail, Thumbnail } from './moment-detail.ts';
import { decodeDetail, encodeDetail } from './moment-detail.ts';
import { decodePack } from './pack-record.ts';
import type { PageCodec } from './page-codec.ts';
import type { StorePacks } from './pack-writer.ts';

/**
 * Where the moments of a machine are kept, beside its disk, version 1:
 *
 *     ['moments', machine id]              the index (moment-index.ts), with its version and checksum
 *     ['moment', machine id, moment id]    a moment's places and devices (moment-detail.ts)
 *     ['thumbnail', machine id, moment id] { type, bytes }
 *     ['pages', machine id, pack]          Uint8Array (pack-record.ts)
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
    const index = change(this.#index);
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
  }

  /** For a `PackWriter`: not part of anything until a moment names them. */
  get storePacks(): StorePacks {
    return async (packs) => {
      await this.#store.commit({
        kind: 'pages',
        guards: [],
        put: packs.map(([pack, bytes]) => [pagesKey(this.#machineId, pack), bytes] as const),
        remove: [],
      });
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
    const read = (from: number) =>
      this.#store.read(packs.slice(from, from + READ_PACKS).map((pack) => pagesKey(this.#machineId, pack)));
    let next = read(0);
    for (let at = 0; at < packs.length; at += READ_PACKS) {
      const values = await next;
      // One step ahead; its failure is met at the next turn, and until then it is nobody's.
      if (at + READ_PACKS < packs.length) (next = read(at + READ_PACKS)).catch(() => undefined);
      for (const [i, value] of values.entries()) {
        const pack = packs[at + i];
        const pages = decodePack(this.#codec, pack, value);
        if (!pages) throw new VitrineError('snapshot/damaged', {}, { detail: `pack ${pack}` });
        yield { pack, pages };
      }
    }
  }

  /** A pack as it is stored, for export. */
  async readStored(packs: readonly number[]): Promise<unknown[]> {
    return this.#store.read(packs.map((pack) => pagesKey(this.#machineId, pack)));
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
      if (!pending && doomed.length === 0) return;
      const part = pending
        ? Array.from({ length: pending[1] - pending[0] }, (_, i) => pending[0] + i)
        : doomed.slice(0, SWEEP_PACKS);
      const gone = new Set(part);
      await this.change(
        (index) => ({
          ...index,
          pending: null,
          doomed: index.doomed.filter((pack) => !gone.has(pack)),
        }),
        { put: [], remove: part.map((pack) => pagesKey(this.#machineId, pack)) },
      );
    }
  }

  async close(): Promise<void> {
    await this.#store.close();
  }
}

const FORMAT = 1;
/** Packs that are read at once, and the same again ahead: 2 × 8 MiB. */
const READ_PACKS = 8;
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
