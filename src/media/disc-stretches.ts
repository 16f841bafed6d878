import { sentence } from '../lib/language.ts';
import type { DiscStretch, DiscStretchKind } from './disc-map.ts';
import { SECTOR_BYTES } from './volume-descriptors.ts';

/** Somebody says that bytes of the disc are theirs; claims may overlap and lie outside. */
export interface Claim {
  readonly kind: DiscStretchKind;
  readonly name: string;
  readonly offset: number;
  readonly size: number;
  readonly file?: DiscStretch['file'];
  readonly fileCount?: number;
}

/** Who is shown where claims overlap: the more particular thing. A boot image is usually a file too. */
const PRECEDENCE: readonly DiscStretchKind[] = [
  'boot-catalog',
  'boot-image',
  'descriptors',
  'file',
  'directory',
  'small-files',
  'start',
];

/** Kinds of which neighbours are one stretch, with the words that stand for all of them. */
const MERGED: Readonly<Partial<Record<DiscStretchKind, string>>> = {
  'small-files': sentence`Small files`,
  directory: sentence`Directories`,
  descriptors: sentence`Volume descriptors`,
};

/**
 * Stretches that cover the disc from its first byte to its last without overlap, from claims that need not: what
 * nobody claims is unused, small neighbours of one kind become one, what lies beyond the end of the file is missing.
 */
export function layStretches(
  claims: readonly Claim[],
  sizeBytes: number,
  volumeBytes: number,
): DiscStretch[] {
  const inside = claims
    .map((claim) => ({ ...claim, end: Math.min(wholeSectors(claim), sizeBytes) }))
    .filter(({ offset, end }) => offset >= 0 && offset < end);
  const stretches: DiscStretch[] = [];
  for (const piece of cut(inside, sizeBytes)) append(stretches, piece);
  if (volumeBytes > sizeBytes) {
    const name = sentence`Missing: the file is cut off here`;
    stretches.push({ kind: 'missing', name, offsetBytes: sizeBytes, sizeBytes: volumeBytes - sizeBytes });
  }
  return stretches;
}

type InnerClaim = Claim & { readonly end: number };

/** Sweeps over the disc; in each piece between two borders the first by precedence is shown. */
function* cut(claims: readonly InnerClaim[], sizeBytes: number): Generator<DiscStretch> {
  const borders = [...new Set([0, sizeBytes, ...claims.flatMap(({ offset, end }) => [offset, end])])];
  borders.sort((a, b) => a - b);
  const waiting = [...claims].sort((a, b) => a.offset - b.offset);
  const queues = PRECEDENCE.map(() => new ClaimQueue());
  let next = 0;
  for (let index = 0; index + 1 < borders.length; index++) {
    const [from, to] = [borders[index], borders[index + 1]];
    let fileCount = 0;
    for (; next < waiting.length && waiting[next].offset <= from; next++) {
      queues[rank(waiting[next])].add(waiting[next]);
      fileCount += waiting[next].fileCount ?? 0;
    }
    const shown = firstOf(queues, from);
    const place = { offsetBytes: from, sizeBytes: to - from };
    if (!shown) {
      yield { kind: 'unused', name: sentence`Unused`, ...place };
      continue;
    }
    yield {
      kind: shown.kind,
      name: shown.name,
      ...place,
      ...(shown.file && { file: shown.file }),
      ...(shown.kind === 'small-files' && { fileCount }),
    };
  }
}

/** Claims of one kind in the order of their offsets. Each is taken out once, however many lie over one another. */
class ClaimQueue {
  readonly #claims: InnerClaim[] = [];
  #head = 0;

  add(claim: InnerClaim): void {
    this.#claims.push(claim);
  }

  /** The first claim that reaches beyond `offset`; those in front of it are done with. */
  firstBeyond(offset: number): InnerClaim | null {
    while (this.#head < this.#claims.length && this.#claims[this.#head].end <= offset) this.#head++;
    return this.#claims[this.#head] ?? null;
  }
}

function firstOf(queues: readonly ClaimQueue[], offset: number): InnerClaim | null {
  for (const queue of queues) {
    const claim = queue.firstBeyond(offset);
    if (claim) return claim;
  }
  return null;
}

function append(stretches: DiscStretch[], piece: DiscStretch): void {
  const last = stretches.at(-1);
  const common = MERGED[piece.kind];
  const isSame = last?.kind === piece.kind && (common !== undefined || last.name === piece.name);
  if (!last || !isSame) {
    stretches.push(piece);
    return;
  }
  stretches[stretches.length - 1] = {
    ...last,
    name: last.name === piece.name ? last.name : (common ?? last.name),
    sizeBytes: last.sizeBytes + piece.sizeBytes,
    ...(last.fileCount !== undefined && { fileCount: last.fileCount + (piece.fileCount ?? 0) }),
  };
}

function rank({ kind }: Claim): number {
  return PRECEDENCE.indexOf(kind);
}

/** A file's last sector belongs to it as a whole. */
function wholeSectors({ offset, size }: Claim): number {
  return offset + Math.ceil(size / SECTOR_BYTES) * SECTOR_BYTES;
}
