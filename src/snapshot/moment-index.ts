import { assert } from '../lib/assert.ts';
import { VitrineError } from '../lib/errors.ts';
import type { Bundles } from './pack-bundles.ts';

/**
 * What moment is kept for: `kept` by the visitor; `checkpoint`, the rolling one; `before`, what was there before the
 * visitor went back (undo); `disk`, a disk without memory, which starts as after a power cut.
 */
export type MomentKind = 'kept' | 'checkpoint' | 'before' | 'disk';

/** Whether the machine replaces moments of this kind by itself, by newer ones of it. */
export function isPassing(kind: MomentKind): boolean {
  return kind === 'checkpoint' || kind === 'before';
}

/** A saved moment as the list knows it; its pages' places and its devices are in a record of their own. */
export interface MomentEntry {
  readonly id: string;
  readonly label: string;
  readonly kind: MomentKind;
  /** The moment that the machine went on from to this one; null for none, or when that was deleted. */
  readonly parent: string | null;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** How long the guest stood still for it. */
  readonly pausedMs: number;
  /** The generation of the disk; null for a machine without one. */
  readonly generation: number | null;
  /** The exhibit's first state; at most one is. */
  readonly isFirst: boolean;
  /** Packs that pages of it are in, ascending. */
  readonly packs: readonly number[];
  /** Bytes of its own records. */
  readonly recordBytes: number;
  /** What the machine must be like to go on from it, and its profile: kept as given. */
  readonly identity: unknown;
  readonly profile: unknown;
}

/** How the machine was last left. `running`: it was not, so the page or the browser ended under it. */
export type Leaving = 'running' | 'left' | 'off';

/**
 * The one record that says which moments of a machine there are. It is replaced as a whole, so a moment appears and
 * disappears in one step; everything here is a pure function from one index to the next.
 */
export interface MomentIndex {
  readonly moments: readonly MomentEntry[];
  /** Stored bytes and pages of each pack. */
  readonly packs: Readonly<Record<number, readonly [bytes: number, pages: number]>>;
  readonly nextPack: number;
  readonly nextMoment: number;
  /** Packs from .. to (exclusive) that are being written for a moment which is not there yet: garbage after a crash. */
  readonly pending: readonly [from: number, to: number] | null;
  /** Packs that no moment needs and that are still to be removed. */
  readonly doomed: readonly number[];
  /** Which packs are stored together (pack-bundles.ts); packs that are in none have a record each. */
  readonly bundles?: Bundles;
  readonly leaving: Leaving;
  /** The moment that the machine is going on from now. */
  readonly current: string | null;
}

export const EMPTY_INDEX: MomentIndex = {
  moments: [],
  packs: {},
  nextPack: 1,
  nextMoment: 1,
  pending: null,
  doomed: [],
  leaving: 'off',
  current: null,
};

export function momentOf(index: MomentIndex, id: string): MomentEntry {
  const moment = index.moments.find((candidate) => candidate.id === id);
  if (!moment) throw new VitrineError('snapshot/no-moment');
  return moment;
}

export function checkpointOf(index: MomentIndex): MomentEntry | null {
  return index.moments.find(({ kind }) => kind === 'checkpoint') ?? null;
}

/** Sets numbers of packs aside for a moment that is going to be written; what was set aside before must be swept. */
export function reservePacks(index: MomentIndex, count: number): MomentIndex {
  assert(index.pending === null, 'one thing at a time is written');
  const to = index.nextPack + count;
  return { ...index, pending: [index.nextPack, to], nextPack: to };
}

export type NewMoment = Omit<MomentEntry, 'id' | 'parent' | 'isFirst'>;

/**
 * Adds a moment with the packs that were written for it; what was set aside for it and not used is given back. A new
 * checkpoint (and a new `before`) takes the place of the old one (`retireMoment`), unless that is `except`.
 */
export function addMoment(
  index: MomentIndex,
  moment: NewMoment,
  written: ReadonlyMap<number, { bytes: number; pages: number }>,
  except: string | null = null,
): MomentIndex {
  const id = `m${index.nextMoment}`;
  const replaced = index.moments.filter(
    (old) => old.kind === moment.kind && old.id !== except && isPassing(old.kind),
  );
  const packs: Record<number, readonly [number, number]> = { ...index.packs };
  for (const [pack, { bytes, pages }] of written) packs[pack] = [bytes, pages];
  const entry: MomentEntry = { ...moment, id, parent: index.current, isFirst: false };
  const grown: MomentIndex = {
    ...index,
    moments: [...index.moments, entry],
    packs,
    nextMoment: index.nextMoment + 1,
    nextPack: nextPackAfter(index, written),
    pending: null,
    current: id,
  };
  return replaced.reduce((shrunk, { id: old }) => retireMoment(shrunk, old), grown);
}

/**
 * Takes out a moment that the machine saved by itself and needs no more; one that the visitor made the first state, or
 * gave a name, stays as a kept one.
 */
export function retireMoment(index: MomentIndex, id: string): MomentIndex {
  const { kind, label, isFirst } = momentOf(index, id);
  // A `before` is named after what was gone back to.
  const isWanted = isFirst || (kind === 'checkpoint' && label !== '');
  return isWanted ? changeMoment(index, id, { kind: 'kept' }) : removeMoment(index, id);
}

/**
 * The machine goes on without its checkpoint: from its disk, or from another moment. Where it was not turned off, what
 * it could have gone on from becomes a kept moment, named `label`.
 */
export function keepUnused(index: MomentIndex, label: string): MomentIndex {
  const checkpoint = checkpointOf(index);
  if (index.leaving === 'off' || !checkpoint) return index;
  return changeMoment(index, checkpoint.id, { kind: 'kept', label: checkpoint.label || label });
}

/** Takes a moment out; its children go on from its parent, and packs that nobody else needs are doomed. */
export function removeMoment(index: MomentIndex, id: string): MomentIndex {
  const { parent } = momentOf(index, id);
  const moments = index.moments
    .filter((moment) => moment.id !== id)
    .map((moment) => (moment.parent === id ? { ...moment, parent } : moment));
  const needed = new Set(moments.flatMap(({ packs }) => packs));
  const packs: Record<number, readonly [number, number]> = {};
  const doomed = [...index.doomed];
  for (const [key, size] of Object.entries(index.packs)) {
    const pack = Number(key);
    if (needed.has(pack)) packs[pack] = size;
    else doomed.push(pack);
  }
  return { ...index, moments, packs, doomed, current: index.current === id ? parent : index.current };
}

/** What changes of a moment whose pages went to other packs. */
export type MovedMoment = Pick<MomentEntry, 'packs' | 'recordBytes'>;

/**
 * Puts `written` packs in the place of `old` ones, which are doomed; `moved` has every moment that used one of those.
 * What was set aside for the new packs and not used is given back.
 */
export function replacePacks(
  index: MomentIndex,
  old: ReadonlySet<number>,
  moved: ReadonlyMap<string, MovedMoment>,
  written: ReadonlyMap<number, { bytes: number; pages: number }>,
): MomentIndex {
  const kept = Object.entries(index.packs).filter(([pack]) => !old.has(Number(pack)));
  const added = [...written].map(([pack, { bytes, pages }]) => [pack, [bytes, pages] as const] as const);
  return {
    ...index,
    moments: index.moments.map((moment) => ({ ...moment, ...moved.get(moment.id) })),
    packs: Object.fromEntries([...kept, ...added]),
    nextPack: nextPackAfter(index, written),
    pending: null,
    doomed: [...index.doomed, ...old],
  };
}

/** Numbers that were set aside and not used are given back. */
function nextPackAfter(index: MomentIndex, written: ReadonlyMap<number, unknown>): number {
  return Math.max(index.pending?.[0] ?? index.nextPack, ...[...written.keys()].map((pack) => pack + 1));
}

export function changeMoment(index: MomentIndex, id: string, part: Partial<MomentEntry>): MomentIndex {
  momentOf(index, id);
  return {
    ...index,
    moments: index.moments.map((moment) => (moment.id === id ? { ...moment, ...part } : moment)),
  };
}

/** Makes one moment the exhibit's first state, and no other; null for none. */
export function pinFirst(index: MomentIndex, id: string | null): MomentIndex {
  if (id !== null) momentOf(index, id);
  return { ...index, moments: index.moments.map((moment) => ({ ...moment, isFirst: moment.id === id })) };
}

/** Bytes that are stored for each moment alone, and in packs that it shares with others. */
export function bytesOfMoments({
  moments,
  packs,
}: MomentIndex): Map<string, { ownBytes: number; sharedBytes: number }> {
  const users = new Map<number, number>();
  for (const moment of moments) for (const pack of moment.packs) users.set(pack, (users.get(pack) ?? 0) + 1);
  return new Map(
    moments.map(({ id, recordBytes, packs: own }) => {
      const stored = { ownBytes: recordBytes, sharedBytes: 0 };
      for (const pack of own)
        stored[users.get(pack) === 1 ? 'ownBytes' : 'sharedBytes'] += packs[pack]?.[0] ?? 0;
      return [id, stored];
    }),
  );
}
