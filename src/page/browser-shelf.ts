import { VitrineError } from '../lib/errors.ts';
import type { Catalog } from '../store/catalog.ts';
import type { MachineShelf } from './machine-session.ts';

/** What a visitor's machine is called until it is given a name. */
const FIRST_NAME = 'The machine in the case';

/** The machines that this browser keeps, opened when they are first asked for. */
export class BrowserShelf implements MachineShelf {
  #catalog: Promise<Catalog> | null = null;

  async ensureDisk(machineId: string): Promise<boolean> {
    const catalog = await this.#openIfStored();
    if (!catalog) return false;
    const machines = await catalog.list();
    if (!machines.some(({ id }) => id === machineId))
      await catalog.create({ id: machineId, name: FIRST_NAME });
    return true;
  }

  async createDisk(machineId: string, sizeBytes: number): Promise<void> {
    const catalog = await this.open();
    const machine = (await catalog.list()).find(({ id }) => id === machineId);
    if (machine && machine.committedAt > 0) throw new VitrineError('disk/not-blank');
    if (machine) await catalog.erase(machineId);
    await catalog.create({ id: machineId, name: machine?.name ?? FIRST_NAME, sizeBytes });
  }

  async erase(machineId: string): Promise<void> {
    const catalog = await this.open();
    if ((await catalog.list()).some(({ id }) => id === machineId)) await catalog.erase(machineId);
  }

  async rememberDisc(machineId: string, handle: FileSystemFileHandle): Promise<void> {
    await (await this.#openIfStored())?.rememberDisc(machineId, handle);
  }

  async recallDisc(machineId: string): Promise<FileSystemFileHandle | null> {
    const disc = await (await this.#openIfStored())?.recallDisc(machineId);
    return disc instanceof FileSystemFileHandle ? disc : null;
  }

  /** Null for a browser that stores nothing: it still runs a machine, only without a disk or a memory. */
  async #openIfStored(): Promise<Catalog | null> {
    try {
      return await this.open();
    } catch (error) {
      if (error instanceof VitrineError && error.code === 'store/unavailable') return null;
      throw error;
    }
  }

  /** The catalog itself, for the shelf's own page. Rejects with 'store/unavailable' where nothing can be stored. */
  async open(): Promise<Catalog> {
    this.#catalog ??= import('../store/catalog.ts').then(({ Catalog }) => Catalog.open());
    try {
      return await this.#catalog;
    } catch (error) {
      this.#catalog = null;
      throw error;
    }
  }
}
