import * as v from 'valibot';
import { t } from '../lib/language.ts';
import { KioskSettingsSchema } from './kiosk-settings.ts';

/** A text a museum writes: in one language, or in several by their tags (`{"en": "…", "de": "…"}`). */
export type ExhibitText = string | Readonly<Record<string, string>>;

const TAG = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/;

const sentence = (longest: number) =>
  v.pipe(
    v.string(),
    v.nonEmpty(() => t`is empty`),
    v.maxLength(longest, () => t`is longer than ${longest} letters`),
  );

const text = (longest: number, what: string) =>
  v.pipe(
    v.union(
      [
        sentence(longest),
        v.pipe(
          v.record(
            v.pipe(
              v.string(),
              v.regex(TAG, () => t`is no language tag like "en" or "de"`),
            ),
            sentence(longest),
          ),
          v.minEntries(1, () => t`names no language`),
        ),
      ],
      () => t`must be a text of up to ${longest} letters, or one for each language`,
    ),
    v.description(what),
  );

const id = v.pipe(
  v.string(),
  v.regex(/^[a-z0-9][a-z0-9-]{0,39}$/, () => t`must be small letters, digits and hyphens, up to 40`),
  v.description('A name that is used only once among its kind.'),
);

/** An address below the exhibit file's own folder: pictures never come from elsewhere. */
const nearAddress = v.pipe(
  v.string(),
  v.regex(
    /^(?!.*\.\.)[\w-][\w./-]{0,199}$/,
    () => t`must be an address below the folder of this file, like "pictures/one.png"`,
  ),
);

const picture = v.pipe(
  v.strictObject({
    src: v.pipe(nearAddress, v.description('Address of the picture, below the folder of this file.')),
    alt: text(300, 'What is to be seen, for those who do not see it.'),
  }),
  v.description('A drawing or photograph above the text.'),
);

const percent = (what: string) =>
  v.pipe(
    v.number(),
    v.minValue(0, () => t`is below 0`),
    v.maxValue(100, () => t`is above 100`),
    v.description(what),
  );

/** The parts of the case that a light can stand at. */
export const CASE_PARTS = ['disc-tray', 'floppy', 'lights', 'power', 'keys', 'plate'] as const;

const place = v.pipe(
  v.union(
    [
      v.strictObject({
        x: percent('From the left edge of the machine’s picture, in percent.'),
        y: percent('From the top edge of the machine’s picture, in percent.'),
      }),
      v.strictObject({ part: v.picklist(CASE_PARTS, () => t`must be one of ${CASE_PARTS.join(', ')}`) }),
    ],
    () => t`must be {"x": …, "y": …} in percent of the picture, or {"part": …} of the case`,
  ),
  v.description('Where the light comes on: beside a point of the picture, or at a part of the case.'),
);

/** When a thing can be seen: always, or only while the machine is so. */
export const CONDITIONS = ['always', 'off', 'on', 'text', 'graphics', 'house-disc', 'windows'] as const;

const pointer = v.strictObject({
  id,
  title: text(80, 'What to look for.'),
  look: text(400, 'Where it is and what it shows.'),
  place,
  when: v.optional(
    v.pipe(
      v.picklist(CONDITIONS, () => t`must be one of ${CONDITIONS.join(', ')}`),
      v.description('What the machine must be for it to be seen; its lamp is lit only then.'),
    ),
    'always',
  ),
});

const chapter = v.strictObject({
  id,
  title: text(80, 'The heading.'),
  gist: v.optional(text(160, 'One line under the heading in the list.')),
  picture: v.optional(picture),
  text: v.pipe(
    v.array(text(2000, 'A paragraph.')),
    v.minLength(1, () => t`has no paragraph`),
    v.description('The paragraphs.'),
  ),
  pointers: v.optional(
    v.pipe(v.array(pointer), v.description('Things of this chapter to look for on the machine.')),
    [],
  ),
  sources: v.optional(
    v.pipe(
      v.array(text(300, 'A source.')),
      v.description('What the text rests on; shown as text, never as a link.'),
    ),
    [],
  ),
});

const event = v.strictObject({
  when: v.pipe(
    v.string(),
    v.regex(/^\d{4}(-\d{2}(-\d{2})?)?$/, () => t`must be a date like "2009", "2009-10" or "2009-10-22"`),
    v.description('A year, month or day.'),
  ),
  title: text(100, 'What happened.'),
  text: v.optional(text(600, 'More about it.')),
  source: v.optional(text(300, 'What it rests on.')),
});

const unique = (ids: readonly string[]): boolean => new Set(ids).size === ids.length;

/**
 * The exhibit file, `exhibit.json`: what the room around the case says, and how the case behaves. Everything is
 * optional but the format. Its JSON Schema is published as `exhibit.schema.json`, made from this.
 */
export const ExhibitSchema = v.strictObject({
  $schema: v.optional(v.pipe(v.string(), v.description('Address of this schema, for editors.'))),
  format: v.pipe(
    v.literal(1, () => t`must be 1: this exhibit reads no other`),
    v.description('The version of this format.'),
  ),
  title: v.optional(text(60, 'The name on the label.'), 'Vitrine'),
  subtitle: v.optional(text(120, 'The line under it.'), 'A Windows 7 PC in a museum case'),
  chapters: v.optional(
    v.pipe(
      v.array(chapter),
      v.check(
        (chapters) => unique(chapters.map(({ id }) => id)),
        () => t`use the same id twice`,
      ),
      v.check(
        (chapters) => unique(chapters.flatMap(({ pointers }) => pointers.map(({ id }) => id))),
        () => t`have two pointers with the same id`,
      ),
      v.description('The story, in the order it is told.'),
    ),
    [],
  ),
  kiosk: v.optional(KioskSettingsSchema),
  timeline: v.optional(v.pipe(v.array(event), v.description('What happened when, in any order.')), []),
});

/** An exhibit as it is shown, with every default filled in. */
export type Exhibit = v.InferOutput<typeof ExhibitSchema>;
export type Chapter = Exhibit['chapters'][number];
export type Pointer = Chapter['pointers'][number];
export type PointerPlace = Pointer['place'];
export type PointerCondition = Pointer['when'];
export type TimelineEvent = Exhibit['timeline'][number];
export type ChapterPicture = NonNullable<Chapter['picture']>;
