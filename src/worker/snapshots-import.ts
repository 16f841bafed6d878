import type { ByteSource } from '../bytes/byte-source.ts';
import { importGuard, importKey, removeImport } from '../disk/import-leftovers.ts';
import { keptSoFar } from '../disk/keep-base.ts';
import { momentKeys } from '../disk/moment-keys.ts';
import type { RecordKey, RecordStore } from '../disk/record-store.ts';
import { machineOf, removeMachine, type Generation, type Shelf } from '../disk/shelf.ts';
import { keepingKey, readShelf, shelfStep, SHELF_KEY, writerKey } from '../disk/shelf-record.ts';
import { sweepDropped } from '../disk/upkeep.ts';
import { reservePacks } from '../snapshot/moment-index.ts';
import { MomentStore } from '../snapshot/moment-store.ts';
import type { PageCodec } from '../snapshot/page-codec.ts';
import { importDisk } from './archive/import-disk.ts';
import { importedIndex, importMoments, type ImportedMoments } from './archive/import-moments.ts';
import { OpenArchive, type ImportOptions } from './archive/open-archive.ts';

export type { ImportOptions } from './archive/open-archive.ts';

const STEP_BYTES = 8 * 2 ** 20;

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
  await removeImport(store, machineId);
  const moments = await MomentStore.open(store, machineId, codec);
  await moments.sweep();
  try {
    const target = await Target.reserve(store, machineId, codec, moments, archive);
    await target.fill();
    archive.checkWanted();
    await target.replace();
  } catch (error) {
    // What went wrong first is what is told. What cannot be removed now is removed when the shelf is opened next.
    await removeLeftovers(store, machineId, moments).catch(() => undefined);
    throw error;
  }
  await moments.sweep();
  await sweepDropped(store);
}

/** Where an import writes: under numbers that nothing else has, until it is whole. */
class Target {
  readonly #store: RecordStore;
  readonly #machineId: string;
  readonly #codec: PageCodec;
  readonly #moments: MomentStore;
  readonly #archive: OpenArchive;
  readonly #session: number;
  readonly #generations: ReadonlyMap<number, Generation>;
  #layerBytes: Record<number, number> = {};
  #imported: ImportedMoments | null = null;
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
    for (;;) {
      const { shelf, version } = await readShelf(store);
      const layers = generations.map((_, i) => shelf.nextId + i);
      const next = { ...shelf, nextId: shelf.nextId + layers.length, nextSession: shelf.nextSession + 1 };
      const step = shelfStep('shelf', next, version);
      if ((await store.commit({ ...step, put: [...step.put, [importKey(machineId), layers]] })) !== 'done')
        continue;
      // After the note of the import: of packs without one nobody would know.
      await moments.change((index) => reservePacks(index, packs.length));
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
    const { generations } = archive.manifest;
    const ids = new Map(generations.map(({ id }, i) => [id, shelf.nextId + i]));
    this.#generations = new Map(
      generations.map(({ id, parent, createdAt }) => {
        const own = ids.get(id)!;
        return [id, { id: own, parent: parent === null ? null : ids.get(parent)!, layer: own, createdAt }];
      }),
    );
  }

  async fill(): Promise<void> {
    const { generations } = this.#archive.manifest;
    const layers = new Map(generations.map(({ id, layer }) => [layer, this.#generations.get(id)!.layer]));
    this.#layerBytes = await importDisk(this.#archive, {
      session: this.#session,
      layerOf: (layer) => layers.get(layer)!,
      put: (key, value) => this.#put(key, value),
    });
    await this.#flush();
    this.#imported = await importMoments(this.#archive, this.#codec, {
      machineId: this.#machineId,
      first: this.#moments.index.pending![0],
      storePacks: this.#moments.storePacks,
    });
  }

  /** The one step: before it nothing has changed, after it everything has. */
  async replace(): Promise<void> {
    const { machine, committedAt } = this.#archive.manifest;
    const imported = this.#imported!;
    const generationOf = (generation: number) => this.#generations.get(generation)!.id;
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
            top: generationOf(machine.top),
            kept: machine.kept.map(generationOf),
          },
        ],
      };
      const writer = { version: this.#session, committedAt, layerBytes: this.#layerBytes };
      const step = shelfStep('shelf', next, version);
      try {
        await this.#moments.change((index) => importedIndex(this.#archive, imported, generationOf, index), {
          guards: [...step.guards, importGuard(this.#machineId)],
          put: [...step.put, [writerKey(this.#machineId), writer], ...imported.records],
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
}

/** What an import that was cancelled or refused had written. */
async function removeLeftovers(store: RecordStore, machineId: string, moments: MomentStore): Promise<void> {
  await removeImport(store, machineId);
  const { shelf } = await readShelf(store);
  if (shelf.machines.some(({ id }) => id === machineId)) await moments.sweep();
}

function recordsOfMoments(machineId: string): RecordKey[] {
  return momentKeys(machineId).filter(([kind]) => kind === 'moment' || kind === 'thumbnail');
}
