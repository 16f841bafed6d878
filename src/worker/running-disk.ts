import { VitrineError } from '../lib/errors.ts';
import { isPassing, momentOf } from '../snapshot/moment-index.ts';
import type { OpenDisk } from './disk-exporter.ts';
import type { HardDisk } from './hard-disk.ts';
import type { MomentKeeper } from './snapshots.ts';

/**
 * The disk of a machine that is on, for export while the guest goes on: a saved moment's, or (null) as it is now, frozen
 * until it is let go of. After a kill the next opening of the machine lets go of it. A moment that the machine replaces
 * while it is on would be gone before its disk is written: refused with `export/passing-moment`.
 */
export async function openRunningDisk(
  hardDisk: Pick<HardDisk, 'device' | 'base'> | null,
  moments: Pick<MomentKeeper, 'index'> | null,
  momentId: string | null,
): Promise<OpenDisk> {
  if (!hardDisk || !moments) throw new VitrineError('snapshot/not-stored');
  const { device: disk, base } = hardDisk;
  if (momentId !== null) {
    const { generation, kind } = momentOf(moments.index, momentId);
    if (isPassing(kind)) throw new VitrineError('export/passing-moment');
    if (generation === null) throw new VitrineError('disk/no-generation');
    return { disk, base, generation, release: async () => {} };
  }
  // Freezing saves first, which waits for ever while there is no room.
  if (disk.state.phase === 'full') throw new VitrineError('store/full');
  const generation = await disk.freezeTop();
  return { disk, base, generation, release: () => disk.deleteGeneration(generation) };
}
