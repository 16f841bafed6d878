import { Store, type ReadableStore } from '../lib/store.ts';
import { isOn, type PowerState } from '../machine/power.ts';
import type { ShellFailure, ShellToPage, TakeOver } from '../protocol/shell-messages.ts';
import { announceMachine, isAnyOn, untilOff, whileAllAreOff, type Locks } from './machine-on.ts';

/** What there is to say of the copy of the exhibit that this browser keeps for use without network. */
export type ShellState =
  | { readonly phase: 'quiet' }
  /** The first visit's download, once it takes longer than a moment: files kept, of all. */
  | { readonly phase: 'downloading'; readonly done: number; readonly total: number }
  /** That download is whole. */
  | { readonly phase: 'kept' }
  /** It is not; `isUpdate`: an older version goes on working without network. */
  | { readonly phase: 'failed'; readonly failure: ShellFailure; readonly isUpdate: boolean }
  /** A new version is here. `machineOn`: in this tab or another; `wanted`: it is taken as soon as none is. */
  | { readonly phase: 'waiting'; readonly machineOn: boolean; readonly wanted: boolean }
  | { readonly phase: 'taking' };

/** What is used of the browser. */
export interface ShellBrowser {
  readonly container: Pick<
    ServiceWorkerContainer,
    'controller' | 'register' | 'addEventListener' | 'startMessages'
  >;
  readonly locks: Locks;
  /** Calls back when the visitor comes back to this tab: another may have changed what is so. */
  onReturn(callback: () => void): void;
  reload(): void;
  /** Calls back after so many milliseconds, again and again. */
  every(ms: number, callback: () => void): void;
  /** Calls back once after so many milliseconds. */
  after(ms: number, callback: () => void): void;
}

/** A download shorter than this is not spoken of. */
const QUIET_MS = 1000;
/** How long it is said that a download is whole. */
const KEPT_MS = 10_000;
/** How often a page that stays open looks for a new version; browsers themselves look only when one is opened. */
const LOOK_MS = 3_600_000;

const QUIET: ShellState = { phase: 'quiet' };

/**
 * The page's side of the offline shell (`sw.ts`): follows the first download, and lets a new version in. A new one
 * waits until the visitor takes it, and never while a machine is on in any tab of the exhibit. When it is taken,
 * every open page of the exhibit loads again, in the new version.
 */
export class NewVersion {
  readonly #state = new Store<ShellState>(QUIET);
  readonly #power: ReadableStore<PowerState>;
  readonly #browser: ShellBrowser;
  #registration: ServiceWorkerRegistration | null = null;
  /** How far the first download is, while there is one. */
  #download: { done: number; total: number } | null = null;
  #wanted = false;
  /** The waiting version of which the visitor has heard enough. */
  #dismissed: ServiceWorker | null = null;
  #taking = false;

  constructor(power: ReadableStore<PowerState>, browser: ShellBrowser) {
    this.#power = power;
    this.#browser = browser;
  }

  get state(): ReadableStore<ShellState> {
    return this.#state;
  }

  /** Installs the shell, or follows the one that is there. Rejects where the browser refuses to register it. */
  async start(script: string): Promise<void> {
    const { container, locks } = this.#browser;
    announceMachine(this.#power, locks);
    container.addEventListener('message', ({ data }) => this.#hear(data as ShellToPage));
    container.startMessages();
    let served = container.controller !== null;
    container.addEventListener('controllerchange', () => {
      // The first version that takes this page over is the one it was loaded from.
      if (served || this.#taking) this.#reloadWhenOff();
      served = true;
    });
    await this.#register(script);
    this.#browser.onReturn(() => void this.#look());
    this.#power.subscribe(() => void this.#look());
    this.#browser.every(LOOK_MS, () => void this.#update());
  }

  /** Tries a download again that failed. */
  async tryAgain(script: string): Promise<void> {
    this.#state.set(QUIET);
    await this.#register(script);
    await this.#update();
  }

  /** What there is to say was read. Of a version that waits, this page says nothing more. */
  dismiss(): void {
    this.#wanted = false;
    this.#dismissed = this.#registration?.waiting ?? null;
    this.#state.set(QUIET);
  }

  /**
   * Takes the version that waits, at once where no machine is on, else as soon as none is (unless `dismiss`ed
   * meanwhile). The page then loads again.
   */
  async take(): Promise<void> {
    this.#wanted = true;
    while (this.#wanted && this.#registration?.waiting) {
      if (await this.#takeIfOff()) return;
      this.#state.set({ phase: 'waiting', machineOn: true, wanted: true });
      await untilOff(this.#browser.locks);
    }
  }

  /**
   * For a machine that nobody attends: looks for a new version, waits until it is whole and takes it. True: the page
   * loads again in the new version. False: there is none, the server cannot be reached, or a machine is on; the page
   * goes on as it is.
   */
  async takeIfThereIsOne(): Promise<boolean> {
    await this.#update();
    const installing = this.#registration?.installing;
    if (installing) await settled(installing);
    return this.#registration?.waiting ? await this.#takeIfOff() : false;
  }

  async #register(script: string): Promise<void> {
    const registration = await this.#browser.container.register(script);
    this.#registration = registration;
    registration.addEventListener('updatefound', () => void this.#follow(registration.installing));
    await Promise.all([this.#follow(registration.installing), this.#look()]);
  }

  async #follow(worker: ServiceWorker | null): Promise<void> {
    if (!worker) return;
    await settled(worker);
    if (this.#state.value.phase === 'downloading' && worker.state !== 'redundant') {
      this.#state.set({ phase: 'kept' });
      this.#browser.after(KEPT_MS, () => {
        if (this.#state.value.phase === 'kept') this.#state.set(QUIET);
      });
    }
    await this.#look();
  }

  /** Says whether a new version waits, and for what. */
  async #look(): Promise<void> {
    const machineOn = await isAnyOn(this.#browser.locks);
    const waiting = this.#registration?.waiting;
    if (!waiting || waiting === this.#dismissed || this.#wanted || this.#taking) return;
    this.#state.set({ phase: 'waiting', machineOn, wanted: false });
  }

  async #update(): Promise<void> {
    try {
      await this.#registration?.update();
    } catch {
      // Without its server there is no newer version: the exhibit goes on with the one it has.
    }
  }

  async #takeIfOff(): Promise<boolean> {
    const { waiting } = this.#registration!;
    return whileAllAreOff(this.#browser.locks, async () => {
      this.#taking = true;
      this.#state.set({ phase: 'taking' });
      const message: TakeOver = { type: 'shell-take-over' };
      waiting!.postMessage(message);
      // Held until it is in: no tab's machine is turned on between two versions.
      await untilState(waiting!, ['activated', 'redundant']);
    });
  }

  /** A machine that was turned on in this very moment is not taken from its visitor. */
  #reloadWhenOff(): void {
    if (!isOn(this.#power.value)) return this.#browser.reload();
    const end = this.#power.subscribe((state) => {
      if (isOn(state)) return;
      end();
      this.#browser.reload();
    });
  }

  #hear(message: ShellToPage): void {
    if (message.type === 'shell-progress' && !message.isUpdate) {
      const begins = this.#download === null;
      this.#download = { done: message.done, total: message.total };
      // By a clock, not by the next file: it may be that file which takes long.
      if (begins) this.#browser.after(QUIET_MS, () => this.#showDownload());
      else if (this.#state.value.phase === 'downloading') this.#showDownload();
    } else if (message.type === 'shell-failed') {
      this.#download = null;
      const { failure, isUpdate } = message;
      // An update that the server did not finish is tried again by itself; the visitor has what works.
      if (isUpdate && (failure === 'server-lost' || failure === 'server-mixed')) return;
      this.#state.set({ phase: 'failed', failure, isUpdate });
    }
  }

  #showDownload(): void {
    const download = this.#download;
    if (download && download.done < download.total) this.#state.set({ phase: 'downloading', ...download });
  }
}

/** Resolves when the worker's installation has ended, well or not. */
function settled(worker: ServiceWorker): Promise<void> {
  return untilState(worker, ['installed', 'activating', 'activated', 'redundant']);
}

function untilState(worker: ServiceWorker, states: readonly ServiceWorkerState[]): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (!states.includes(worker.state)) return;
      worker.removeEventListener('statechange', look);
      resolve();
    };
    worker.addEventListener('statechange', look);
    look();
  });
}
