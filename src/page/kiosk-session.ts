import { STEADY_MS, stepKiosk, waitAfter, type KioskEvent, type KioskState } from '../exhibit/kiosk-clock.ts';
import { isAwake, type KioskSettings } from '../exhibit/kiosk-settings.ts';
import { Store } from '../lib/store.ts';
import type { DayLog } from './day-log.ts';

/** What a kiosk does with its machine: see `kiosk-machine.ts`. */
export interface KioskMachine {
  /** Starts it as a visitor should find it: at its first state, else anew. Rejects when it cannot be. */
  start(): Promise<void>;
  /** Brings a machine that is on back to what `start` gives. */
  reset(): Promise<void>;
  powerOff(): Promise<void>;
  /** How it stands; 'ended' when the guest turned itself off, 'stopped' when its processor waits for nothing. */
  standing(): 'runs' | 'failed' | 'ended' | 'stopped' | 'full' | 'other';
  /** Why it failed, for the log. */
  failure(): string;
  /** Resolves when its worker answers. */
  ping(): Promise<unknown>;
}

/** What of the browser a kiosk needs. */
export interface KioskPage {
  now(): number;
  every(ms: number, callback: () => void): () => void;
  after(ms: number, callback: () => void): () => void;
  /** Loads the page again, a new version if there is one. */
  reload(): Promise<void>;
}

const TICK_MS = 500;
const PING_EVERY_MS = 5_000;
/** A worker that does not answer this long hangs: a commit to a slow disk takes a fraction of it. */
const PING_TIMEOUT_MS = 30_000;
/** A guest whose processor stopped for good shows its last words this long. */
const STOPPED_MS = 20_000;
/** The page is loaded again for its own errors at most this often an hour: a bad exhibit must not flicker. */
const MOST_RELOADS = 6;
const HOUR_MS = 3_600_000;

/**
 * Runs a kiosk: drives the pure clock of `kiosk-clock.ts`, does what its states ask for, and watches over the machine
 * and the page. What it did is in the log.
 */
export class KioskSession {
  readonly #settings: KioskSettings;
  readonly #machine: KioskMachine;
  readonly #page: KioskPage;
  readonly #log: DayLog;
  readonly #state = new Store<KioskState>({ phase: 'starting' });
  #ends: (() => void)[] = [];
  #failures = 0;
  #failedAt = -Infinity;
  #stoppedSince: number | null = null;
  #pinging = false;
  /** Counts what was begun: what ends later than the next beginning has nothing to say. */
  #turn = 0;

  constructor(settings: KioskSettings, machine: KioskMachine, page: KioskPage, log: DayLog) {
    this.#settings = settings;
    this.#machine = machine;
    this.#page = page;
    this.#log = log;
  }

  get state(): Store<KioskState> {
    return this.#state;
  }

  get settings(): KioskSettings {
    return this.#settings;
  }

  get log(): DayLog {
    return this.#log;
  }

  /** From now on until the function that it returns is called. */
  run(): () => void {
    this.#ends = [
      this.#page.every(TICK_MS, () => this.#tick()),
      this.#page.every(PING_EVERY_MS, () => void this.#watchWorker()),
    ];
    if (this.#isAwake()) void this.#start();
    else this.#enter({ phase: 'asleep' });
    return () => {
      for (const end of this.#ends) end();
    };
  }

  now(): number {
    return this.#page.now();
  }

  /** Somebody touched something, or a state was asked for. */
  send(event: KioskEvent): void {
    const before = this.#state.value;
    const after = stepKiosk(before, event, this.#settings);
    if (after === before) return;
    this.#enter(after, before);
  }

  /** An error that nobody caught: the page may be in pieces. */
  pageError(detail: string): void {
    this.note('page-error', detail);
    void this.reload();
  }

  note(kind: Parameters<DayLog['note']>[1], detail = ''): void {
    this.#log.note(this.#page.now(), kind, detail);
  }

  /** Loads the page again, unless that was done too often: a machine that is on is left running then. */
  async reload(): Promise<void> {
    if (this.#log.count('page-reloaded', this.#page.now() - HOUR_MS) >= MOST_RELOADS) return;
    this.note('page-reloaded');
    await this.#page.reload();
  }

  #enter(after: KioskState, before: KioskState | null = null): void {
    this.#state.set(after);
    if (after.phase === before?.phase) return;
    this.#turn++;
    switch (after.phase) {
      case 'visiting':
        if (before?.phase === 'attract') this.note('visitor');
        return;
      case 'resetting':
        void this.#reset();
        return;
      case 'starting':
        if (before?.phase === 'asleep') void this.#wake();
        else void this.#start();
        return;
      case 'asleep':
        this.note('slept');
        void this.#turnOff();
        return;
      case 'staff':
        this.note('staff');
        return;
      case 'attract':
      case 'countdown':
      case 'resting':
        return;
    }
  }

  async #start(): Promise<void> {
    const turn = this.#turn;
    try {
      await this.#machine.start();
      if (turn !== this.#turn) return;
      this.note('started');
      this.send({ type: 'ready' });
    } catch (error) {
      if (turn === this.#turn) this.#broken('machine-failed', String(error));
    }
  }

  async #reset(): Promise<void> {
    const turn = this.#turn;
    try {
      await this.#machine.reset();
      if (turn !== this.#turn) return;
      this.note('reset');
      this.send({ type: 'ready' });
    } catch (error) {
      if (turn === this.#turn) this.#broken('reset-failed', String(error));
    }
  }

  /** Each day begins with a page that was just loaded: nothing of yesterday is left, and a new version is taken. */
  async #wake(): Promise<void> {
    this.note('woke');
    await this.#page.reload();
  }

  async #turnOff(): Promise<void> {
    try {
      await this.#machine.powerOff();
    } catch (error) {
      this.note('machine-failed', String(error));
    }
  }

  #tick(): void {
    const at = this.#page.now();
    this.#watchMachine(at);
    this.send({ type: 'tick', at, awake: this.#isAwake() });
  }

  #watchMachine(at: number): void {
    const { phase } = this.#state.value;
    // Only while it ought to run; staff may do with it what they like.
    if (phase !== 'attract' && phase !== 'visiting' && phase !== 'countdown') return;
    if (this.#failures > 0 && at - this.#failedAt > STEADY_MS) this.#failures = 0;
    const standing = this.#machine.standing();
    if (standing !== 'stopped') this.#stoppedSince = null;
    if (standing === 'failed') this.#broken('machine-failed', this.#machine.failure());
    else if (standing === 'full') this.#broken('machine-failed', 'storage is full');
    else if (standing === 'ended') {
      // A visitor may shut it down; the next one finds it on.
      this.note('shut-down');
      this.send({ type: 'start-again' });
    } else if (standing === 'stopped') {
      this.#stoppedSince ??= at;
      if (at - this.#stoppedSince > STOPPED_MS) this.#broken('machine-hung', 'the processor stopped');
    }
  }

  /** A worker that hangs cannot be asked to end: the page goes, and takes it along. */
  async #watchWorker(): Promise<void> {
    const { phase } = this.#state.value;
    if (this.#pinging || this.#machine.standing() !== 'runs' || phase === 'starting' || phase === 'resetting')
      return;
    this.#pinging = true;
    const answered = await new Promise<boolean>((resolve) => {
      const end = this.#page.after(PING_TIMEOUT_MS, () => resolve(false));
      const settle = (): void => {
        end();
        resolve(true);
      };
      // A machine that was turned off meanwhile refuses: that is an answer too.
      this.#machine.ping().then(settle, settle);
    });
    this.#pinging = false;
    if (answered) return;
    this.note('machine-hung', 'its worker does not answer');
    await this.reload();
  }

  #broken(kind: 'machine-failed' | 'machine-hung' | 'reset-failed', detail: string): void {
    const at = this.#page.now();
    this.note(kind, detail);
    this.#failures++;
    this.#failedAt = at;
    this.#stoppedSince = null;
    const wait = waitAfter(this.#failures);
    const before = this.#state.value;
    const after = stepKiosk(
      before,
      { type: 'broken', retryAt: wait === null ? null : at + wait },
      this.#settings,
    );
    // Starting anew from a start that failed is a new start.
    if (after !== before) this.#enter(after, before.phase === 'starting' ? null : before);
  }

  #isAwake(): boolean {
    const now = new Date(this.#page.now());
    return isAwake(this.#settings.schedule, now.getDay(), now.getHours(), now.getMinutes());
  }
}
