import { VitrineError } from '../lib/errors.ts';

/**
 * The one record that says which machines and which generations of disks there are. It is small (some hundred bytes
 * for each), so it is replaced as a whole, guarded by its version; everything here is a pure function from one shelf
 * to the next.
 *
 * A generation is what was written on a disk between two moments, over its parent. Only the `top` of a machine is
 * ever written; all others are frozen. A generation is kept alive by being, or being below, the top of a machine or
 * one of the generations it keeps (a snapshot's). Two machines may stand on the same generations: that is what a
 * duplicate is.
 */
export interface Shelf {
  readonly machines: readonly MachineEntry[];
  readonly generations: readonly Generation[];
  /** Layers that nobody can reach any more and whose segments are still to be removed. */
  readonly dropped: readonly number[];
  /** Source of ids for generations and layers; never goes back. */
  readonly nextId: number;
  /** Number of the next opening of a machine for writing; never goes back. Segment ids begin with it. */
  readonly nextSession: number;
}

export interface MachineEntry {
  readonly id: string;
  readonly name: string;
  readonly sizeBytes: number;
  /** What the disk begins as, or null for a blank one; its bytes are brought along at every opening. */
  readonly base: BaseIdentity | null;
  /** The machine's profile as JSON, kept as given. */
  readonly profile: unknown;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly top: number;
  /** Frozen generations that snapshots hold on to. */
  readonly kept: readonly number[];
}

/** How a prepared image is recognised when it is brought again. */
export interface BaseIdentity {
  readonly name: string;
  readonly sizeBytes: number;
  readonly fingerprint: string;
}

export interface Generation {
  readonly id: number;
  readonly parent: number | null;
  /** Where its segments are; apart from the id, because merging moves the smaller set into the larger. */
  readonly layer: number;
  readonly createdAt: number;
}

export const EMPTY_SHELF: Shelf = {
  machines: [],
  generations: [],
  dropped: [],
  nextId: 1,
  nextSession: 1,
};

export function machineOf(shelf: Shelf, machineId: string): MachineEntry {
  const machine = shelf.machines.find(({ id }) => id === machineId);
  if (!machine) throw new VitrineError('store/no-machine', { name: machineId });
  return machine;
}

/** The generations of a shelf by their ids: a shelf never changes, and a machine from outside may have thousands. */
const GENERATIONS = new WeakMap<Shelf, ReadonlyMap<number, Generation>>();

function generationsOf(shelf: Shelf): ReadonlyMap<number, Generation> {
  let byId = GENERATIONS.get(shelf);
  if (!byId) GENERATIONS.set(shelf, (byId = new Map(shelf.generations.map((one) => [one.id, one]))));
  return byId;
}

export function generationOf(shelf: Shelf, id: number): Generation {
  const generation = generationsOf(shelf).get(id);
  if (!generation) throw new VitrineError('disk/no-generation', {}, { detail: `generation ${id}` });
  return generation;
}

/** The generation and all below it, top first. */
export function chainOf(shelf: Shelf, id: number): Generation[] {
  const chain: Generation[] = [];
  for (let at: number | null = id; at !== null; at = chain.at(-1)!.parent)
    chain.push(generationOf(shelf, at));
  return chain;
}

/** Generations and all below them, each once, parents before their children; in steps that grow with their number. */
export function reachedFrom(shelf: Shelf, starts: Iterable<number>): Generation[] {
  const reached = new Map<number, Generation>();
  for (const start of starts) {
    const above: Generation[] = [];
    for (let at: number | null = start; at !== null && !reached.has(at); at = above.at(-1)!.parent)
      above.push(generationOf(shelf, at));
    for (const generation of above.toReversed()) reached.set(generation.id, generation);
  }
  return [...reached.values()];
}

/** What is stored for a generation: in its own layer, and in those below it. */
export interface StoredBytes {
  readonly ownBytes: number;
  readonly sharedBytes: number;
}

/** The same for generations and all below them, by id. */
export function bytesStored(
  shelf: Shelf,
  starts: Iterable<number>,
  bytesOfLayer: (layer: number) => number,
): Map<number, StoredBytes> {
  const stored = new Map<number, StoredBytes>();
  for (const { id, parent, layer } of reachedFrom(shelf, starts)) {
    const below = parent === null ? undefined : stored.get(parent);
    const sharedBytes = below ? below.ownBytes + below.sharedBytes : 0;
    stored.set(id, { ownBytes: bytesOfLayer(layer), sharedBytes });
  }
  return stored;
}

export type NewMachine = Pick<MachineEntry, 'id' | 'name' | 'sizeBytes' | 'base' | 'profile'>;

/** Throws `store/machine-exists` for an id that is there: another tab was quicker. */
export function addMachine(shelf: Shelf, machine: NewMachine, now: number): Shelf {
  if (shelf.machines.some(({ id }) => id === machine.id))
    throw new VitrineError('store/machine-exists', { name: machine.name });
  const [grown, top] = addGeneration(shelf, null, now);
  return { ...grown, machines: [...grown.machines, { ...machine, createdAt: now, top, kept: [] }] };
}

export function changeMachine(shelf: Shelf, machineId: string, part: Partial<MachineEntry>): Shelf {
  const changed = { ...machineOf(shelf, machineId), ...part };
  return {
    ...shelf,
    machines: shelf.machines.map((machine) => (machine.id === machineId ? changed : machine)),
  };
}

export function removeMachine(shelf: Shelf, machineId: string): Shelf {
  machineOf(shelf, machineId);
  return prune({ ...shelf, machines: shelf.machines.filter(({ id }) => id !== machineId) });
}

/** A second machine with the disk as the first one's is: both go on over the same frozen generation. */
export function duplicateMachine(
  shelf: Shelf,
  machineId: string,
  copy: { id: string; name: string },
  now: number,
): Shelf {
  const original = machineOf(shelf, machineId);
  const [once, topOfOriginal] = addGeneration(shelf, original.top, now);
  const [twice, topOfCopy] = addGeneration(once, original.top, now);
  const machines = [
    ...changeMachine(twice, machineId, { top: topOfOriginal }).machines,
    { ...original, ...copy, createdAt: now, top: topOfCopy, kept: [] },
  ];
  return { ...twice, machines };
}

/** Freezes what the machine's disk is now, keeps it, and puts an empty generation on it. */
export function freezeTop(shelf: Shelf, machineId: string, now: number): Shelf {
  const { top, kept } = machineOf(shelf, machineId);
  const [grown, newTop] = addGeneration(shelf, top, now);
  return changeMachine(grown, machineId, { top: newTop, kept: [...kept, top] });
}

/**
 * Puts an empty generation on `parent` (null: on the base) and makes it the top; what was written on the old top goes.
 * Throws `disk/no-generation` unless the machine keeps the parent: one that nobody keeps may be merged at any time.
 */
export function replaceTop(shelf: Shelf, machineId: string, parent: number | null, now: number): Shelf {
  if (parent !== null) keptGeneration(shelf, machineId, parent);
  const [grown, top] = addGeneration(shelf, parent, now);
  return prune(changeMachine(grown, machineId, { top }));
}

/** Lets go of a kept generation; what others still need of it stays. */
export function releaseGeneration(shelf: Shelf, machineId: string, id: number): Shelf {
  const kept = keptGeneration(shelf, machineId, id);
  return prune(changeMachine(shelf, machineId, { kept: kept.filter((other) => other !== id) }));
}

/**
 * A frozen generation nobody keeps, with a single child, both reachable from this machine alone: the two can become
 * one without anyone's disk changing. Null when there is none.
 */
export function findMergeable(
  shelf: Shelf,
  machineId: string,
): { parent: Generation; child: Generation } | null {
  const mine = exclusiveTo(shelf, machineId);
  const kept = new Set(machineOf(shelf, machineId).kept);
  const onlyChild = new Map<number, Generation | null>();
  for (const child of shelf.generations)
    if (child.parent !== null) onlyChild.set(child.parent, onlyChild.has(child.parent) ? null : child);
  for (const parent of shelf.generations) {
    const child = onlyChild.get(parent.id);
    if (child && mine.has(parent.id) && !kept.has(parent.id)) return { parent, child };
  }
  return null;
}

/**
 * Puts a new generation, which has everything of an image in `layer`, below all disks that began as that image, and
 * takes their machines off it: none of them changes by that.
 */
export function putUnder(shelf: Shelf, fingerprint: string, layer: number, now: number): Shelf {
  const standing = shelf.machines.filter(({ base }) => base?.fingerprint === fingerprint);
  const reached = reachableFrom(shelf, standing);
  const id = shelf.nextId;
  return {
    ...shelf,
    nextId: id + 1,
    machines: shelf.machines.map((machine) =>
      standing.includes(machine) ? { ...machine, base: null } : machine,
    ),
    generations: [
      { id, parent: null, layer, createdAt: now },
      ...shelf.generations.map((generation) =>
        generation.parent === null && reached.has(generation.id) ? { ...generation, parent: id } : generation,
      ),
    ],
  };
}

/** The child takes its parent's place, with all segments in `layer`. */
export function mergeIntoChild(shelf: Shelf, parent: Generation, child: Generation, layer: number): Shelf {
  const merged: Generation = { ...child, parent: parent.parent, layer };
  return {
    ...shelf,
    generations: shelf.generations
      .filter(({ id }) => id !== parent.id)
      .map((generation) => (generation.id === child.id ? merged : generation)),
  };
}

/** Generations that this machine reaches and no other: the only ones whose segments it may move or rewrite. */
export function exclusiveTo(shelf: Shelf, machineId: string): Set<number> {
  const mine = reachableFrom(shelf, [machineOf(shelf, machineId)]);
  const others = reachableFrom(
    shelf,
    shelf.machines.filter(({ id }) => id !== machineId),
  );
  return new Set([...mine].filter((id) => !others.has(id)));
}

function reachableFrom(shelf: Shelf, machines: readonly MachineEntry[]): Set<number> {
  const parents = new Map(shelf.generations.map(({ id, parent }) => [id, parent]));
  const reached = new Set<number>();
  for (const { top, kept } of machines) {
    for (const start of [top, ...kept]) {
      for (
        let at: number | null | undefined = start;
        at !== null && at !== undefined && !reached.has(at);
        at = parents.get(at)
      ) {
        reached.add(at);
      }
    }
  }
  return reached;
}

/** The kept generations, of which `id` must be one. */
function keptGeneration(shelf: Shelf, machineId: string, id: number): readonly number[] {
  const { kept } = machineOf(shelf, machineId);
  if (!kept.includes(id)) throw new VitrineError('disk/no-generation', {}, { detail: `generation ${id}` });
  return kept;
}

function addGeneration(shelf: Shelf, parent: number | null, now: number): [shelf: Shelf, id: number] {
  const id = shelf.nextId;
  const generation: Generation = { id, parent, layer: id, createdAt: now };
  return [{ ...shelf, nextId: id + 1, generations: [...shelf.generations, generation] }, id];
}

/** Takes out what nobody reaches; its layers are left to be swept. */
function prune(shelf: Shelf): Shelf {
  const reached = reachableFrom(shelf, shelf.machines);
  return {
    ...shelf,
    generations: shelf.generations.filter(({ id }) => reached.has(id)),
    dropped: [
      ...shelf.dropped,
      ...shelf.generations.filter(({ id }) => !reached.has(id)).map(({ layer }) => layer),
    ],
  };
}
