import { Store } from '../lib/store.ts';
import { isOn } from '../machine/power.ts';
import type { MachineSession } from './machine-session.ts';
import { treeRows, type MomentRow } from './moment-tree.ts';

/** The moments of the machine in the case, as a shelf of them shows them. */
export interface MomentShelfView {
  readonly rows: readonly MomentRow[];
  /** Stored for all of them together: what several share counts once. */
  readonly togetherBytes: number;
  /** Another tab has the machine: everything can be looked at and nothing changed. */
  readonly isElsewhere: boolean;
}

/** Looks at the moments of the machine in the case. */
export class MomentShelfModel {
  /** Null before the first look. */
  readonly view = new Store<MomentShelfView | null>(null);
  readonly #session: MachineSession;
  #looks = 0;

  constructor(session: MachineSession) {
    this.#session = session;
  }

  /** Rejects with 'store/unavailable', 'store/damaged' and the like; the view is as it was then. */
  async refresh(): Promise<void> {
    const look = ++this.#looks;
    const { moments, power, profile, shelf } = this.#session;
    const catalog = await shelf.open();
    // If the store could not be reached before, it can now: the case goes on too.
    void this.#session.opening.retry();
    const [list, togetherBytes, isOpen] = await Promise.all([
      moments.list(),
      moments.bytes(),
      catalog.isOpen(profile.value.machineId),
    ]);
    // A later look may have overtaken this one.
    if (look !== this.#looks) return;
    this.view.set({
      rows: treeRows(list),
      togetherBytes,
      isElsewhere: isOpen && !isOn(power.value),
    });
  }
}
