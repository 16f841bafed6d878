import { isFileHandle, isSecureAddress, notSecure } from '../lib/secure-parts.ts';
import { t } from '../lib/language.ts';
import { VitrineError } from '../lib/errors.ts';
import { DEFAULT_PROFILE } from '../machine/profile.ts';
import { readKeptProfile, type KeptProfile } from '../machine/kept-profile.ts';
import type { BaseIdentity, Catalog, MachineSummary, NewMachine } from '../store/catalog.ts';
import { askForPersistence } from '../store/storage-room.ts';
import type { KeptWitness } from './kept-witness.ts';
import type { MachineShelf } from './machine-session.ts';

/** What a visitor's machine is called until it is given a name. */
const firstNameWords = (): string => t`The machine in the case`;

/** The name of a machine that was asked for by its id is that id. */
export function firstName(machineId: string): string {
  return machineId === DEFAULT_PROFILE.machineId ? firstNameWords() : machineId;
}

/** Whether nothing is lost with a machine: nothing on its disk, no image under it, no moment. */
export function isBlank({ committedAt, base, moments }: MachineSummary): boolean {
  return committedAt === 0 && base === null && moments.count === 0;
}

/** The machines that this browser keeps, opened when they are first asked for. */
export class BrowserShelf implements MachineShelf {
  readonly #witness: KeptWitness;
  #catalog: Promise<Catalog> | null = null;
  #asked: Promise<boolean> | null = null;

  constructor(witness: KeptWitness) {
    this.#witness = witness;
  }

  async ensureDisk(machineId: string): Promise<boolean> {
    const catalog = await this.#openIfStored();
    if (!catalog) return false;
    const machines = await catalog.list();
    if (!machines.some(({ id }) => id === machineId)) {
      try {
        await catalog.create({ id: machineId, name: firstName(machineId) });
      } catch (error) {
        // Another tab of a fresh site made the same one meanwhile.
        if (!(error instanceof VitrineError && error.code === 'store/machine-exists')) throw error;
      }
    }
    this.#witness.set(true);
    // Now there is something worth keeping. The machine does not wait for what the visitor answers.
    if (navigator.userActivation?.hasBeenActive) void this.askToKeep();
    return true;
  }

  /**
   * Asks the browser not to clear by itself what is stored; false where it does not promise that. Some browsers ask the
   * visitor, so it is done once in a visit, when a machine was made; `again` is the visitor's own wish, who may have none.
   */
  askToKeep(again = false): Promise<boolean> {
    if (!again) this.#witness.set(true);
    // Where a page may not even ask, nothing is promised.
    if (again || !this.#asked) this.#asked = askForPersistence().catch(() => false);
    return this.#asked;
  }

  async find(machineId: string): Promise<MachineSummary | null> {
    const machines = await (await this.#openIfStored())?.list();
    // An emptied store was told above: what is empty here was emptied by a visitor, perhaps in another tab.
    if (machines) this.#witness.set(machines.length > 0);
    return machines?.find(({ id }) => id === machineId) ?? null;
  }

  async keepProfile(machineId: string, profile: KeptProfile): Promise<void> {
    await (await this.open()).setProfile(machineId, profile);
  }

  /** What was never written starts nothing; what was is looked at, and where it was not, its image is known. */
  async diskBoots({ id, base, profile, committedAt }: MachineSummary): Promise<boolean> {
    const first = committedAt > 0 ? await (await this.open()).firstBlock(id) : null;
    if (!first) return base !== null && readKeptProfile(profile).baseBoots === true;
    const { startsFromBlock } = await import('../media/disk-images/judge-boot.ts');
    return startsFromBlock(first);
  }

  async createDisk(machineId: string, sizeBytes: number): Promise<void> {
    await this.#replaceBlank(machineId, { sizeBytes });
    this.#witness.set(true);
  }

  async attachDisk(machineId: string, base: BaseIdentity, profile: KeptProfile): Promise<void> {
    await this.#replaceBlank(machineId, { base, profile });
    void this.askToKeep();
  }

  async createFromImage(name: string, base: BaseIdentity, profile: KeptProfile): Promise<string> {
    const id = await (await this.open()).create({ name, base, profile });
    void this.askToKeep();
    return id;
  }

  async #replaceBlank(machineId: string, wish: Omit<NewMachine, 'id' | 'name'>): Promise<void> {
    const catalog = await this.open();
    const machine = (await catalog.list()).find(({ id }) => id === machineId);
    if (machine && !isBlank(machine)) throw new VitrineError('disk/not-blank');
    if (machine) await catalog.erase(machineId);
    await catalog.create({ ...wish, id: machineId, name: machine?.name ?? firstName(machineId) });
  }

  async rememberBase(fingerprint: string, handles: readonly FileSystemFileHandle[]): Promise<void> {
    await (await this.#openIfStored())?.rememberBase(fingerprint, handles);
  }

  async completeBase(
    fingerprint: string,
    full: string,
    handles: readonly FileSystemFileHandle[],
  ): Promise<void> {
    const catalog = await this.#openIfStored();
    await catalog?.completeBase(fingerprint, full, handles.length > 0 ? handles : undefined);
  }

  async recallBase(fingerprint: string): Promise<readonly FileSystemFileHandle[]> {
    const handles = await (await this.#openIfStored())?.recallBase(fingerprint);
    return Array.isArray(handles) && handles.every(isFileHandle) ? handles : [];
  }

  async erase(machineId: string): Promise<void> {
    const catalog = await this.open();
    if ((await catalog.list()).some(({ id }) => id === machineId)) await catalog.erase(machineId);
    if ((await catalog.list()).length === 0) this.#witness.set(false);
  }

  beginAnew(): void {
    this.#witness.set(false);
  }

  async rememberDisc(machineId: string, handle: FileSystemFileHandle): Promise<void> {
    await (await this.#openIfStored())?.rememberDisc(machineId, handle);
  }

  async recallDisc(machineId: string): Promise<FileSystemFileHandle | null> {
    const disc = await (await this.#openIfStored())?.recallDisc(machineId);
    return isFileHandle(disc) ? disc : null;
  }

  /**
   * Null for a browser that stores nothing and never did: it still runs a machine, only without a disk or a memory.
   * Whatever else keeps the store from being opened is told: what is kept must not look as if it were gone.
   */
  async #openIfStored(): Promise<Catalog | null> {
    try {
      return await this.open();
    } catch (error) {
      const storesNothing =
        error instanceof VitrineError &&
        (error.code === 'store/unavailable' || error.code === 'page/not-secure');
      if (storesNothing && !this.#witness.isKept) return null;
      throw error;
    }
  }

  /**
   * The catalog itself, for the shelf's own page; opened again when the browser ended its connection. Rejects as
   * `Catalog.open` does, with 'page/not-secure' on an address that is not secure, and with 'store/emptied' when machines were kept here and nothing is there.
   */
  async open(): Promise<Catalog> {
    if (this.#catalog) {
      const before = this.#catalog;
      const isLost = await before.then(
        (catalog) => catalog.isLost,
        () => true,
      );
      if (isLost && this.#catalog === before) this.#catalog = null;
    }
    const opening = (this.#catalog ??= this.#openCatalog());
    try {
      return await opening;
    } catch (error) {
      if (this.#catalog === opening) this.#catalog = null;
      throw error;
    }
  }

  async #openCatalog(): Promise<Catalog> {
    // Nothing is kept where nobody can be kept from writing on a disk meanwhile.
    if (!isSecureAddress()) throw notSecure();
    const { Catalog } = await import('../store/catalog.ts');
    const catalog = await Catalog.open();
    if (!this.#witness.isKept || (await catalog.list()).length > 0) {
      // Nobody waits for it, and what cannot be removed now is still there the next time.
      catalog.removeOrphans().catch(() => undefined);
      return catalog;
    }
    await catalog.close();
    throw new VitrineError('store/emptied');
  }
}
