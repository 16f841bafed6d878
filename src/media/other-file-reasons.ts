import { t } from '../lib/language.ts';
import type { DiscReport } from './disc-report.ts';

export type Verdict = DiscReport['verdict'];
/** What a sentence is made from. */
export type Words = Readonly<Record<string, string | number>>;

/** One reason of a report: what it leaves of the verdict, and its words. */
export interface ReasonKind {
  /** The best verdict that is left once this reason holds; 'runs' for what is only worth knowing. */
  readonly atBest: Verdict;
  readonly say: (words: Words) => string;
  /**
   * The same without its promise, for a disc that cannot run for another reason: "may run" would contradict that. Left
   * out where the sentence promises nothing.
   */
  readonly sayRefused?: (words: Words) => string;
}

const notADisc = (advice: (words: Words) => string): ReasonKind => ({
  atBest: 'not-a-disc',
  say: (words) => [t`This is not a disc image: it holds ${words['what']}.`, advice(words)].join(' '),
});

/** What to do with a file that others are packed in. */
function unpacking({ inside, insideIs }: Words): string {
  if (!inside) return t`Unpack it and pick the disc image (.iso) or the disk image inside.`;
  if (insideIs === 'machine') {
    return t`Unpack it; ${inside} inside is packed as well. Unpack that too, and drop the disk that is in it (.vmdk).`;
  }
  if (insideIs === 'disk') return t`Unpack it and drop the hard disk inside: ${inside}.`;
  return t`Unpack it and pick what is inside: ${inside}.`;
}

/** Which file stands beside one that only describes it. */
function beside({ inside, insideIs }: Words): string {
  if (insideIs === 'disk') return t`The disk itself is in ${inside}. Drop that file instead.`;
  if (inside) return t`The disc itself is in ${inside}. Drop that file instead, or both together.`;
  return t`The disc or disk itself is in the large file beside it. Drop that file instead.`;
}

/** What a file is that holds no disc, and what to do with it. */
export const OTHER_FILE_REASONS = {
  'media/unreadable': {
    atBest: 'not-a-disc',
    say: () =>
      t`The file can no longer be read. It was moved, changed or its drive was removed; pick it again.`,
  },
  'media/empty': notADisc(() => t`Pick the whole file, ending in .iso.`),
  'media/zeros': notADisc(() => t`A download that stopped often looks so; download it again.`),
  'media/text': notADisc(
    () => t`A download that failed often leaves a message or a web page; download it again.`,
  ),
  'media/archive': notADisc(unpacking),
  'media/appliance': notADisc(({ inside }) =>
    inside
      ? t`It is a tar archive by another name: unpack it (7-Zip does) and drop its hard disk, ${inside}.`
      : t`It is a tar archive by another name, and no disk was found in it. Export the machine again.`,
  ),
  'media/disk-image': notADisc(() => t`Attach it as the hard disk instead of putting it into the disc tray.`),
  'media/floppy-image': notADisc(() => t`Put it into the floppy drive instead of the disc tray.`),
  'media/program': notADisc(() => t`Pick the .iso file of a disc.`),
  'media/wim-alone': notADisc(() => t`It is one file of a Windows disc; the whole disc (.iso) is needed.`),
  'media/raw-sectors': notADisc(
    () =>
      t`No file system was found on its first track. Where there is one, convert the copy to an .iso file with 2,048 bytes a sector first.`,
  ),
  'media/other-disc-format': {
    atBest: 'not-a-disc',
    say: ({ what }) => t`This is ${what}, which cannot be read here. Convert it to an .iso file first.`,
  },
  'media/track-list': notADisc(beside),
  'media/machine-description': notADisc(beside),
  'media/unknown': notADisc(() => t`Pick the .iso file of a disc.`),
} satisfies Record<string, ReasonKind>;
