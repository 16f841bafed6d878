import {
  isOpen,
  STEADY_MS,
  stepKiosk,
  waitAfter,
  type KioskEvent,
  type KioskState,
  type ReloadCause,
} from '../exhibit/kiosk-clock.ts';
import { isAwake, type KioskSettings } from '../exhibit/kiosk-settings.ts';
import { VitrineError } from '../lib/errors.ts';
import { Store } from '../lib/store.ts';
import { withinOr, type After } from '../lib/within.ts';
import type { DayLog } from './day-log.ts';
import { FileNeeded, type KioskMachine } from './kiosk-machine.ts';
import { KioskWatch } from './kiosk-watch.ts';
import type { ReloadRation } from './reload-ration.ts';

/** What of the browser a kiosk needs. */
export interface KioskPage {
  /** Milliseconds that only go up, whatever is done to the computer's clock: everything that lasts goes by it. */
  now(): number;
  /** The computer's clock, for the schedule and the log alone. */
  date(): Date;
  every(ms: number, callback: () => void): () => void;
  after(ms: number, callback: () => void): () => void;
  /** Whether somebody would answer a page that is loaded again: its server, or the copy that this browser keeps. */
  answers(): Promise<boolean>;
  /** Loads the page again, a new version if there is one. */
  reload(): Promise<void>;
}

const TICK_MS = 500;
const PING_EVERY_MS = 5_000;
/** How long a machine may take to be turned off for the night. */
const TURN_OFF_MS = 60_000;
/** How long nobody has to answer for the page to stay as it is. */
const PROBE_MS = 15_000;
/** The same error is noted once in this time: what comes with every frame must not push the day out of the log. */
const SAME_ERROR_MS = 3_600_000;
const MOST_ERRORS = 60;

/** What a visitor may send: what happened, but not when. */
export type KioskNews = KioskEvent extends infer Event
  ? Event extends KioskEvent
    ? Omit<Event, 'at'>
    : never
  : never;

/**
 * Runs a kiosk: drives the pure clock of `kiosk-clock.ts`, does what its states ask for, and has the machine watched.
 * What it did is in the log. Whatever it waits for may never come: the clock goes on, and what comes late has nothing
 * to say.
 */
export class KioskSession {
  readonly #settings: KioskSettings;
  readonly #machine: KioskMachine;
  readonly #page: KioskPage;
  readonly #log: DayLog;
  readonly #ration: ReloadRation;
  readonly #watch: KioskWatch;
  readonly #after: After = (ms, callback) => this.#page.after(ms, callback);
  readonly #state: Store<KioskState>;
  #ends: (() => void)[] = [];
  #failures = 0;
  /** Since when the machine runs as it should. */
  #readyAt = 0;
  /** When an error was noted. */
  readonly #errors = new Map<string, number>();
  /** The file that the log has already said is missing. */
  #missing = '';
  /** Counts what was begun: what ends later than the next beginning has nothing to say. */
  #turn = 0;

  constructor(
    settings: KioskSettings,
    machine: KioskMachine,
    page: KioskPage,
    log: DayLog,
    ration: ReloadRation,
  ) {
    this.#settings = settings;
    this.#machine = machine;
    this.#page = page;
    this.#log = log;
    this.#ration = ration;
    const at = page.now();
    this.#state = new Store<KioskState>(
      this.#isAwake()
        ? { phase: 'starting', since: at, heardAt: at }
        : { phase: 'asleep', since: at, by: 'schedule' },
    );
    this.#watch = new KioskWatch(machine, this.#after, {
      broken: (kind, detail) => this.#broken(kind, detail),
      ended: () => {
        // A visitor may shut it down; the next one finds it on.
        this.note('shut-down');
        this.send({ type: 'start-again' });
      },
      hung: () => {
        this.note('machine-hung', 'its worker does not answer');
        this.send({ type: 'reload', because: 'hung' });
      },
    });
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
      this.#page.every(PING_EVERY_MS, () => void this.#watch.ping(() => this.#state.value)),
      this.#machine.onProgress(() => this.send({ type: 'progress' })),
    ];
    this.#enter(this.#state.value, this.#state.value);
    return () => {
      for (const end of this.#ends) end();
    };
  }

  /** See `KioskPage.now`. */
  now(): number {
    return this.#page.now();
  }

  /** See `KioskPage.date`. */
  date(): Date {
    return this.#page.date();
  }

  /** Somebody touched something, or a state was asked for. */
  send(news: KioskNews): void {
    const before = this.#state.value;
    const after = stepKiosk(before, { ...news, at: this.now() }, this.#settings);
    if (after === before) return;
    this.#state.set(after);
    // A start that failed is followed by a new one.
    const isAnew = after.phase === 'starting' && news.type === 'broken';
    if (isAnew || after.phase !== before.phase) this.#enter(after, before);
  }

  /** An error that nobody caught. It is noted and no more: only a machine that does not answer is taken from a visitor. */
  pageError(detail: string): void {
    const at = this.now();
    for (const [known, since] of this.#errors) if (at - since > SAME_ERROR_MS) this.#errors.delete(known);
    if (this.#errors.has(detail) || this.#errors.size >= MOST_ERRORS) return;
    this.#errors.set(detail, at);
    this.note('page-error', detail);
  }

  note(kind: Parameters<DayLog['note']>[1], detail = ''): void {
    this.#log.note(this.#page.date().getTime(), kind, detail);
  }

  /** Does what a state asks for. */
  #enter(after: KioskState, before: KioskState): void {
    this.#turn++;
    switch (after.phase) {
      case 'visiting':
        if (before.phase === 'attract') this.note('visitor');
        return;
      case 'resetting':
        void this.#bring('reset', 'reset-failed', () => this.#machine.reset());
        return;
      case 'starting':
        void this.#start();
        return;
      case 'reloading':
        if (after.because === 'woke') this.note('woke');
        if (after.because === 'long') this.note('machine-hung', `no end of ${before.phase}`);
        void this.#reload(after.because);
        return;
      case 'asleep':
        // Back from the staff's screen it was asleep already.
        if (before.phase !== 'staff' || before.back.phase !== 'asleep') this.note('slept');
        void this.#turnOff();
        return;
      case 'staff':
        this.note('staff');
        return;
      case 'attract':
      case 'countdown':
      case 'resting':
      case 'needs-file':
        return;
    }
  }

  #start(): Promise<void> {
    return this.#bring('started', 'machine-failed', () => this.#machine.start());
  }

  /** Brings the machine to where a visitor should find it. */
  async #bring(
    done: 'started' | 'reset',
    failed: 'machine-failed' | 'reset-failed',
    work: () => Promise<void>,
  ): Promise<void> {
    const turn = this.#turn;
    try {
      await work();
      if (turn !== this.#turn) return;
      this.#missing = '';
      this.note(done);
      this.#readyAt = this.now();
      this.send({ type: 'ready' });
    } catch (error) {
      if (turn !== this.#turn) return;
      if (error instanceof FileNeeded) this.#needsFile(error);
      else this.#broken(failed, describe(error));
    }
  }

  #needsFile({ file, message }: FileNeeded): void {
    if (this.#missing !== file) this.note('needs-file', `${file}: ${message}`);
    this.#missing = file;
    this.send({ type: 'needs-file', name: file });
  }

  async #reload(because: ReloadCause): Promise<void> {
    const turn = this.#turn;
    // A worker that hangs cannot be asked to end.
    if (because === 'hung' || because === 'long') this.#machine.cut();
    const isAllowed = this.#ration.allows(because, this.#page.date().getTime());
    const comes = isAllowed && (await this.#isAnswered());
    if (turn !== this.#turn) return;
    if (!comes) {
      this.note('not-reloaded', isAllowed ? 'nobody would answer' : `too often: ${because}`);
      const isFailure = because === 'hung' || because === 'long';
      this.send({ type: 'not-reloaded', retryAt: isFailure ? this.#fail() : null });
      return;
    }
    this.#ration.spend(because, this.#page.date().getTime());
    this.note('page-reloaded', because);
    try {
      await this.#page.reload();
    } catch (error) {
      this.note('not-reloaded', describe(error));
      if (turn === this.#turn) this.send({ type: 'not-reloaded', retryAt: this.#fail() });
    }
  }

  async #isAnswered(): Promise<boolean> {
    try {
      return await this.#within(PROBE_MS, this.#page.answers(), false);
    } catch {
      // Whatever was in the way would be in the way of the page too.
      return false;
    }
  }

  async #turnOff(): Promise<void> {
    const turn = this.#turn;
    try {
      const done = this.#machine.powerOff().then(() => true);
      if (await this.#within(TURN_OFF_MS, done, false)) return;
      if (turn !== this.#turn) return;
      this.note('machine-hung', 'it did not turn off');
    } catch (error) {
      if (turn !== this.#turn) return;
      this.note('machine-failed', describe(error));
    }
    // One that cannot be turned off properly does not run on through the night.
    this.#machine.cut();
  }

  #tick(): void {
    const at = this.now();
    if (isOpen(this.#state.value) && at - this.#readyAt > STEADY_MS) this.#failures = 0;
    this.#watch.look(this.#state.value, at);
    this.send({ type: 'tick', awake: this.#isAwake() });
  }

  #broken(kind: 'machine-failed' | 'machine-hung' | 'reset-failed', detail: string): void {
    this.note(kind, detail);
    this.send({ type: 'broken', retryAt: this.#fail() });
  }

  /** Counts a failure; when the machine may be tried again, null for at once. */
  #fail(): number | null {
    this.#failures++;
    const wait = waitAfter(this.#failures);
    return wait === null ? null : this.now() + wait;
  }

  /** What comes of something, or `otherwise` when it takes longer. */
  #within<T>(ms: number, work: Promise<T>, otherwise: T): Promise<T> {
    return withinOr(work, ms, otherwise, this.#after);
  }

  #isAwake(): boolean {
    const now = this.#page.date();
    return isAwake(this.#settings.schedule, now.getDay(), now.getHours(), now.getMinutes());
  }
}

/** For the log, whose readers may look a code up. */
function describe(thrown: unknown): string {
  return thrown instanceof VitrineError ? `${thrown.code}: ${thrown.message}` : String(thrown);
}
