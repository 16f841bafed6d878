import type { MachineIdentity } from '../machine/machine-identity.ts';
import type { MachineProfile } from '../machine/profile.ts';
import type { SnapshotInfo } from '../protocol/snapshot-messages.ts';
import { sizesOf, type MomentEntry } from '../snapshot/moment-index.ts';
import type { MomentStore } from '../snapshot/moment-store.ts';

/** Bytes stored for a generation of a disk: its own, and below it. */
export type DiskSizes = (generation: number) => { ownBytes: number; sharedBytes: number };

export const identityOf = (moment: MomentEntry) => moment.identity as MachineIdentity;

/** All moments of a machine as the page shows them, in the order they were saved. */
export async function listMoments(store: MomentStore, diskSizes: DiskSizes): Promise<SnapshotInfo[]> {
  const { moments } = store.index;
  const thumbnails = await store.readThumbnails(moments.map(({ id }) => id));
  return moments.map((moment, i) => {
    const { id, label, kind, parent, createdAt, pausedMs, isFirst, generation } = moment;
    const memory = sizesOf(store.index, id);
    const disk = generation === null ? { ownBytes: 0, sharedBytes: 0 } : diskSizes(generation);
    const ownBytes = memory.ownBytes + disk.ownBytes;
    const sharedBytes = memory.sharedBytes + disk.sharedBytes;
    const thumbnail = thumbnails[i];
    return {
      id,
      label,
      kind,
      parent,
      createdAt,
      pausedMs,
      isFirst,
      storedBytes: ownBytes + sharedBytes,
      ownBytes,
      sharedBytes,
      thumbnail: thumbnail && new Blob([thumbnail.bytes], { type: thumbnail.type }),
      identity: identityOf(moment),
      profile: moment.profile as MachineProfile,
    };
  });
}
