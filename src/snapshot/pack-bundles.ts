/**
 * Packs that were stored in one step stand one behind the other in one record, a Blob, under the number of the first.
 *
 * Why: IndexedDB in Chromium gives values of 1 MiB at 130 to 160 MB/s and parts of a Blob of 8 MiB at 500 to 750 MB/s
 * (and takes them at 64 and 110 MB/s; two slow cores, one run, side by side), and how long a restored machine takes to
 * be there is mostly this.
 *
 * For each bundle, by the number of its first pack: the stored length of each pack in it, 0 for one that was taken out.
 */
export type Bundles = Readonly<Record<number, readonly number[]>>;

/** Where a stored pack lies in the record of its bundle. */
export interface PackSpan {
  readonly pack: number;
  readonly offset: number;
  readonly length: number;
}

/** What is read at once: packs of one bundle, in order; or a pack that has a record of its own (`spans` null). */
export interface BundleRead {
  /** The key of the record. */
  readonly first: number;
  readonly spans: readonly PackSpan[] | null;
}

/** A bundle that is to be stored anew without what nobody needs, or removed where nothing of it is needed. */
export interface Repacking {
  readonly first: number;
  readonly keep: readonly PackSpan[];
  /** The lengths afterwards. */
  readonly lengths: readonly number[];
}

/** A bundle of which more than this share of the bytes is needed by nobody is stored anew. */
const MOST_DEAD_SHARE = 0.2;

/** The bundle of each pack that is in one. */
export function bundleOf(bundles: Bundles): Map<number, number> {
  const found = new Map<number, number>();
  for (const [key, lengths] of Object.entries(bundles)) {
    const first = Number(key);
    for (const i of lengths.keys()) found.set(first + i, first);
  }
  return found;
}

/** The packs that are left in a bundle, and where. */
export function spansOf(first: number, lengths: readonly number[]): PackSpan[] {
  const spans: PackSpan[] = [];
  let offset = 0;
  for (const [i, length] of lengths.entries()) {
    if (length > 0) spans.push({ pack: first + i, offset, length });
    offset += length;
  }
  return spans;
}

/** Packs that are read at once: half of a full bundle, so that the half before it is used while it comes. */
const READ_PACKS = 4;

/** How to read these packs, in the order given: neighbours in a bundle together, up to `READ_PACKS`. */
export function planReads(bundles: Bundles, packs: readonly number[]): BundleRead[] {
  const bundle = bundleOf(bundles);
  const reads: { first: number; spans: PackSpan[] | null }[] = [];
  const known = new Map<number, Map<number, PackSpan>>();
  for (const pack of packs) {
    const first = bundle.get(pack);
    if (first === undefined) {
      reads.push({ first: pack, spans: null });
      continue;
    }
    let spans = known.get(first);
    if (!spans) {
      spans = new Map(spansOf(first, bundles[first]).map((span) => [span.pack, span]));
      known.set(first, spans);
    }
    // One that was taken out is missed where it is read: its length is not that of any pack.
    const span = spans.get(pack) ?? { pack, offset: 0, length: 0 };
    const last = reads.at(-1);
    const open = last?.spans;
    const goesOn = open && last.first === first && open.length < READ_PACKS && open.at(-1)!.pack < pack;
    if (goesOn) open.push(span);
    else reads.push({ first, spans: [span] });
  }
  return reads;
}

/**
 * What becomes of the bundles that these packs are in, once nobody needs the packs: `isNeeded` says of each pack whether
 * it still is. Bundles that are hardly smaller without stay as they are.
 */
export function planRepacking(
  bundles: Bundles,
  doomed: readonly number[],
  isNeeded: (pack: number) => boolean,
): Repacking[] {
  const bundle = bundleOf(bundles);
  const touched = new Set(doomed.flatMap((pack) => bundle.get(pack) ?? []));
  const plans: Repacking[] = [];
  for (const first of touched) {
    const lengths = bundles[first];
    const keep = spansOf(first, lengths).filter(({ pack }) => isNeeded(pack));
    const kept = keep.reduce((sum, { length }) => sum + length, 0);
    const all = lengths.reduce((sum, length) => sum + length, 0);
    if (kept > (1 - MOST_DEAD_SHARE) * all) continue;
    plans.push({
      first,
      keep,
      lengths: lengths.map((length, i) => (isNeeded(first + i) ? length : 0)),
    });
  }
  return plans;
}
