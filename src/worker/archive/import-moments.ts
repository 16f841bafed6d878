import type { RecordKey } from '../../disk/record-store.ts';
import type { Hardware } from '../../machine/kept-profile.ts';
import { decodeDetail, encodeDetail } from '../../snapshot/moment-detail.ts';
import type { MomentEntry, MomentIndex } from '../../snapshot/moment-index.ts';
import { decodePack, renumberPack } from '../../snapshot/pack-record.ts';
import { STEP_PACKS, type StorePacks } from '../../snapshot/pack-writer.ts';
import { PAGE_BYTES, type PageCodec } from '../../snapshot/page-codec.ts';
import { packOf, placeAt, slotOf } from '../../snapshot/places.ts';
import type { OpenArchive } from './open-archive.ts';

const PAGES_PER_MIB = 2 ** 20 / PAGE_BYTES;

/** A pack of the file as it is stored now. */
export interface ImportedPack {
  readonly number: number;
  readonly bytes: number;
  readonly pages: number;
}

/** What becomes of the moments of a file: by the file's numbers of packs and by id. */
export interface ImportedMoments {
  readonly packs: ReadonlyMap<number, ImportedPack>;
  /** Bytes of the records of each moment. */
  readonly recordBytes: ReadonlyMap<string, number>;
  /** To be stored in the step that makes the moments the machine's. */
  readonly records: readonly (readonly [RecordKey, unknown])[];
}

/** Stores the packs of a file under numbers from `first` on, and reads the records of its moments against them. */
export async function importMoments(
  archive: OpenArchive,
  codec: PageCodec,
  { machineId, first, storePacks }: { machineId: string; first: number; storePacks: StorePacks },
): Promise<ImportedMoments> {
  const packs = await importPacks(archive, codec, first, storePacks);
  const { moments, details, thumbnails } = archive.manifest;
  const byId = new Map(moments.map((moment) => [moment.id, moment]));
  const recordBytes = new Map<string, number>();
  const records: (readonly [RecordKey, unknown])[] = [];
  for (const { moment: id, chunk } of details) {
    const moment = byId.get(id)!;
    const detail = decodeDetail(codec, await archive.read(chunk), pagesOf(moment));
    if (!detail) throw archive.damaged(`moment ${id}`);
    const own = new Set(moment.packs);
    // In place: there can be half a million.
    const places = detail.places;
    for (const [i, place] of places.entries()) {
      if (place === 0) continue;
      const pack = own.has(packOf(place)) ? packs.get(packOf(place)) : undefined;
      if (!pack || slotOf(place) >= pack.pages) throw archive.damaged(`moment ${id}`);
      places[i] = placeAt(pack.number, slotOf(place));
    }
    const bytes = encodeDetail(codec, { ...detail, places });
    recordBytes.set(id, bytes.length);
    records.push([['moment', machineId, id], bytes]);
  }
  for (const { moment: id, type, chunk } of thumbnails) {
    const bytes = await archive.read(chunk);
    recordBytes.set(id, (recordBytes.get(id) ?? 0) + bytes.length);
    records.push([['thumbnail', machineId, id], { type, bytes }]);
  }
  return { packs, recordBytes, records };
}

/** The list of moments of a machine that was `before` what the file says now. */
export function importedIndex(
  archive: OpenArchive,
  { packs, recordBytes }: ImportedMoments,
  generationOf: (generation: number) => number,
  before: MomentIndex,
): MomentIndex {
  const { moments, current, leaving } = archive.manifest;
  const sizes: Record<number, readonly [number, number]> = {};
  for (const { number, bytes, pages } of packs.values()) sizes[number] = [bytes, pages];
  const highest = moments.reduce((most, { id }) => Math.max(most, Number(id.slice(1))), 0);
  return {
    moments: moments.map((moment) => ({
      ...moment,
      generation: generationOf(moment.generation!),
      packs: moment.packs.map((pack) => packs.get(pack)!.number).sort((a, b) => a - b),
      recordBytes: recordBytes.get(moment.id) ?? 0,
    })),
    packs: sizes,
    nextPack: before.nextPack,
    nextMoment: Math.max(before.nextMoment, highest + 1),
    pending: null,
    bundles: before.bundles ?? {},
    doomed: [...before.doomed, ...Object.keys(before.packs).map(Number)],
    leaving,
    current,
  };
}

async function importPacks(
  archive: OpenArchive,
  codec: PageCodec,
  first: number,
  storePacks: StorePacks,
): Promise<Map<number, ImportedPack>> {
  const packs = new Map<number, ImportedPack>();
  const step: [number, Uint8Array<ArrayBuffer>][] = [];
  for (const [i, { pack, pages, chunk }] of archive.manifest.packs.entries()) {
    const read = await archive.read(chunk);
    if (decodePack(codec, pack, read)?.length !== pages * PAGE_BYTES) throw archive.damaged(`pack ${pack}`);
    const bytes = renumberPack(read, first + i);
    packs.set(pack, { number: first + i, bytes: bytes.length, pages });
    step.push([first + i, bytes]);
    if (step.length === STEP_PACKS) await storePacks(step.splice(0));
  }
  if (step.length > 0) await storePacks(step);
  return packs;
}

function pagesOf(moment: MomentEntry): number {
  // The manifest's schema has read it.
  const { memoryMiB, videoMemoryMiB } = moment.identity as Hardware;
  return (memoryMiB + videoMemoryMiB) * PAGES_PER_MIB;
}
