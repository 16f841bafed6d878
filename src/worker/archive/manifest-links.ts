import { segmentBytes, SEGMENT_BLOCKS } from '../../disk/segment.ts';
import type { ArchiveManifest, ChunkIndex } from '../../snapshot/archive-manifest.ts';
import { MOST_DETAIL_BYTES } from '../../snapshot/moment-detail.ts';
import { MOST_PACK_BYTES } from '../../snapshot/pack-record.ts';

/** Four times what a head of zeros that all lie apart takes, see `MOST_ZEROS`. */
const MOST_HEAD_BYTES = 2 ** 21;
/** A picture of the screen, 320 pixels wide. */
const MOST_THUMBNAIL_BYTES = 2 ** 20;
/** What moments that are alike may name of the same chunks again, beside what the file has. */
const MOST_REPEATED_BYTES = 8 * 2 ** 20;

/**
 * Whether a manifest whose fields are all in order hangs together: every reference has its target and every chunk its
 * use, generations and moments form trees, nothing is there twice, nothing is longer than what it is for. The result is
 * what is wrong first, for the log; null when all is well. One pass over each list.
 */
export function checkLinks(manifest: ArchiveManifest): string | null {
  return (
    checkMachine(manifest) ??
    checkGenerations(manifest) ??
    checkDiskLists(manifest) ??
    checkMoments(manifest) ??
    checkMomentLists(manifest) ??
    checkChunks(manifest)
  );
}

function checkMachine({ machine }: ArchiveManifest): string | null {
  const { base, sizeBytes, kept, top } = machine;
  if (base && base.sizeBytes !== sizeBytes) return 'a disk and an image of different sizes';
  if (!areUnique(kept)) return 'a generation that is kept twice';
  return kept.includes(top) ? 'a frozen generation as the top' : null;
}

function checkGenerations({ machine, generations }: ArchiveManifest): string | null {
  const parents = new Map<number, number | null>();
  const layers = new Set<number>();
  for (const { id, parent, layer } of generations) {
    // Parents come first, so there can be no ring.
    if (parents.has(id) || layers.has(layer) || (parent !== null && !parents.has(parent)))
      return 'the tree of generations';
    if (parent === machine.top) return 'a generation over the top';
    parents.set(id, parent);
    layers.add(layer);
  }
  const starts = [machine.top, ...machine.kept];
  if (!starts.every((id) => parents.has(id))) return 'a generation that is not there';
  // One that nothing reaches would never be removed.
  const reached = new Set<number>();
  for (const start of starts) {
    for (let at: number | null = start; at !== null && !reached.has(at); at = parents.get(at)!)
      reached.add(at);
  }
  return reached.size === parents.size ? null : 'a generation that nothing reaches';
}

function checkDiskLists({ generations, heads, segments }: ArchiveManifest): string | null {
  const layers = new Set(generations.map(({ layer }) => layer));
  if (!heads.every(({ layer }) => layers.has(layer))) return 'a layer that is not there';
  return areUnique(segments.map(({ id }) => id)) ? null : 'a segment twice';
}

function checkMoments({ moments, machine, packs, current }: ArchiveManifest): string | null {
  const kept = new Set(machine.kept);
  const numbers = new Set(packs.map(({ pack }) => pack));
  const known = new Set<string>();
  for (const { id, parent, generation, packs: own } of moments) {
    // As of generations: what it went on from was saved before it.
    if (known.has(id) || (parent !== null && !known.has(parent))) return 'the tree of moments';
    if (generation === null || !kept.has(generation)) return 'a moment without its disk';
    if (!areUnique(own) || !own.every((pack) => numbers.has(pack))) return 'the packs of a moment';
    known.add(id);
  }
  if (moments.filter(({ isFirst }) => isFirst).length > 1) return 'two first states';
  return current === null || known.has(current) ? null : 'the current moment';
}

function checkMomentLists({ moments, details, thumbnails, packs }: ArchiveManifest): string | null {
  if (!areUnique(packs.map(({ pack }) => pack))) return 'a pack twice';
  const known = new Set(moments.map(({ id }) => id));
  const detailed = new Set(details.map(({ moment }) => moment));
  const pictured = new Set(thumbnails.map(({ moment }) => moment));
  if (detailed.size !== details.length || pictured.size !== thumbnails.length) return 'a record twice';
  if ([...detailed, ...pictured].some((id) => !known.has(id))) return 'a record without its moment';
  const needed = new Set(moments.flatMap((moment) => moment.packs));
  if (packs.some(({ pack }) => !needed.has(pack))) return 'a pack that no moment needs';
  const isWhole = moments.every(({ id, kind }) => kind === 'disk' || detailed.has(id));
  return isWhole ? null : 'a moment without its record';
}

function checkChunks({
  heads,
  segments,
  packs,
  details,
  thumbnails,
  chunks,
}: ArchiveManifest): string | null {
  const lists: [list: readonly { chunk: ChunkIndex }[], mostBytes: number][] = [
    [heads, MOST_HEAD_BYTES],
    [segments, segmentBytes(SEGMENT_BLOCKS)],
    [packs, MOST_PACK_BYTES],
    [details, MOST_DETAIL_BYTES],
    [thumbnails, MOST_THUMBNAIL_BYTES],
  ];
  const used = new Set<ChunkIndex>();
  let namedBytes = 0;
  for (const [list, mostBytes] of lists) {
    for (const { chunk } of list) {
      if (chunk >= chunks.length) return 'a chunk that is not there';
      if (chunks[chunk].length > mostBytes) return 'a chunk that is too long';
      used.add(chunk);
      namedBytes += chunks[chunk].length;
    }
  }
  if (used.size !== chunks.length) return 'a chunk that nobody uses';
  // Each of these has its own number in its bytes.
  if (!areUnique([...heads, ...segments, ...packs].map(({ chunk }) => chunk))) return 'a chunk of two things';
  const storedBytes = chunks.reduce((sum, { length }) => sum + length, 0);
  return namedBytes > 2 * storedBytes + MOST_REPEATED_BYTES ? 'chunks that are used too often' : null;
}

function areUnique(values: readonly unknown[]): boolean {
  return new Set(values).size === values.length;
}
