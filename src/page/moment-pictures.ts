import type { KnownPictures, SnapshotInfo } from '../protocol/snapshot-messages.ts';

interface Picture {
  readonly createdAt: number;
  readonly picture: Blob | null;
}

/**
 * The pictures of one machine's moments, each fetched once: lists are read every two seconds while a window shows them,
 * and a picture that is the same Blob as before is not decoded again.
 */
export class MomentPictures {
  #machineId = '';
  #pictures: ReadonlyMap<string, Picture> = new Map();

  /** What need not be sent again. */
  knownOf(machineId: string): KnownPictures {
    if (machineId !== this.#machineId) return new Map();
    return new Map([...this.#pictures].map(([id, { createdAt }]) => [id, createdAt]));
  }

  /** A list that was asked for with `known`, with all its pictures; those of moments that went are forgotten. */
  complete(machineId: string, known: KnownPictures, list: readonly SnapshotInfo[]): SnapshotInfo[] {
    const before: ReadonlyMap<string, Picture> = machineId === this.#machineId ? this.#pictures : new Map();
    const pictures = new Map<string, Picture>();
    const whole = list.map((moment): SnapshotInfo => {
      const { id, createdAt } = moment;
      const isLeftOut = known.has(id) && known.get(id) === createdAt;
      const own = isLeftOut ? before.get(id) : { createdAt, picture: moment.thumbnail };
      // Another machine may have been looked at meanwhile: then it is sent the next time.
      if (own?.createdAt !== createdAt) return moment;
      pictures.set(id, own);
      return { ...moment, thumbnail: own.picture };
    });
    this.#machineId = machineId;
    this.#pictures = pictures;
    return whole;
  }
}
