import { expect, type BrowserContext } from '@playwright/test';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  compareFacts,
  staleReasons,
  type Comparison,
  type Reason,
  type Row,
} from '../guest/conformance/compare.ts';
import type { Facts } from '../guest/conformance/facts.ts';
import { conformancePage, type Chapter, type Setting } from '../guest/conformance/report.ts';
import type { MachineProfile } from '../src/machine/profile.ts';
import type { VitrineMachine } from '../src/ui/vitrine-machine.ts';
import { Exhibit } from './exhibit.ts';

const file = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const PAGE = file('docs/conformance.md');

export const PROBE_DISC = file('guest/probe.iso');
export const MEMORY_MIB = 512;
export const DISK_BYTES = 16 * 2 ** 30;

/** `npm run conformance` writes the page; a test only looks. */
const writes = process.env['VITRINE_CONFORMANCE'] === 'write';

/** What both machines answered in one setting. */
export interface Pair {
  readonly setting: Setting;
  readonly reference: Facts;
  readonly ours: Facts;
}

/** Fails for a difference without a reason and for a reason without a difference; writes the chapter where asked to. */
export function expectReasons(
  chapter: Omit<Chapter, 'parts'>,
  reasonsFile: string,
  pairs: readonly Pair[],
): void {
  const reasons = JSON.parse(readFileSync(file(reasonsFile), 'utf8')) as Reason[];
  const parts = pairs.map(({ setting, reference, ours }) => ({
    setting,
    comparison: compareFacts(reference, ours, reasons),
  }));
  if (writes) {
    const page = existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : '';
    writeFileSync(PAGE, conformancePage(page, { ...chapter, parts }));
    for (const part of parts) console.log(table(part).join('\n'));
  }
  const comparisons = parts.map(({ comparison }) => comparison);
  expect({
    'differences without a reason': comparisons.flatMap(({ unexplained }) => unexplained.map(inWords)),
    'reasons without a difference': staleReasons(reasons, comparisons),
  }).toEqual({ 'differences without a reason': [], 'reasons without a difference': [] });
}

const inWords = (row: Row) => `${row.key}: ${row.reference} | ${row.ours}`;

function table({ setting, comparison: { rows } }: { setting: Setting; comparison: Comparison }): string[] {
  const alike = rows.filter(({ verdict }) => verdict === 'equal' || verdict === 'within');
  const others = rows.filter((row) => !alike.includes(row));
  return [
    `${setting.title}: ${alike.length} equal or within tolerance, ${others.length} with a reason or without`,
    ...others.map((row) => `  ${row.verdict.padEnd(8)} ${inWords(row)}`),
  ];
}

/** Boots a disc beside a blank disk in a page of its own and gives what it wrote; a machine that stops has written its last. */
export async function probeOurs(
  context: BrowserContext,
  disc: string,
  profile: Partial<MachineProfile>,
): Promise<string> {
  const page = await context.newPage();
  const exhibit = await Exhibit.open(page);
  await exhibit.configure({ ...profile, bootOrder: 'disc-first' });
  await exhibit.machine.evaluate(
    async (element, [base64, sizeBytes]) => {
      const machine = element as VitrineMachine;
      await machine.createDisk({ sizeBytes });
      const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
      await machine.insertDisc(new File([bytes], 'probe.iso'));
    },
    [readFileSync(disc).toString('base64'), DISK_BYTES] as const,
  );
  await exhibit.call((machine) => machine.powerOn());
  await page.waitForFunction(
    () =>
      /^PROBE END\r?$|^FAULT |Kernel panic/m.test(window.serialLog) ||
      document.querySelector('vitrine-machine')?.getAttribute('power') === 'failed',
    null,
    { timeout: 180_000, polling: 500 },
  );
  const serial = await exhibit.serial();
  await exhibit.call((machine) => machine.powerOff());
  await exhibit.call((machine) => machine.eraseMachine());
  await page.close();
  return serial;
}
