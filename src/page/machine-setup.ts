import { sentence } from '../lib/language.ts';
import { Store } from '../lib/store.ts';
import type { Hardware, KeptProfile } from '../machine/kept-profile.ts';
import { DISK_PLAN } from '../machine/plan-disk.ts';
import { planMachine, reasonFor, type PlanReason } from '../machine/plan.ts';
import { assertProfile } from '../machine/profile-limits.ts';
import { DEFAULT_PROFILE, type MachineProfile } from '../machine/profile.ts';
import type { DiscReport } from '../media/disc-report.ts';

/**
 * What the machine will be built with when it is next turned on: as the system on its disk was installed, or else as
 * the disc in the tray asks, and over that what the visitor set.
 */
export class MachineSetup {
  readonly profile = new Store<MachineProfile>(DEFAULT_PROFILE);
  /** The profile as it would be without what the visitor set. */
  readonly planned = new Store<MachineProfile>(DEFAULT_PROFILE);
  /** Why the profile is as it is: what the disc asked for, field by field. */
  readonly reasons = new Store<readonly PlanReason[]>([]);
  /** What the visitor set: it outlives every disc. */
  #chosen: Partial<MachineProfile> = {};
  #isRestored = false;
  /** What the system on the disk was installed with; nothing for a blank disk. */
  #installed: Partial<Hardware> = {};

  get chosen(): Partial<MachineProfile> {
    return this.#chosen;
  }

  /** Another machine is in the case: what was set for the last one does not go with it. */
  changeMachine(machineId: string): void {
    this.#chosen = { machineId };
    this.#installed = {};
    this.#isRestored = false;
  }

  /** Brings back what was kept of this machine: what was set by hand only once, and over it what is set since then. */
  restore(kept: KeptProfile, holdsSystem: boolean): void {
    if (!this.#isRestored) this.#chosen = { ...kept.chosen, ...this.#chosen };
    this.#isRestored = true;
    this.#installed = holdsSystem ? kept.built : {};
  }

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

  /** Makes the plan again, for the disc in the tray, or for a machine that starts from its disk. */
  plan(report: Pick<DiscReport, 'verdict' | 'bootable' | 'system'> | 'disk' | null): void {
    const plan =
      report === 'disk'
        ? DISK_PLAN
        : report
          ? planMachine(report)
          : { profile: DEFAULT_PROFILE, reasons: [] };
    const planned = { ...plan.profile, ...this.#installed };
    this.planned.set(planned);
    this.profile.set({ ...planned, ...this.#chosen });
    const why = sentence`The system on the disk of this machine was installed with it.`;
    const kept = Object.keys(this.#installed) as (keyof Hardware)[];
    this.reasons.set([
      ...plan.reasons.filter(({ field }) => !(field in this.#installed)),
      ...kept.map((field) => reasonFor(field, why)),
    ]);
  }
}
