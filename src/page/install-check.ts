import { Store } from '../lib/store.ts';
import { DISK_GIB } from '../machine/disk-sizes.ts';
import { planInstallRoom, type InstallRoom } from '../machine/install-room.ts';
import { holdsSystem } from '../machine/kept-profile.ts';
import { readStorageRoom } from '../store/storage-room.ts';
import type { MachineSession } from './machine-session.ts';

/** Follows the disc in the tray and the machine in the case: whether what it would install has room. */
export class InstallCheck {
  /** Null where there is nothing to say. */
  readonly room = new Store<InstallRoom | null>(null);
  readonly #session: MachineSession;

  constructor(session: MachineSession) {
    this.#session = session;
  }

  /** Returns the function that ends it. `onError` hears of a browser that does not answer. */
  start(onError: (thrown: unknown) => void): () => void {
    const { disc, machine, power } = this.#session;
    const check = () => void this.#check().catch(onError);
    check();
    const ends = [disc, machine, power].map((store) => store.subscribe(check));
    return () => {
      for (const end of ends) end();
    };
  }

  async #check(): Promise<void> {
    const report = this.#session.disc.value?.report;
    const machine = this.#session.machine.value;
    if (!report) return this.room.set(null);
    const room = await readStorageRoom();
    if (report !== this.#session.disc.value?.report || machine !== this.#session.machine.value) return;
    const disk = {
      sizeBytes: machine?.sizeBytes ?? DISK_GIB.usual * 2 ** 30,
      holdsSystem: machine !== null && holdsSystem(machine),
    };
    this.room.set(room && planInstallRoom(report, disk, room.freeBytes));
  }
}
