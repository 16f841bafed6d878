import type { MachineIdentity } from '../machine/machine-identity.ts';
import { withApic, type MachineProfile } from '../machine/profile.ts';
import type { KnownPictures, SnapshotInfo } from '../protocol/snapshot-messages.ts';
import { bytesOfMoments, type MomentEntry, type MomentIndex } from '../snapshot/moment-index.ts';
import type { MomentStore } from '../snapshot/moment-store.ts';
import type { RecordStore } from '../disk/record-store.ts';
import { reachedFrom, type StoredBytes } from '../disk/shelf.ts';
import { readShelf, readWriter } from '../disk/shelf-record.ts';

export const identityOf = (moment: MomentEntry) => moment.identity as MachineIdentity;

/**
 * All moments of a machine as the page shows them, in the order they were saved. Pictures that are `known` are not read.
 */
export async function listMoments(
  store: MomentStore,
  diskSizes: ReadonlyMap<number, StoredBytes>,
  known: KnownPictures = new Map(),
): Promise<SnapshotInfo[]> {
  const { moments } = store.index;
  const wanted = moments.filter(({ id, createdAt }) => known.get(id) !== createdAt).map(({ id }) => id);
  const read = await store.readThumbnails(wanted);
  const thumbnails = new Map(wanted.map((id, i) => [id, read[i]]));
  const memorySizes = bytesOfMoments(store.index);
  return moments.map((moment) => {
    const { id, label, kind, parent, createdAt, pausedMs, isFirst, generation } = moment;
    const memory = memorySizes.get(id)!;
    const disk = (generation === null ? null : diskSizes.get(generation)) ?? { ownBytes: 0, sharedBytes: 0 };
    const ownBytes = memory.ownBytes + disk.ownBytes;
    const sharedBytes = memory.sharedBytes + disk.sharedBytes;
    const thumbnail = thumbnails.get(id);
    return {
      id,
      label,
      kind,
      parent,
      createdAt,
      pausedMs,
      isFirst,
      isCurrent: store.index.current === id,
      storedBytes: ownBytes + sharedBytes,
      ownBytes,
      sharedBytes,
      thumbnail: thumbnail ? new Blob([thumbnail.bytes], { type: thumbnail.type }) : null,
      identity: identityOf(moment),
      profile: withApic(moment.profile as MachineProfile),
    };
  });
}

/** Bytes stored for all moments of a machine together, as of the last commit of its disk. */
export async function bytesOfAll(
  records: RecordStore,
  machineId: string,
  { moments, packs }: MomentIndex,
): Promise<number> {
  const { shelf } = await readShelf(records);
  const layerBytes = (await readWriter(records, machineId))?.layerBytes ?? {};
  const known = new Set(shelf.generations.map(({ id }) => id));
  const named = moments.flatMap(({ generation }) =>
    generation !== null && known.has(generation) ? [generation] : [],
  );
  const layers = reachedFrom(shelf, named).map(({ layer }) => layer);
  const sum = (values: Iterable<number>) => [...values].reduce((total, bytes) => total + bytes, 0);
  return (
    sum(layers.map((layer) => layerBytes[layer] ?? 0)) +
    sum(Object.values(packs).map(([bytes]) => bytes)) +
    sum(moments.map(({ recordBytes }) => recordBytes))
  );
}
