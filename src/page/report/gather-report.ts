import { isSecureAddress } from '../../lib/secure-parts.ts';
import { isOn } from '../../machine/power.ts';
import type { MachineSession } from '../machine-session.ts';
import { browserFacts } from './browser-facts.ts';
import { buildFacts } from './build-facts.ts';
import { composeReport } from './compose-report.ts';
import type { MachineReport } from './report-schema.ts';

/** The report of the machine in the case as it is now; of one that is off or has failed, as it was at its end. */
export async function gatherReport(session: MachineSession): Promise<MachineReport> {
  const boot = await session.recallBoot();
  const machine = session.machine.value;
  const hasDisk = !(isOn(session.power.value) && session.diskless.value);
  return composeReport({
    at: new Date(),
    build: buildFacts(),
    browser: browserFacts(navigator),
    isSecure: isSecureAddress(),
    profile: session.profile.value,
    power: session.power.value,
    disc: session.disc.value?.report ?? null,
    disk: hasDisk ? machine : null,
    hasFloppy: session.floppy.value !== null,
    boot,
  });
}
