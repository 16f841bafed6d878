import { randomId } from '../lib/secure-parts.ts';
import { VitrineError } from '../lib/errors.ts';
import { Store } from '../lib/store.ts';
import { DISK_GIB } from '../machine/disk-sizes.ts';
import { readKeptProfile, type KeptProfile } from '../machine/kept-profile.ts';
import { isOn } from '../machine/power.ts';
import { DEFAULT_PROFILE } from '../machine/profile.ts';
import type { MachineSummary, ShelfListing } from '../store/catalog.ts';
import { readStorageRoom, type StorageRoom } from '../store/storage-room.ts';
import { firstName } from './browser-shelf.ts';
import type { FileOutcome } from './machine-files.ts';
import type { MachineSession } from './machine-session.ts';

/** A machine as it stands on the shelf. */
export interface ShelfMachine extends Omit<MachineSummary, 'profile' | 'createdAt'> {
  readonly kept: KeptProfile;
  /** Whether it stands in the case of this page. */
  readonly isInCase: boolean;
  /** Where it is on. */
  readonly on: 'nowhere' | 'here' | 'elsewhere';
  /** False for a machine that is in the case and was never on: nothing of it is stored. */
  readonly isStored: boolean;
}

export interface ShelfView {
  readonly machines: readonly ShelfMachine[];
  /** Stored for all machines together. */
  readonly storedBytes: number;
  /** Null where the browser does not tell. */
  readonly room: StorageRoom | null;
}

export const LONGEST_NAME = 60;

/** The shelf of machines, as one page sees it and changes it. Each change ends with a new look at the shelf. */
export class MachineShelfModel {
  /** Null before the first look. */
  readonly view = new Store<ShelfView | null>(null);
  readonly #session: MachineSession;

  constructor(session: MachineSession) {
    this.#session = session;
  }

  /** Looks again: sizes grow while machines run, and other tabs change the shelf too. */
  async refresh(): Promise<void> {
    const catalog = await this.#session.shelf.open();
    const [listing, room] = await Promise.all([catalog.survey(), readStorageRoom()]);
    const { storedBytes } = listing;
    this.view.set({ machines: this.#machines(listing), storedBytes, room });
    // If the store could not be reached before, it can now: the case goes on too.
    void this.#session.opening.retry();
  }

  /** A blank machine with a disk of so many GiB, from 1 to 127; resolves with its id. */
  async create(name: string, diskGiB: number): Promise<string> {
    const sizeBytes = diskGiB * 2 ** 30;
    if (!Number.isInteger(diskGiB) || diskGiB < DISK_GIB.smallest || diskGiB > DISK_GIB.largest)
      throw new VitrineError('store/bad-size', { sizeBytes });
    const catalog = await this.#session.shelf.open();
    const id = await catalog.create({ name: checkName(name), sizeBytes });
    // Something worth keeping was made. What the browser answers is shown by the meter.
    void this.#session.shelf.askToKeep();
    await this.refresh();
    return id;
  }

  async rename(machineId: string, name: string): Promise<void> {
    const good = checkName(name);
    await this.#session.shelf.ensureDisk(machineId);
    await (await this.#session.shelf.open()).rename(machineId, good);
    if (machineId === this.#inCase) await this.#session.recall();
    await this.refresh();
  }

  /** A second machine over the same disk, at once; resolves with its id. Refused while the machine is on anywhere. */
  async duplicate(machineId: string): Promise<string> {
    const catalog = await this.#session.shelf.open();
    const names = (await catalog.list()).map(({ name }) => name);
    const { name } = this.#find(machineId);
    const id = await catalog.duplicate(machineId, nameOfCopy(name, names));
    await this.refresh();
    return id;
  }

  /**
   * Erases a machine for good. The one in the case goes out of it, and another takes its place. Refused while the
   * machine is on anywhere.
   */
  async erase(machineId: string): Promise<void> {
    if (machineId === this.#inCase) {
      await this.#session.eraseMachine();
      const [next] = await (await this.#session.shelf.open()).list();
      await this.choose(next?.id ?? DEFAULT_PROFILE.machineId);
    } else {
      await this.#session.shelf.erase(machineId);
      await this.refresh();
    }
  }

  /** Puts a machine in the case; refused while the one there is on. */
  async choose(machineId: string): Promise<void> {
    await this.#session.chooseMachine(machineId);
    await this.refresh();
  }

  /** Writes a machine that is off into a file of the visitor's choice; call it from a gesture. */
  saveToFile(machineId: string): Promise<FileOutcome> {
    return this.#session.files.save(machineId, this.#find(machineId).name);
  }

  /**
   * Makes the file that was brought a machine of its own, or what stands in the case. It comes into the case if that is
   * not on. A file that is refused changes nothing.
   */
  async bring(as: 'new' | 'replacement'): Promise<FileOutcome> {
    const { files } = this.#session;
    const file = files.brought.value;
    if (!file) return 'dismissed';
    const machineId = as === 'new' ? randomId() : this.#inCase;
    files.brought.set(null);
    const outcome = await files.bring(file, machineId);
    if (outcome !== 'done') return outcome;
    void this.#session.shelf.askToKeep();
    if (as === 'replacement') await this.#session.machineReplaced();
    else if (!isOn(this.#session.power.value)) await this.#session.chooseMachine(machineId);
    await this.refresh();
    return outcome;
  }

  /** Asks the browser to keep what is stored; the visitor may be asked. */
  async askToKeep(): Promise<boolean> {
    const kept = await this.#session.shelf.askToKeep(true);
    const room = await readStorageRoom();
    if (this.view.value) this.view.set({ ...this.view.value, room });
    return kept;
  }

  get #inCase(): string {
    return this.#session.profile.value.machineId;
  }

  #find(machineId: string): ShelfMachine {
    const machine = this.view.value?.machines.find(({ id }) => id === machineId);
    if (!machine) throw new VitrineError('store/no-machine', { name: machineId });
    return machine;
  }

  #machines({ machines, open }: ShelfListing): ShelfMachine[] {
    const inCase = this.#inCase;
    const isOnHere = isOn(this.#session.power.value);
    const shown = machines.map(({ profile, ...machine }): ShelfMachine => {
      const isInCase = machine.id === inCase;
      const on = isInCase && isOnHere ? 'here' : open.has(machine.id) ? 'elsewhere' : 'nowhere';
      return { ...machine, kept: readKeptProfile(profile), isInCase, on, isStored: true };
    });
    return shown.some(({ isInCase }) => isInCase) ? shown : [neverOn(inCase), ...shown];
  }
}

/** The machine in the case before it was ever on. */
function neverOn(id: string): ShelfMachine {
  return {
    id,
    name: firstName(id),
    sizeBytes: DISK_GIB.usual * 2 ** 30,
    base: null,
    committedAt: 0,
    ownBytes: 0,
    sharedBytes: 0,
    moments: { count: 0, storedBytes: 0, hasFirst: false },
    kept: readKeptProfile(null),
    isInCase: true,
    on: 'nowhere',
    isStored: false,
  };
}

function checkName(name: string): string {
  const trimmed = name.trim().slice(0, LONGEST_NAME);
  if (trimmed === '') throw new VitrineError('machine/no-name');
  return trimmed;
}

/** "Windows 7, copy", "Windows 7, copy 2"… the first that no machine has. */
export function nameOfCopy(name: string, taken: readonly string[]): string {
  const stem = name.replace(/, copy(?: \d{1,9})?$/u, '');
  for (let number = 1; ; number++) {
    const suffix = number === 1 ? ', copy' : `, copy ${number}`;
    const candidate = stem.slice(0, LONGEST_NAME - suffix.length) + suffix;
    if (!taken.includes(candidate)) return candidate;
  }
}
