import { expect, test, type BrowserContext } from '@playwright/test';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  compareFacts,
  staleReasons,
  type Comparison,
  type Reason,
  type Row,
} from '../guest/conformance/compare.ts';
import { parseFacts } from '../guest/conformance/facts.ts';
import { probeReference, qemuVersion, referenceWords } from '../guest/conformance/qemu.ts';
import { conformancePage, type Setting } from '../guest/conformance/report.ts';
import type { MachineProfile } from '../src/machine/profile.ts';
import type { VitrineMachine } from '../src/ui/vitrine-machine.ts';
import { Exhibit } from './exhibit.ts';

const file = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const PROBE = file('guest/probe.iso');
const PAGE = file('docs/conformance.md');
const MEMORY_MIB = 512;
const DISK_BYTES = 16 * 2 ** 30;

/** `npm run conformance` writes the page; a test only looks. */
const writes = process.env['VITRINE_CONFORMANCE'] === 'write';

/**
 * The same disc asks our PC and QEMU's the same questions, with ACPI and without. Every difference has a reason in
 * `guest/conformance/reasons.json`, and every reason a difference.
 */
test('the PC differs from QEMU’s in nothing without a reason', async ({ context }) => {
  test.skip(qemuVersion() === null, 'QEMU is not installed (Debian: qemu-system-x86, qemu-utils)');
  test.setTimeout(400_000);
  const reasons = JSON.parse(readFileSync(file('guest/conformance/reasons.json'), 'utf8')) as Reason[];
  const parts: { setting: Setting; comparison: Comparison }[] = [];
  for (const acpi of [true, false]) {
    // One after the other: each would make the other's clocks late.
    const reference = await probeReference({
      disc: PROBE,
      memoryMiB: MEMORY_MIB,
      diskBytes: DISK_BYTES,
      acpi,
    });
    const ours = await probeOurs(context, { memoryMiB: MEMORY_MIB, videoMemoryMiB: 16, acpi, apic: true });
    parts.push({
      setting: {
        title: acpi ? 'With ACPI' : 'Without ACPI',
        ours: `${MEMORY_MIB} MiB, ACPI ${acpi ? 'on' : 'off'}, APIC on, a blank disk, Chromium`,
        reference: referenceWords({ memoryMiB: MEMORY_MIB, acpi }),
      },
      comparison: compareFacts(parseFacts(reference), parseFacts(ours), reasons),
    });
  }
  const comparisons = parts.map(({ comparison }) => comparison);
  if (writes) {
    writeFileSync(PAGE, conformancePage(parts));
    for (const part of parts) console.log(table(part).join('\n'));
  }
  expect(
    comparisons.flatMap(({ unexplained }) => unexplained.map(inWords)),
    'differences without a reason',
  ).toEqual([]);
  expect(staleReasons(reasons, comparisons), 'reasons without a difference').toEqual([]);
});

const inWords = (row: Row) => `${row.key}: ${row.reference} | ${row.ours}`;

function table({ setting, comparison: { rows } }: { setting: Setting; comparison: Comparison }): string[] {
  const alike = rows.filter(({ verdict }) => verdict === 'equal' || verdict === 'within');
  const others = rows.filter((row) => !alike.includes(row));
  return [
    `${setting.title}: ${alike.length} equal or within tolerance, ${others.length} with a reason or without`,
    ...others.map((row) => `  ${row.verdict.padEnd(8)} ${inWords(row)}`),
  ];
}

/** Boots the probe disc in a page of its own and gives what it wrote; a machine that stops has written its last. */
async function probeOurs(context: BrowserContext, profile: Partial<MachineProfile>): Promise<string> {
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
    [readFileSync(PROBE).toString('base64'), DISK_BYTES] as const,
  );
  await exhibit.call((machine) => machine.powerOn());
  await page.waitForFunction(
    () =>
      /^PROBE END\r?$|^FAULT /m.test(window.serialLog) ||
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
