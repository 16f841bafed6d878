import { EDITIONS, imageNameOf, type AnswerOptions } from '../src/media/answer/answer-options.ts';
import { openFileSource } from '../src/media/disk-images/testing/file-source.ts';
import { inspectDisc } from '../src/media/inspect-disc.ts';
import { UsageError } from './options.ts';

/**
 * Looks at the disc before an hour is spent on it, as the page does, and fills in what the command line leaves
 * open: edition and language as on the disc. Refuses a disc that cannot run, and an edition that it does not hold.
 */
export async function completeAnswers(disc: string, given: Partial<AnswerOptions>): Promise<AnswerOptions> {
  const source = await openFileSource(disc);
  const report = await inspectDisc(source);
  await source.close();
  if (report.verdict === 'cannot-run' || report.verdict === 'not-a-disc') {
    throw new UsageError(report.reasons.map(({ message }) => message).join('\n'));
  }
  const names = report.windows?.editions.map(({ name }) => name) ?? [];
  const edition = chooseEdition(names, given.edition ?? null, report.windows?.answerEdition ?? null);
  return {
    userName: 'Visitor',
    computerName: 'VITRINE',
    ...given,
    edition,
    language: given.language ?? report.windows?.languages[0] ?? 'en-US',
    finish: 'shut-down',
  };
}

/**
 * The wanted edition, under the exact name that it has on the disc; else the one that the disc is made for, else
 * Professional, else the last, which is the largest. A disc that tells no names is taken at the option's word.
 */
function chooseEdition(
  names: readonly string[],
  wanted: AnswerOptions['edition'] | null,
  fixed: string | null,
): AnswerOptions['edition'] {
  const plain = (name: string): string => name.toLowerCase().replaceAll(' ', '');
  const find = (name: string): string | undefined => names.find((own) => plain(own) === plain(name));
  if (wanted !== null) {
    const imageName = find(imageNameOf(wanted));
    if (imageName !== undefined) return { imageName };
    if (names.length === 0) return wanted;
    throw new UsageError(`This disc does not hold ${imageNameOf(wanted)}. It holds ${names.join(', ')}.`);
  }
  const imageName =
    (fixed === null ? undefined : find(`Windows 7 ${fixed}`)) ?? find(EDITIONS.professional) ?? names.at(-1);
  return imageName === undefined ? 'professional' : { imageName };
}
