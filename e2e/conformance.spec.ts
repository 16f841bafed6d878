import { expect, test } from '@playwright/test';
import { acpicaIsThere, compilerComplaints, evaluateAll } from '../guest/conformance/acpica.ts';
import { parseFacts } from '../guest/conformance/facts.ts';
import { probeReference, qemuVersion, referenceWords } from '../guest/conformance/qemu.ts';
import { linuxProbeDisc } from '../guest/linux-probe/disc.ts';
import { linuxFacts } from '../guest/linux-probe/facts.ts';
import { NoPackages } from '../guest/linux-probe/packages.ts';
import { dumpedTables } from '../guest/linux-probe/tables.ts';
import { DISK_BYTES, expectReasons, MEMORY_MIB, PROBE_DISC, probeOurs, type Pair } from './conformance.ts';

const NO_QEMU = 'QEMU is not installed (Debian: qemu-system-x86, qemu-utils)';

/**
 * The same disc asks our PC and QEMU's the same questions, with ACPI and without. Every difference has a reason in
 * `guest/conformance/reasons.json`, and every reason a difference.
 */
test('the PC differs from QEMU’s in nothing without a reason', async ({ context }) => {
  test.skip(qemuVersion() === null, NO_QEMU);
  test.setTimeout(400_000);
  const pairs: Pair[] = [];
  for (const acpi of [true, false]) {
    const options = { memoryMiB: MEMORY_MIB, acpi };
    // One after the other: each would make the other's clocks late.
    const reference = await probeReference({ ...options, disc: PROBE_DISC, diskBytes: DISK_BYTES });
    const ours = await probeOurs(context, PROBE_DISC, { ...options, videoMemoryMiB: 16, apic: true });
    pairs.push({
      setting: {
        title: acpi ? 'With ACPI' : 'Without ACPI',
        ours: `${MEMORY_MIB} MiB, ACPI ${acpi ? 'on' : 'off'}, APIC on, a blank disk, Chromium`,
        reference: referenceWords(options),
      },
      reference: parseFacts(reference),
      ours: parseFacts(ours),
    });
  }
  expectReasons(
    {
      id: 'probe',
      title: 'The probe disc',
      about:
        'The probe disc (`guest/probe`) asks both machines the same questions; the reasons are in `guest/conformance/reasons.json`.',
    },
    'guest/conformance/reasons.json',
    pairs,
  );
});

/**
 * A Linux of Debian's packages finds the same PC as in QEMU, with APICs and without; and the tables that it was given
 * are clean to the reference compiler, and every device of theirs answers the reference interpreter.
 */
test('a Linux finds nothing else than in QEMU’s PC without a reason', async ({ context }) => {
  test.skip(qemuVersion() === null, NO_QEMU);
  // Made of packages on the first run: a minute more.
  test.setTimeout(600_000);
  const disc = discOrSkip();
  const pairs: Pair[] = [];
  for (const apic of [true, false]) {
    const options = { memoryMiB: MEMORY_MIB, acpi: true, apic, countsInstructions: true };
    // At the same time: the reference's clocks are not the computer's, and what ours measured is no fact here.
    const [reference, ours] = await Promise.all([
      probeReference({ ...options, disc: disc.path, diskBytes: DISK_BYTES }),
      probeOurs(context, disc.path, { memoryMiB: MEMORY_MIB, videoMemoryMiB: 16, acpi: true, apic }),
    ]);
    pairs.push({
      setting: {
        title: apic ? 'Linux, with APICs' : 'Linux, without APICs',
        ours: `${MEMORY_MIB} MiB, ACPI on, APIC ${apic ? 'on' : 'off'}, a blank disk, Chromium`,
        reference: referenceWords(options),
      },
      reference: linuxFacts(reference),
      ours: linuxFacts(ours),
    });
    if (acpicaIsThere()) {
      const tables = dumpedTables(ours.split(/\r?\n/));
      expect([...tables.keys()].sort()).toEqual(
        apic ? ['APIC', 'DSDT', 'FACP', 'FACS', 'WAET'] : ['DSDT', 'FACP', 'FACS', 'WAET'],
      );
      expect(compilerComplaints(tables)).toEqual([]);
      const answers = evaluateAll(tables.get('DSDT')!, ['_STA', '_CRS', '_PRT']);
      expect(answers.length).toBeGreaterThan(15);
      expect(answers.filter(({ failed }) => failed)).toEqual([]);
    }
  }
  expectReasons(
    {
      id: 'linux',
      title: 'A Linux',
      about:
        'A Linux of Debian’s packages (`guest/linux-probe`) says what it finds in both machines; the reasons are in `guest/linux-probe/reasons.json`.',
    },
    'guest/linux-probe/reasons.json',
    pairs,
  );
});

/** A build machine has the packages at hand; elsewhere they may be out of reach. */
function discOrSkip(): { path: string } {
  try {
    return linuxProbeDisc();
  } catch (error) {
    if (!(error instanceof NoPackages) || process.env['CI'] === 'true') throw error;
    test.skip(true, `skipped: no Linux of Debian’s packages can be made here: ${error.message}`);
    throw error;
  }
}
