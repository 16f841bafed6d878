import type { Generation, MachineEntry } from '../disk/shelf.ts';
import type { MomentEntry } from './moment-index.ts';

/** Number of a chunk in the manifest's table. */
export type ChunkIndex = number;

/** What a `.vitrine` file says about its machine. Ids are those of where it came from; importing gives new ones. */
export interface ArchiveManifest {
  readonly machine: Pick<
    MachineEntry,
    'name' | 'sizeBytes' | 'base' | 'profile' | 'createdAt' | 'top' | 'kept'
  >;
  /** Milliseconds since the epoch of the disk's last commit. */
  readonly committedAt: number;
  readonly generations: readonly Generation[];
  /** The heads of each layer's segments. */
  readonly heads: readonly { readonly layer: number; readonly chunk: ChunkIndex }[];
  readonly segments: readonly { readonly id: number; readonly chunk: ChunkIndex }[];
  readonly moments: readonly MomentEntry[];
  readonly current: string | null;
  readonly leaving: 'left' | 'off';
  readonly details: readonly { readonly moment: string; readonly chunk: ChunkIndex }[];
  readonly thumbnails: readonly {
    readonly moment: string;
    readonly type: string;
    readonly chunk: ChunkIndex;
  }[];
  readonly packs: readonly { readonly pack: number; readonly pages: number; readonly chunk: ChunkIndex }[];
  /** In the order of the file. */
  readonly chunks: readonly { readonly length: number; readonly sha256: string }[];
}

const SHA256 = /^[0-9a-f]{64}$/u;

/**
 * Whether a value from outside is a manifest that hangs together: every reference has its target, generations form a
 * tree, nothing is there twice. What is wrong first is the result; null when all is well.
 */
export function checkManifest(value: unknown): string | null {
  if (!isRecord(value)) return 'no manifest';
  const m = value as unknown as ArchiveManifest;
  const { machine } = m;
  if (!isRecord(machine) || typeof machine.name !== 'string' || !isRecord(machine.profile))
    return 'the machine';
  if (!isCount(machine.sizeBytes) || !isCount(machine.createdAt) || !isCount(m.committedAt))
    return 'the machine';
  if (machine.base !== null && !isBase(machine.base)) return 'the base';
  const lists = [m.generations, m.heads, m.segments, m.moments, m.details, m.thumbnails, m.packs, m.chunks];
  if (!lists.every((list) => Array.isArray(list) && list.every(isRecord))) return 'a list';
  if (!m.chunks.every(({ length, sha256 }) => isCount(length) && SHA256.test(sha256))) return 'the chunks';
  const isChunk = ({ chunk }: { chunk: number }) => isCount(chunk) && chunk < m.chunks.length;
  if (![m.heads, m.segments, m.details, m.thumbnails, m.packs].every((list) => list.every(isChunk)))
    return 'a chunk that is not there';
  return checkGenerations(m) ?? checkMoments(m);
}

function checkGenerations({ machine, generations, heads, segments }: ArchiveManifest): string | null {
  const known = new Set<number>();
  const layers = new Set<number>();
  for (const { id, parent, layer, createdAt } of generations) {
    if (!isCount(id) || !isCount(layer) || !isCount(createdAt)) return 'a generation';
    // Parents come first, so there can be no ring.
    if (known.has(id) || layers.has(layer) || (parent !== null && !known.has(parent)))
      return 'the tree of generations';
    known.add(id);
    layers.add(layer);
  }
  if (!known.has(machine.top) || !Array.isArray(machine.kept)) return 'the top';
  if (!machine.kept.every((id) => known.has(id))) return 'a kept generation';
  if (!heads.every(({ layer }) => layers.has(layer))) return 'a layer';
  if (!areUnique(segments.map(({ id }) => id))) return 'a segment';
  return null;
}

function checkMoments(m: ArchiveManifest): string | null {
  const { moments, details, thumbnails, packs, machine } = m;
  const packNumbers = new Set(packs.map(({ pack }) => pack));
  if (packNumbers.size !== packs.length) return 'a pack';
  for (const { pack, pages } of packs) if (!isCount(pack) || pack === 0 || !isCount(pages)) return 'a pack';
  const ids = new Set(moments.map(({ id }) => id));
  if (ids.size !== moments.length) return 'a moment';
  for (const moment of moments) {
    const { id, label, kind, parent, createdAt, pausedMs, generation, isFirst } = moment;
    if (!/^m\d{1,9}$/u.test(id) || typeof label !== 'string' || typeof isFirst !== 'boolean')
      return 'a moment';
    if (!['kept', 'checkpoint', 'before', 'disk'].includes(kind)) return 'a moment';
    if (!isCount(createdAt) || !(pausedMs >= 0) || !isCount(moment.recordBytes)) return 'a moment';
    if (parent !== null && !ids.has(parent)) return 'a moment';
    if (generation === null || !machine.kept.includes(generation)) return 'a moment without its disk';
    if (!isRecord(moment.identity) || !isRecord(moment.profile)) return 'a moment';
    if (!Array.isArray(moment.packs) || !moment.packs.every((pack) => packNumbers.has(pack))) return 'a pack';
    if (kind !== 'disk' && !details.some((detail) => detail.moment === id))
      return 'a moment without its record';
  }
  if (![...details, ...thumbnails].every(({ moment }) => ids.has(moment)))
    return 'a record without its moment';
  if (!areUnique(details.map(({ moment }) => moment)) || !areUnique(thumbnails.map(({ moment }) => moment)))
    return 'a record twice';
  if (!thumbnails.every(({ type }) => type === 'image/png')) return 'a picture';
  if (m.current !== null && !ids.has(m.current)) return 'the current moment';
  return m.leaving === 'left' || m.leaving === 'off' ? null : 'how it was left';
}

function isBase(base: unknown): boolean {
  return (
    isRecord(base) &&
    typeof base['name'] === 'string' &&
    typeof base['fingerprint'] === 'string' &&
    isCount(base['sizeBytes'])
  );
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function areUnique(values: readonly unknown[]): boolean {
  return new Set(values).size === values.length;
}
