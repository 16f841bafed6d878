import * as v from 'valibot';
import { LARGEST_DISK_BYTES } from '../../lib/disk-limit.ts';
import { readHardware, readKeptProfile, readProfile } from '../../machine/kept-profile.ts';
import { PACK_PAGES } from '../../snapshot/page-codec.ts';

/**
 * What each field of a manifest may be. The result has the fields named here and no others, so nothing that a file says
 * besides finds its way into the store. How the fields fit together: manifest-links.ts.
 */

/** The last day there is for `Date`; formatting a later one throws. */
const LAST_MS = 8.64e15;
/** Longer than any name of a machine, moment or file. */
const MOST_LETTERS = 1000;
/** An image of many files has 90 letters for each of them. */
const MOST_FINGERPRINT = 65_536;
/** A day: no guest stands still that long. */
const MOST_PAUSE_MS = 86_400_000;
/** Places have 24 bits for the number of a pack. */
const MOST_PACK = 2 ** 24 - 1;
/** The importing machine counts on from the highest: this leaves it hundreds of millions. */
const MOST_MOMENT = 900_000_000;
export const MOST_MOMENTS = 10_000;
/** One below each moment, and one on it that others may stand on. */
const MOST_GENERATIONS = 2 * MOST_MOMENTS + 1;
/** Each page of a machine in a pack of its own. */
const MOST_PACKS_OF_MOMENT = 2 ** 20;

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const time = v.pipe(count, v.maxValue(LAST_MS));
/** As `v.array(count)` without a copy: there may be millions. */
const counts = (most: number) =>
  v.custom<number[]>(
    (value) =>
      Array.isArray(value) &&
      value.length <= most &&
      value.every((one) => Number.isSafeInteger(one) && one >= 0),
  );
const text = v.pipe(v.string(), v.maxLength(MOST_LETTERS));
const momentId = v.pipe(
  v.string(),
  v.regex(/^m[1-9]\d{0,8}$/u),
  v.check((id) => Number(id.slice(1)) <= MOST_MOMENT),
);
const diskBytes = v.pipe(count, v.minValue(512), v.multipleOf(512), v.maxValue(LARGEST_DISK_BYTES));

const base = v.object({
  name: text,
  sizeBytes: diskBytes,
  fingerprint: v.pipe(v.string(), v.maxLength(MOST_FINGERPRINT)),
});

const anyObject = v.custom<object>((value) => typeof value === 'object' && value !== null);

const machine = v.object({
  name: text,
  sizeBytes: diskBytes,
  base: v.nullable(base),
  // What is no part of a profile is left out, as wherever a kept one is read.
  profile: v.pipe(
    anyObject,
    v.transform((stored): object => readKeptProfile(stored)),
  ),
  createdAt: time,
  top: count,
  kept: counts(MOST_GENERATIONS),
});

const generation = v.object({ id: count, parent: v.nullable(count), layer: count, createdAt: time });

const medium = v.object({ name: text, sizeBytes: count, sampleSha256: text });

const identity = v.pipe(
  v.looseObject({ engine: text, diskBytes: v.nullable(diskBytes), disc: v.nullable(medium) }),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const { engine, diskBytes, disc } = dataset.value;
    const hardware = readHardware(dataset.value);
    if (hardware) return { engine, diskBytes, disc, ...hardware };
    addIssue();
    return NEVER;
  }),
);

const profile = v.pipe(
  v.unknown(),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const read = readProfile(dataset.value);
    if (read) return read;
    addIssue();
    return NEVER;
  }),
);

const moment = v.object({
  id: momentId,
  label: text,
  kind: v.picklist(['kept', 'checkpoint', 'before', 'disk']),
  parent: v.nullable(momentId),
  createdAt: time,
  pausedMs: v.pipe(v.number(), v.minValue(0), v.maxValue(MOST_PAUSE_MS)),
  generation: v.nullable(count),
  isFirst: v.boolean(),
  packs: counts(MOST_PACKS_OF_MOMENT),
  recordBytes: count,
  identity,
  profile,
});

export const ManifestSchema = v.object({
  machine,
  committedAt: time,
  generations: v.pipe(v.array(generation), v.maxLength(MOST_GENERATIONS)),
  heads: v.array(v.object({ layer: count, chunk: count })),
  segments: v.array(v.object({ id: count, chunk: count })),
  moments: v.pipe(v.array(moment), v.maxLength(MOST_MOMENTS)),
  current: v.nullable(momentId),
  leaving: v.picklist(['left', 'off']),
  details: v.array(v.object({ moment: momentId, chunk: count })),
  thumbnails: v.array(v.object({ moment: momentId, type: v.literal('image/png'), chunk: count })),
  packs: v.array(
    v.object({
      pack: v.pipe(count, v.minValue(1), v.maxValue(MOST_PACK)),
      pages: v.pipe(count, v.minValue(1), v.maxValue(PACK_PAGES)),
      chunk: count,
    }),
  ),
  chunks: v.array(
    v.object({
      length: v.pipe(count, v.minValue(1)),
      sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/u)),
    }),
  ),
});
