import { VitrineError } from '../lib/errors.ts';
import { decodeDetail, type MomentDetail } from './moment-detail.ts';
import { replacePacks, reservePacks, type MomentEntry, type MovedMoment } from './moment-index.ts';
import type { MomentStore } from './moment-store.ts';
import { PACK_PAGES, PAGE_BYTES, type PageCodec } from './page-codec.ts';
import { PackWriter } from './pack-writer.ts';
import { packOf, packsOf, slotOf, type Places } from './places.ts';

/** Pages stored for one that is needed, beyond which packs are rewritten; a rewritten pack is full of needed ones. */
const MOST_STORED = 1.25;
/** Needed pages that one round moves at most: 32 MiB, some tenths of a second. */
const ROUND_PAGES = 32 * PACK_PAGES;
/** Bytes of moments' records that one step may replace. */
const STEP_RECORD_BYTES = 32 * 2 ** 20;
/** Bytes that wait in memory before they are stored. */
const WAITING_BYTES = 8 * 2 ** 20;

/** Where pages went: the new place of one that was moved, 0 for one that nobody needed, the same for any other. */
export type Moves = (place: number) => number;

export interface CompactionOptions {
  /** Packs that cannot be read whole: they stay as they are, so that their damage goes on being reported. Grows. */
  readonly damaged: Set<number>;
  /** Lets others run, between two packs. */
  readonly rest: () => Promise<void>;
}

/**
 * One round: takes the packs that hold the least of what any moment needs, writes what is needed of them into new
 * packs, and replaces the places of every moment that used them, together with the index, in one step. Null when what
 * is stored is at most about a quarter more than what is needed.
 *
 * New packs are garbage until that step, which the index names as pending; old ones are garbage after it, which the
 * index names as doomed. So a crash at any point leaves every moment whole, and the next opening removes the rest.
 * Nothing else may change the moments meanwhile. Rejects with `store/full` when there is no room for the new packs,
 * with nothing changed.
 */
export async function compactPacks(
  store: MomentStore,
  codec: PageCodec,
  { damaged, rest }: CompactionOptions,
): Promise<Moves | null> {
  const live = await findLivePages(store, codec, rest);
  for (;;) {
    const victims = chooseVictims(store, live, damaged);
    if (victims.length === 0) return null;
    const pages = victims.reduce((sum, pack) => sum + live.count(pack), 0);
    await store.change((index) => reservePacks(index, Math.ceil(pages / PACK_PAGES)));
    try {
      return await rewrite(store, codec, live, victims, rest);
    } catch (error) {
      // What was written is garbage; where even that cannot be noted, the next opening does it.
      await store.sweep().catch(() => undefined);
      if (!(error instanceof DamagedPack)) throw error;
      damaged.add(error.pack);
    }
  }
}

/** Which pages of each pack some moment needs. */
class LivePages {
  readonly #slots = new Map<number, Uint8Array>();
  readonly #counts = new Map<number, number>();

  add(places: Places): void {
    for (const place of places) if (place !== 0) this.#add(packOf(place), slotOf(place));
  }

  addAll(pack: number, pages: number): void {
    for (let slot = 0; slot < pages; slot++) this.#add(pack, slot);
  }

  count(pack: number): number {
    return this.#counts.get(pack) ?? 0;
  }

  /** In ascending order. */
  slotsOf(pack: number): number[] {
    const bits = this.#slots.get(pack);
    if (!bits) return [];
    return Array.from({ length: PACK_PAGES }, (_, slot) => slot).filter(
      (slot) => bits[slot >> 3] & (1 << (slot & 7)),
    );
  }

  #add(pack: number, slot: number): void {
    let bits = this.#slots.get(pack);
    if (!bits) this.#slots.set(pack, (bits = new Uint8Array(PACK_PAGES / 8)));
    const bit = 1 << (slot & 7);
    if (bits[slot >> 3] & bit) return;
    bits[slot >> 3] |= bit;
    this.#counts.set(pack, this.count(pack) + 1);
  }
}

/** Reads the places of all moments, one after the other. What one that cannot be read needs is unknown: all counts. */
async function findLivePages(
  store: MomentStore,
  codec: PageCodec,
  rest: () => Promise<void>,
): Promise<LivePages> {
  const live = new LivePages();
  for (const moment of store.index.moments) {
    if (moment.packs.length === 0) continue;
    const detail = await readDetail(store, codec, moment);
    if (detail) live.add(detail.places);
    else for (const pack of moment.packs) live.addAll(pack, store.index.packs[pack]?.[1] ?? PACK_PAGES);
    await rest();
  }
  return live;
}

/** The most wasteful packs, until what would be left is good; none when it is good already. */
function chooseVictims(store: MomentStore, live: LivePages, damaged: ReadonlySet<number>): number[] {
  const { packs, moments } = store.index;
  const all = Object.entries(packs).map(([key, [, pages]]) => {
    const pack = Number(key);
    return { pack, pages, needed: live.count(pack) };
  });
  const needed = all.reduce((sum, pack) => sum + pack.needed, 0);
  let stored = all.reduce((sum, pack) => sum + pack.pages, 0);
  const victims: number[] = [];
  const users = new Set<MomentEntry>();
  let moved = 0;
  let recordBytes = 0;
  for (const { pack, pages, needed: pagesNeeded } of all
    .filter(({ pack, pages, needed }) => needed < pages && !damaged.has(pack))
    .sort((a, b) => a.needed / a.pages - b.needed / b.pages)) {
    if (stored <= MOST_STORED * needed || moved + pagesNeeded > ROUND_PAGES) break;
    const more = moments.filter((moment) => moment.packs.includes(pack) && !users.has(moment));
    const moreBytes = more.reduce((sum, moment) => sum + moment.recordBytes, 0);
    // A pack that more moments use than fit into a step stays; another one may do.
    if (recordBytes + moreBytes > STEP_RECORD_BYTES) continue;
    for (const moment of more) users.add(moment);
    recordBytes += moreBytes;
    moved += pagesNeeded;
    stored -= pages - pagesNeeded;
    victims.push(pack);
  }
  return victims.sort((a, b) => a - b);
}

async function rewrite(
  store: MomentStore,
  codec: PageCodec,
  live: LivePages,
  victims: readonly number[],
  rest: () => Promise<void>,
): Promise<Moves> {
  const moved = new Map<number, Uint32Array>();
  const writer = new PackWriter(codec, store.index.pending![0], store.storePacks);
  for await (const { pack, pages } of readable(store, victims, live)) {
    const places = new Uint32Array(PACK_PAGES);
    for (const slot of live.slotsOf(pack)) {
      const at = slot * PAGE_BYTES;
      if (at >= pages.length) throw new DamagedPack(pack);
      places[slot] = writer.add(pages.subarray(at, at + PAGE_BYTES));
    }
    moved.set(pack, places);
    while (writer.waitingBytes > WAITING_BYTES && (await writer.store()));
    await rest();
  }
  while (await writer.store(true));
  // Packs that nobody needs anything of were not even read.
  for (const pack of victims) if (!moved.has(pack)) moved.set(pack, new Uint32Array(PACK_PAGES));
  const moves: Moves = (place) => {
    const places = moved.get(packOf(place));
    return places ? places[slotOf(place)] : place;
  };
  const { records, changed } = await movedMoments(store, codec, moved, moves);
  await store.change((index) => replacePacks(index, new Set(victims), changed, writer.written), {
    put: records,
    remove: [],
  });
  return moves;
}

/** The pages of the packs that any are needed of. A pack that is not as it was stored ends it with `DamagedPack`. */
async function* readable(store: MomentStore, victims: readonly number[], live: LivePages) {
  const wanted = victims.filter((pack) => live.count(pack) > 0);
  let next = 0;
  try {
    for await (const read of store.readPacks(wanted)) {
      next++;
      yield read;
    }
  } catch (error) {
    if (error instanceof VitrineError && error.code === 'snapshot/damaged')
      throw new DamagedPack(wanted[next]);
    throw error;
  }
}

/** The records of the moments that used any of the packs that went, as they must be. */
async function movedMoments(
  store: MomentStore,
  codec: PageCodec,
  moved: ReadonlyMap<number, Uint32Array>,
  moves: Moves,
) {
  const records: ReturnType<MomentStore['recordsOf']>['put'] = [];
  const changed = new Map<string, MovedMoment>();
  for (const moment of store.index.moments) {
    if (!moment.packs.some((pack) => moved.has(pack))) continue;
    const detail = await readDetail(store, codec, moment);
    // It could be read a moment ago, or none of its packs would have been chosen.
    if (!detail) throw new VitrineError('store/failed', {}, { detail: `the record of moment ${moment.id}` });
    const places = detail.places.map(moves);
    const [, thumbnail] = await store.readRecords(moment.id);
    const { put } = store.recordsOf(moment.id, { ...detail, places }, null);
    const bytes = put.reduce((sum, [, value]) => sum + (value as Uint8Array).length, 0);
    records.push(...put);
    changed.set(moment.id, {
      packs: packsOf(places),
      recordBytes: bytes + (thumbnail?.bytes.length ?? 0),
    });
  }
  return { records, changed };
}

async function readDetail(
  store: MomentStore,
  codec: PageCodec,
  { id }: MomentEntry,
): Promise<MomentDetail | null> {
  const [record] = await store.readRecords(id);
  return decodeDetail(codec, record, null);
}

class DamagedPack extends Error {
  readonly pack: number;
  constructor(pack: number) {
    super(`pack ${pack} is not as it was stored`);
    this.name = 'DamagedPack';
    this.pack = pack;
  }
}
