import type { ByteSource } from '../bytes/byte-source.ts';
import { keptSoFar } from '../disk/keep-base.ts';
import { dropImport, importGuard, importKey } from '../disk/import-leftovers.ts';
import { momentKeys } from '../disk/moment-keys.ts';
import type { RecordKey, RecordStore } from '../disk/record-store.ts';
import { decodeHead, encodeHead, type SegmentHead } from '../disk/segment-head.ts';
import { BLOCK_BYTES, openSegment, sealSegment } from '../disk/segment.ts';
import { machineOf, removeMachine, type Generation, type Shelf } from '../disk/shelf.ts';
import {
  dataKey,
  headKey,
  keepingKey,
  readShelf,
  shelfStep,
  SHELF_KEY,
  updateShelf,
  writerKey,
} from '../disk/shelf-record.ts';
import { forgetLayer, sweepPart } from '../disk/upkeep.ts';
import { VitrineError } from '../lib/errors.ts';
import type { MachineIdentity } from '../machine/machine-identity.ts';
import type { ArchiveProgress } from '../protocol/snapshot-messages.ts';
import { checkProfile } from '../machine/profile-limits.ts';
import { checkHead, decodeTrailer, HEAD_BYTES, sha256Of, TRAILER_BYTES } from '../snapshot/archive-format.ts';
import { checkManifest, type ArchiveManifest, type ChunkIndex } from '../snapshot/archive-manifest.ts';
import { decodeDetail, encodeDetail } from '../snapshot/moment-detail.ts';
import { reservePacks, type MomentEntry, type MomentIndex } from '../snapshot/moment-index.ts';
import { MomentStore } from '../snapshot/moment-store.ts';
import { decodePack, encodePack } from '../snapshot/pack-record.ts';
import { STEP_PACKS } from '../snapshot/pack-writer.ts';
import type { PageCodec } from '../snapshot/page-codec.ts';
import { packOf, placeAt, slotOf } from '../snapshot/places.ts';

export interface ImportOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ArchiveProgress) => void;
}

const STEP_BYTES = 8 * 2 ** 20;
const PAGES_PER_MIB = 256;

/**
 * Makes the machine what a `.vitrine` file holds; whoever calls has the machine's lock. Everything is read and checked
 * before the one step that replaces what was there; whatever happens before leaves the old machine untouched. Rejects
 * with `archive/foreign`, `archive/newer`, `archive/cut`, `archive/damaged`, `archive/cancelled`, `bytes/unreadable` or
 * `store/full`.
 */
export async function importMachine(
  store: RecordStore,
  machineId: string,
  codec: PageCodec,
  file: ByteSource,
  options: ImportOptions = {},
): Promise<void> {
  const archive = await OpenArchive.open(file, options);
  const moments = await MomentStore.open(store, machineId, codec);
  await removeLeftovers(store, machineId, moments);
  const target = await Target.reserve(store, machineId, codec, moments, archive);
  try {
    await target.fill();
    await target.replace();
  } catch (error) {
    await removeLeftovers(store, machineId, moments);
    throw error;
  }
  await moments.sweep();
  await sweepDropped(store);
}

/** A file whose manifest hangs together; its chunks are checked as they are read. */
class OpenArchive {
  readonly manifest: ArchiveManifest;
  readonly #file: ByteSource;
  readonly #options: ImportOptions;
  readonly #offsets: number[] = [];
  #doneBytes = 0;

  static async open(file: ByteSource, options: ImportOptions): Promise<OpenArchive> {
    const { name, sizeBytes } = file;
    if (sizeBytes < HEAD_BYTES) throw new VitrineError('archive/foreign', { name });
    checkHead(await file.read(0, HEAD_BYTES), name);
    if (sizeBytes < HEAD_BYTES + TRAILER_BYTES) throw new VitrineError('archive/cut', { name });
    const end = await file.read(sizeBytes - TRAILER_BYTES, TRAILER_BYTES);
    const place = decodeTrailer(end, sizeBytes, name);
    const json = plain(await file.read(place.offset, place.length));
    if ((await sha256Of(json)) !== place.sha256) throw damaged(name, 'the manifest');
    let manifest: unknown;
    try {
      manifest = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json));
    } catch (cause) {
      throw new VitrineError('archive/damaged', { name }, { cause });
    }
    const wrong = checkManifest(manifest) ?? checkProfiles(manifest as ArchiveManifest);
    if (wrong) throw damaged(name, wrong);
    return new OpenArchive(file, manifest as ArchiveManifest, place.offset, options);
  }

  private constructor(file: ByteSource, manifest: ArchiveManifest, end: number, options: ImportOptions) {
    this.#file = file;
    this.manifest = manifest;
    this.#options = options;
    let at = HEAD_BYTES;
    for (const { length } of manifest.chunks) {
      this.#offsets.push(at);
      at += length;
    }
    if (at !== end) throw damaged(file.name, 'the chunks do not fill the file');
  }

  get name(): string {
    return this.#file.name;
  }

  async read(chunk: ChunkIndex): Promise<Uint8Array<ArrayBuffer>> {
    const { signal, onProgress } = this.#options;
    if (signal?.aborted) throw new VitrineError('archive/cancelled');
    const { length, sha256 } = this.manifest.chunks[chunk];
    const bytes = plain(await this.#file.read(this.#offsets[chunk], length));
    if ((await sha256Of(bytes)) !== sha256) throw damaged(this.name, `chunk ${chunk}`);
    this.#doneBytes += length;
    onProgress?.({
      doneBytes: Math.min(this.#doneBytes, this.#file.sizeBytes),
      totalBytes: this.#file.sizeBytes,
    });
    return bytes;
  }
}

/** Where an import writes: under numbers that nothing else has, until it is whole. */
class Target {
  readonly #store: RecordStore;
  readonly #machineId: string;
  readonly #codec: PageCodec;
  readonly #moments: MomentStore;
  readonly #archive: OpenArchive;
  readonly #session: number;
  readonly #firstId: number;
  readonly #generations: Map<number, Generation>;
  readonly #packs = new Map<number, { number: number; bytes: number; pages: number }>();
  readonly #layerBytes: Record<number, number> = {};
  readonly #momentRecords: (readonly [RecordKey, unknown])[] = [];
  #waiting: (readonly [RecordKey, unknown])[] = [];
  #waitingBytes = 0;

  /** Takes numbers for layers, segments and packs, and notes them, so that a crash leaves nothing for ever. */
  static async reserve(
    store: RecordStore,
    machineId: string,
    codec: PageCodec,
    moments: MomentStore,
    archive: OpenArchive,
  ): Promise<Target> {
    const { generations, packs } = archive.manifest;
    await moments.change((index) => reservePacks(index, packs.length));
    for (;;) {
      const { shelf, version } = await readShelf(store);
      const layers = generations.map((_, i) => shelf.nextId + i);
      const next = { ...shelf, nextId: shelf.nextId + layers.length, nextSession: shelf.nextSession + 1 };
      const step = shelfStep('shelf', next, version);
      if ((await store.commit({ ...step, put: [...step.put, [importKey(machineId), layers]] })) === 'done')
        return new Target(store, machineId, codec, moments, archive, shelf);
    }
  }

  private constructor(
    store: RecordStore,
    machineId: string,
    codec: PageCodec,
    moments: MomentStore,
    archive: OpenArchive,
    shelf: Shelf,
  ) {
    this.#store = store;
    this.#machineId = machineId;
    this.#codec = codec;
    this.#moments = moments;
    this.#archive = archive;
    this.#session = shelf.nextSession;
    this.#firstId = shelf.nextId;
    const ids = new Map(archive.manifest.generations.map(({ id }, i) => [id, this.#firstId + i]));
    this.#generations = new Map(
      archive.manifest.generations.map(({ id, parent, createdAt }) => {
        const own = ids.get(id)!;
        return [id, { id: own, parent: parent === null ? null : ids.get(parent)!, layer: own, createdAt }];
      }),
    );
  }

  async fill(): Promise<void> {
    await this.#fillDisk();
    await this.#fillPacks();
    await this.#flush();
    await this.#fillMoments();
  }

  async #fillDisk(): Promise<void> {
    const { heads, segments, generations, machine } = this.#archive.manifest;
    const layerOf = new Map(generations.map(({ id, layer }) => [layer, this.#generations.get(id)!.layer]));
    const read: { layer: number; head: SegmentHead }[] = [];
    for (const { layer, chunk } of heads) {
      const bytes = await this.#archive.read(chunk);
      const head = bytes.length % 4 === 0 ? decodeHead(new Uint32Array(bytes.buffer)) : null;
      if (!head) throw this.#damaged('a segment head');
      read.push({ layer: layerOf.get(layer)!, head });
    }
    const blocks = Math.ceil(machine.sizeBytes / BLOCK_BYTES);
    const rank = ranks(
      read.flatMap(({ head }) => [head.id, head.order]),
      this.#session,
    );
    const named = new Map<number, SegmentHead>();
    for (const { layer, head } of read) {
      if (named.has(head.id)) throw this.#damaged('a segment twice');
      if ([...head.blocks, ...head.zeros].some((block) => block >= blocks)) throw this.#damaged('a block');
      named.set(head.id, head);
      const own = { ...head, id: rank(head.id), order: rank(head.order) };
      this.#layerBytes[layer] = (this.#layerBytes[layer] ?? 0) + head.blocks.length * (BLOCK_BYTES + 8) + 16;
      await this.#put(headKey(layer, own.id), encodeHead(own));
    }
    const withData = [...named.values()].filter((head) => head.blocks.length > 0);
    if (withData.length !== segments.length) throw this.#damaged('the segments');
    for (const { id, chunk } of segments) {
      const segment = openSegment(id, await this.#archive.read(chunk));
      const head = named.get(id);
      if (!segment || !head || segment.damaged.size > 0) throw this.#damaged(`segment ${id}`);
      if (String(segment.blocks) !== String(head.blocks)) throw this.#damaged(`segment ${id}`);
      const { bytes } = sealSegment(rank(id), segment.bytes, segment.blocks);
      await this.#put(dataKey(rank(id)), bytes);
    }
  }

  async #fillPacks(): Promise<void> {
    const first = this.#moments.index.pending![0];
    const { storePacks } = this.#moments;
    const step: [number, Uint8Array<ArrayBuffer>][] = [];
    for (const [i, { pack, pages, chunk }] of this.#archive.manifest.packs.entries()) {
      const decoded = decodePack(this.#codec, pack, await this.#archive.read(chunk));
      if (!decoded || decoded.length !== pages * BLOCK_BYTES) throw this.#damaged(`pack ${pack}`);
      const bytes = encodePack(this.#codec, first + i, decoded.slice());
      this.#packs.set(pack, { number: first + i, bytes: bytes.length, pages });
      step.push([first + i, bytes]);
      if (step.length === STEP_PACKS) await storePacks(step.splice(0));
    }
    if (step.length > 0) await storePacks(step);
  }

  async #fillMoments(): Promise<void> {
    const { moments, details, thumbnails } = this.#archive.manifest;
    const byId = new Map(moments.map((moment) => [moment.id, moment]));
    for (const { moment: id, chunk } of details) {
      const moment = byId.get(id)!;
      const detail = decodeDetail(this.#codec, await this.#archive.read(chunk), pagesOf(moment));
      if (!detail) throw this.#damaged(`moment ${id}`);
      const places = detail.places.map((place) => {
        if (place === 0) return 0;
        const pack = this.#packs.get(packOf(place));
        if (!pack || slotOf(place) >= pack.pages || !moment.packs.includes(packOf(place)))
          throw this.#damaged(`moment ${id}`);
        return placeAt(pack.number, slotOf(place));
      });
      this.#momentRecords.push([
        ['moment', this.#machineId, id],
        encodeDetail(this.#codec, { ...detail, places }),
      ]);
    }
    for (const { moment, type, chunk } of thumbnails) {
      const bytes = await this.#archive.read(chunk);
      this.#momentRecords.push([['thumbnail', this.#machineId, moment], { type, bytes }]);
    }
  }

  /** The one step: before it nothing has changed, after it everything has. */
  async replace(): Promise<void> {
    const { machine, committedAt } = this.#archive.manifest;
    for (;;) {
      const { shelf, version } = await readShelf(this.#store);
      const isHere = shelf.machines.some(({ id }) => id === this.#machineId);
      const without = isHere ? removeMachine(shelf, this.#machineId) : shelf;
      const next: Shelf = {
        ...without,
        // What was copied of an image for the old machine.
        dropped: [...without.dropped, ...(await keptSoFar(this.#store, [this.#machineId]))],
        generations: [...without.generations, ...this.#generations.values()],
        machines: [
          ...without.machines,
          {
            ...machine,
            id: this.#machineId,
            name: isHere ? machineOf(shelf, this.#machineId).name : machine.name,
            top: this.#generations.get(machine.top)!.id,
            kept: machine.kept.map((id) => this.#generations.get(id)!.id),
          },
        ],
      };
      const writer = { version: this.#session, committedAt, layerBytes: this.#layerBytes };
      const step = shelfStep('shelf', next, version);
      try {
        await this.#moments.change((index) => this.#newIndex(index), {
          guards: [...step.guards, importGuard(this.#machineId)],
          put: [...step.put, [writerKey(this.#machineId), writer], ...this.#momentRecords],
          remove: [
            importKey(this.#machineId),
            keepingKey(this.#machineId),
            ...recordsOfMoments(this.#machineId),
          ],
        });
        return;
      } catch (error) {
        // Another tab changed something of another machine meanwhile: look again.
        const [now] = await this.#store.read([SHELF_KEY]);
        if ((now as { version: number }).version === version) throw error;
      }
    }
  }

  #newIndex(before: MomentIndex): MomentIndex {
    const { moments, current, leaving } = this.#archive.manifest;
    const packs: Record<number, readonly [number, number]> = {};
    for (const { number, bytes, pages } of this.#packs.values()) packs[number] = [bytes, pages];
    const numbers = moments.map(({ id }) => Number(id.slice(1)));
    return {
      moments: moments.map((moment) => ({
        ...moment,
        generation: this.#generations.get(moment.generation!)!.id,
        packs: moment.packs.map((pack) => this.#packs.get(pack)!.number).sort((a, b) => a - b),
      })),
      packs,
      nextPack: before.nextPack,
      nextMoment: Math.max(before.nextMoment, ...numbers.map((number) => number + 1)),
      pending: null,
      bundles: before.bundles ?? {},
      doomed: [...before.doomed, ...Object.keys(before.packs).map(Number)],
      leaving,
      current,
    };
  }

  async #put(key: RecordKey, value: Uint8Array | Uint32Array): Promise<void> {
    this.#waiting.push([key, value]);
    this.#waitingBytes += value.byteLength;
    if (this.#waitingBytes >= STEP_BYTES) await this.#flush();
  }

  async #flush(): Promise<void> {
    const put = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    if (put.length > 0) await this.#store.commit({ kind: 'pages', guards: [], remove: [], put });
  }

  #damaged(what: string): VitrineError {
    return damaged(this.#archive.name, what);
  }
}

/** What an import that was cancelled, refused or killed had written. */
async function removeLeftovers(store: RecordStore, machineId: string, moments: MomentStore): Promise<void> {
  await dropImport(store, machineId);
  await sweepDropped(store);
  await moments.sweep();
}

/** Removes all layers that nobody reaches. */
async function sweepDropped(store: RecordStore): Promise<void> {
  const { shelf } = await readShelf(store);
  for (const layer of shelf.dropped) {
    while (!(await sweepPart(store, layer)));
    await updateShelf(store, (current) => forgetLayer(current, layer));
  }
}

/** The same order among new ids of a session. */
function ranks(values: readonly number[], session: number): (value: number) => number {
  const sorted = [...new Set(values)].sort((a, b) => a - b);
  const rank = new Map(sorted.map((value, i) => [value, session * 0x1_0000_0000 + i]));
  return (value) => rank.get(value)!;
}

function recordsOfMoments(machineId: string): RecordKey[] {
  return momentKeys(machineId).filter(([kind]) => kind === 'moment' || kind === 'thumbnail');
}

function pagesOf(moment: MomentEntry): number {
  const { memoryMiB, videoMemoryMiB } = moment.identity as MachineIdentity;
  return (memoryMiB + videoMemoryMiB) * PAGES_PER_MIB;
}

function checkProfiles({ moments }: ArchiveManifest): string | null {
  for (const { identity, profile } of moments) {
    const { memoryMiB, videoMemoryMiB, acpi, clock } = identity as Partial<MachineIdentity>;
    const parts = { memoryMiB, videoMemoryMiB, acpi, clock };
    if (Object.values(parts).some((part) => part === undefined)) return 'a moment of no machine';
    if (checkProfile(parts).length > 0 || checkProfile(profile as object).length > 0)
      return 'an impossible machine';
  }
  return null;
}

function plain(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  // A copy that begins where its buffer begins: words are read out of it.
  return bytes.byteOffset === 0 &&
    bytes.buffer instanceof ArrayBuffer &&
    bytes.buffer.byteLength === bytes.length
    ? (bytes as Uint8Array<ArrayBuffer>)
    : bytes.slice();
}

function damaged(name: string, detail: string): VitrineError {
  return new VitrineError('archive/damaged', { name }, { detail });
}
