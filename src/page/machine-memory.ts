import { Store } from '../lib/store.ts';
import { holdsSystem, keepProfile, readKeptProfile, type KeptProfile } from '../machine/kept-profile.ts';
import type { MachineProfile } from '../machine/profile.ts';
import type { MachineSummary } from '../store/catalog.ts';

/** Where machines are kept between visits. */
export interface KnownMachines {
  /** What is known of a machine; null where it was never on, or where the browser stores nothing. */
  find(machineId: string): Promise<MachineSummary | null>;
  keepProfile(machineId: string, profile: KeptProfile): Promise<void>;
  /** Whether a PC finds something to start on its disk. */
  diskBoots(machine: MachineSummary): Promise<boolean>;
}

/** What the shelf knows of the machine in the case: its name, its disk, and what it was built with. */
export class MachineMemory {
  /** As of the last look; null for a machine that is not kept yet. */
  readonly machine = new Store<MachineSummary | null>(null);
  /** Whether its disk holds something that a PC starts. */
  readonly diskBoots = new Store(false);
  readonly #machines: KnownMachines;

  constructor(machines: KnownMachines) {
    this.#machines = machines;
  }

  /** What was kept of the machine's profile, and whether its disk holds a system. */
  get kept(): KeptProfile {
    return readKeptProfile(this.machine.value?.profile);
  }

  get holdsSystem(): boolean {
    return this.machine.value !== null && (this.diskBoots.value || holdsSystem(this.machine.value));
  }

  /** Before anything is known of it. */
  forget(): void {
    this.machine.set(null);
    this.diskBoots.set(false);
  }

  async recall(machineId: string): Promise<void> {
    const machine = await this.#machines.find(machineId);
    const boots = machine !== null && (await this.#machines.diskBoots(machine));
    this.machine.set(machine);
    this.diskBoots.set(boots);
  }

  /** Keeps what the machine is turned on with; nothing is written when it is as before. */
  async keep(profile: MachineProfile, chosen: Partial<MachineProfile>): Promise<void> {
    const before = this.kept;
    const after = keepProfile(before, { profile, chosen, holdsSystem: this.holdsSystem });
    if (JSON.stringify(after) === JSON.stringify(before)) return;
    await this.#machines.keepProfile(profile.machineId, after);
  }
}
