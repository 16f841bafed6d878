import type { Comparison, Row } from './compare.ts';

/** What the table is of: the settings of both machines. */
export interface Setting {
  readonly title: string;
  readonly ours: string;
  readonly reference: string;
}

const HEADINGS: Record<Row['verdict'], string> = {
  new: 'without a reason',
  open: 'known fault, not mended yet',
  harmless: 'harmless',
  chosen: 'chosen so',
  ours: 'ours is nearer to the chip or the specification',
  within: 'measured, within half a per cent',
  outside: 'measured, further off: the computer it ran on was late',
  equal: 'equal',
};

/** One probe's part of the page. */
export interface Chapter {
  readonly id: 'probe' | 'linux';
  readonly title: string;
  readonly about: string;
  readonly parts: readonly { setting: Setting; comparison: Comparison }[];
}

const ORDER: readonly Chapter['id'][] = ['probe', 'linux'];
const HEAD = [
  '# The PC against QEMU’s',
  '',
  'Made by `npm run conformance`; not written by hand. A difference without a reason fails the tests, and so does a reason',
  'without a difference.',
].join('\n');
const mark = (id: string) => `\n\n<!-- ${id} -->\n`;

/** The page with one chapter made anew: counts first, then every difference with its reason, then what is equal by name. */
export function conformancePage(page: string, chapter: Chapter): string {
  const lines = [`## ${chapter.title}`, '', chapter.about];
  for (const { setting, comparison } of chapter.parts) lines.push('', ...section(setting, comparison));
  const texts = new Map(ORDER.map((id) => [id, chapterIn(page, id)]));
  texts.set(chapter.id, lines.join('\n'));
  const chapters = [...texts].filter(([, text]) => text !== '').map(([id, text]) => `${mark(id)}\n${text}`);
  return `${HEAD}${chapters.join('')}\n`;
}

function chapterIn(page: string, id: Chapter['id']): string {
  const [, text = ''] = page.split(mark(id));
  return text.split('\n\n<!-- ')[0].trim();
}

function section(setting: Setting, { rows }: Comparison): string[] {
  const of = (verdict: Row['verdict']) => rows.filter((row) => row.verdict === verdict);
  const lines = [
    `### ${setting.title}`,
    '',
    `Ours: ${setting.ours}  `,
    `Reference: ${setting.reference}`,
    '',
  ];
  lines.push('| answers | |', '| --- | --- |');
  for (const verdict of ['equal', 'within', 'outside', 'ours', 'chosen', 'harmless', 'open', 'new'] as const)
    lines.push(`| ${of(verdict).length} | ${HEADINGS[verdict]} |`);
  for (const verdict of ['new', 'open', 'outside', 'harmless', 'chosen', 'ours'] as const) {
    const different = of(verdict);
    if (different.length === 0) continue;
    lines.push(
      '',
      `#### ${capital(HEADINGS[verdict])}`,
      '',
      '| fact | reference | ours | why |',
      '| --- | --- | --- | --- |',
    );
    for (const [why, group] of groupedByReason(different))
      for (const [index, row] of group.entries())
        lines.push(
          `| \`${row.key}\` | ${cell(row.reference)} | ${cell(row.ours)} | ${index === 0 ? why : '″'} |`,
        );
  }
  const within = of('within').map((row) => `\`${row.key}\` ${row.ours}`);
  if (within.length > 0) lines.push('', '#### Measured', '', within.join(' · '));
  const equal = of('equal').map((row) => row.key);
  lines.push('', '#### Equal', '', wrapped(equal));
  return lines;
}

function groupedByReason(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(row.why, [...(groups.get(row.why) ?? []), row]);
  return groups;
}

const LONGEST_CELL = 80;
function cell(text: string): string {
  const short = text.length > LONGEST_CELL ? `${text.slice(0, LONGEST_CELL)}…` : text;
  return `\`${short.replaceAll('|', String.raw`\|`)}\``;
}

function wrapped(keys: readonly string[]): string {
  return keys.map((key) => `\`${key}\``).join(' · ');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
