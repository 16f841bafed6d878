import { Store } from '../lib/store.ts';
import { planMachine, type PlanReason } from '../machine/plan.ts';
import { assertProfile } from '../machine/profile-limits.ts';
import { DEFAULT_PROFILE, type MachineProfile } from '../machine/profile.ts';
import type { DiscReport } from '../media/disc-report.ts';

/**
 * What the machine will be built with when it is next turned on: as the disc in the tray asks, and over that what
 * the visitor set.
 */
export class MachineSetup {
  readonly profile = new Store<MachineProfile>(DEFAULT_PROFILE);
  /** The profile as it would be without what the visitor set. */
  readonly planned = new Store<MachineProfile>(DEFAULT_PROFILE);
  /** Why the profile is as it is: what the disc asked for, field by field. */
  readonly reasons = new Store<readonly PlanReason[]>([]);
  /** What the visitor set: it outlives every disc. */
  #chosen: Partial<MachineProfile> = {};

  /** Rejects what no machine can be built with ('machine/impossible-profile'). */
  choose(part: Partial<MachineProfile>): void {
    assertProfile(part);
    this.#chosen = { ...this.#chosen, ...part };
  }

  /** Takes back what was set. Only the machine's name stays. */
  chooseAsPlanned(): void {
    const { machineId } = this.#chosen;
    this.#chosen = machineId === undefined ? {} : { machineId };
  }

  /** Makes the plan again, for the disc in the tray. */
  plan(report: Pick<DiscReport, 'verdict' | 'bootable' | 'system'> | null): void {
    const plan = report ? planMachine(report) : { profile: DEFAULT_PROFILE, reasons: [] };
    this.planned.set(plan.profile);
    this.profile.set({ ...plan.profile, ...this.#chosen });
    this.reasons.set(plan.reasons);
  }
}
