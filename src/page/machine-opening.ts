import { toVitrineError, VitrineError, type ErrorCode } from '../lib/errors.ts';
import { Store, type ReadableStore } from '../lib/store.ts';
import { UNUSED_CHECKPOINT_LABEL, type Opening } from '../machine/opening.ts';
import { isOn, type PowerState } from '../machine/power.ts';
import type { RestoreWish, SnapshotInfo } from '../protocol/snapshot-messages.ts';
import type { BaseStanding } from './base-image.ts';
import type { SessionMoments } from './session-moments.ts';

/** A machine that was left while it was on, and what can be gone on from. */
export type LeftMachine = Exclude<Opening, { kind: 'cold' }>;

/** What is known while it is decided what becomes of a machine that was left. */
interface Left {
  readonly left: LeftMachine;
  /** The moment to go on from, with its picture. */
  readonly moment: SnapshotInfo;
}

/** How far a page that opens on a machine has come. */
export type OpeningState =
  /** Nothing to decide: the machine is on, or was turned off, or was never on. */
  | { readonly phase: 'settled' }
  | { readonly phase: 'looking' }
  /**
   * What this browser keeps cannot be reached now, and nothing of it was changed; the machine is off. `isTrying`: it is
   * being tried again (`retry`). The machine starts without its disk only if the visitor says so.
   */
  | { readonly phase: 'store-failed'; readonly problem: VitrineError; readonly isTrying: boolean }
  /** What is kept of the machine cannot be read; all of it is as it was. */
  | { readonly phase: 'unreadable'; readonly problem: VitrineError }
  /** It goes on by itself. */
  | ({ readonly phase: 'resuming' } & Left)
  /** The machine is off and the visitor is asked; `problem` is why it did not go on. */
  | ({ readonly phase: 'asking'; readonly why: AskingReason; readonly problem: VitrineError | null } & Left)
  /** It goes on as soon as the disc that was in its drive, or the image under its disk, is there; `problem` names it. */
  | ({ readonly phase: 'needs-disc'; readonly problem: VitrineError } & Left);

/**
 * `moved-on`: its disk was written on after the moment. `chosen`: it was put in the case, or came from a file.
 * `cancelled`: the visitor stopped it. `unfinished`: the last time it went on by itself, the page ended meanwhile.
 * `refused`: it could not go on.
 */
export type AskingReason = 'moved-on' | 'chosen' | 'cancelled' | 'unfinished' | 'refused';

/** What an opening needs of its session. */
export interface OpeningSession {
  readonly power: ReadableStore<PowerState>;
  readonly disc: ReadableStore<unknown>;
  /** The image that the machine's disk stands on. */
  readonly base: ReadableStore<BaseStanding | null>;
  readonly moments: Pick<SessionMoments, 'opening' | 'list' | 'open'>;
  machineId(): string;
  /** Looks the machine up; whether anything was ever saved of it. */
  recall(): Promise<boolean>;
  /** Whether another tab has it. */
  isOpenElsewhere(): Promise<boolean>;
  /** The machine runs again, from this moment. `isClean`: it was saved when it was left, so nothing at all is lost. */
  wentOn(moment: SnapshotInfo, isClean: boolean): void;
  powerOn(): Promise<void>;
  powerOff(): Promise<void>;
}

/** Where it is noted that a machine is going on by itself: what ends the page then must not do so again and again. */
export interface ResumeMark {
  machineId(): string | null;
  set(machineId: string | null): void;
}

/** A page that is left holds its machine a little longer; the next one waits for it as long as this. */
const LETTING_GO_MS = 1500;
const LOOK_AGAIN_MS = 50;

/** Everything that is kept is out of reach, or seems to be gone, for one of these. */
const STORE_CODES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'page/not-secure',
  'store/unavailable',
  'store/newer-format',
  'store/open-full',
  'store/open-failed',
  'store/blocked',
  'store/silent',
  'store/failed',
  'store/lost',
  'store/emptied',
]);

/** Whether the browser's store as a whole is out of reach, and not something in it wrong. */
export function isStoreFailure({ code }: VitrineError): boolean {
  return STORE_CODES.has(code);
}

const BASE_CODE = 'disk/base-missing';
const MEDIUM_CODES: readonly string[] = ['snapshot/disc-missing', 'snapshot/other-disc', BASE_CODE];

/**
 * Decides what becomes of a machine when the page opens on it. One that was left running goes on by itself when
 * nothing is lost by that; else the visitor is asked. Whatever else turns the machine on meanwhile goes first, and
 * what could have been gone on from is kept.
 */
export class MachineOpening {
  readonly #state = new Store<OpeningState>({ phase: 'settled' });
  readonly #session: OpeningSession;
  readonly #mark: ResumeMark;
  /** Counts what was begun: an answer to what was given up meanwhile is not for this. */
  #turn = 0;
  #looking: Promise<Left | null> = Promise.resolve(null);
  #attempt: AbortController | null = null;
  #asks = false;

  constructor(session: OpeningSession, mark: ResumeMark) {
    this.#session = session;
    this.#mark = mark;
    session.disc.subscribe((disc) => {
      const state = this.#state.value;
      if (state.phase === 'needs-disc' && disc !== null) void this.#goOn(state);
    });
    session.base.subscribe((base) => {
      const state = this.#state.value;
      if (state.phase === 'needs-disc' && state.problem.code === BASE_CODE && base?.have === 'open')
        void this.#goOn(state);
    });
  }

  get state(): ReadableStore<OpeningState> {
    return this.#state;
  }

  /**
   * Looks at the machine in the case, which is off. One that was left running goes on by itself, unless `asks`.
   * Resolves when it runs or waits for the visitor; never rejects: what is wrong is in the state.
   */
  async begin({ asks = false }: { asks?: boolean } = {}): Promise<void> {
    if (isOn(this.#session.power.value)) return;
    this.#asks = asks;
    await this.#begin({ phase: 'looking' });
  }

  /** Looks again after the store could not be opened; what it was to do when the page opened is done then. */
  async retry(): Promise<void> {
    const state = this.#state.value;
    if (state.phase === 'store-failed' && !state.isTrying) await this.#begin({ ...state, isTrying: true });
  }

  /** The store failed when the machine was turned on; it is off. */
  storeFailed(problem: VitrineError): void {
    this.forget();
    this.#state.set({ phase: 'store-failed', problem, isTrying: false });
  }

  /** Whether this error is what is said here already. */
  tells(error: VitrineError): boolean {
    const state = this.#state.value;
    return 'problem' in state && state.problem === error;
  }

  async #begin(meanwhile: OpeningState): Promise<void> {
    const turn = ++this.#turn;
    const asks = this.#asks;
    this.#state.set(meanwhile);
    this.#looking = this.#look();
    let found: Left | null;
    try {
      found = await this.#looking;
    } catch (thrown) {
      if (turn !== this.#turn) return;
      const problem = toVitrineError(thrown);
      if (isStoreFailure(problem)) this.storeFailed(problem);
      else this.#state.set({ phase: 'unreadable', problem });
      return;
    }
    if (turn !== this.#turn) return;
    if (!found) return this.#state.set({ phase: 'settled' });
    const isUnfinished = this.#mark.machineId() === this.#session.machineId();
    this.#mark.set(null);
    if (found.left.kind === 'resume' && !asks && !isUnfinished) return this.#goOn(found);
    const why = asks ? 'chosen' : found.left.kind === 'offer-both' ? 'moved-on' : 'unfinished';
    this.#state.set({ ...found, phase: 'asking', why, problem: null });
  }

  /** What the visitor takes: the moment with its memory, or the disk as it stands. The other one is kept. */
  async choose(choice: 'moment' | 'disk'): Promise<void> {
    const state = this.#state.value;
    if (state.phase !== 'asking' && state.phase !== 'needs-disc') return;
    if (choice === 'moment') await this.#goOn(state);
    else await this.#session.powerOn();
  }

  /** Stops going on: the machine is off, and all of it is kept. */
  async cancel(): Promise<void> {
    const state = this.#state.value;
    if (state.phase === 'needs-disc') {
      this.#state.set({ ...state, phase: 'asking', why: 'cancelled', problem: null });
    } else if (state.phase === 'resuming') {
      this.#attempt?.abort();
      await this.#session.powerOff();
    }
  }

  /** The visitor has read what is wrong. */
  dismiss(): void {
    if (this.#state.value.phase === 'unreadable') this.forget();
  }

  /** Another machine is in the case, or this one is another. */
  forget(): void {
    this.#turn++;
    this.#attempt?.abort();
    this.#state.set({ phase: 'settled' });
  }

  /**
   * The machine is being turned on, to go on from `restore` or from its disk. What it could have gone on from becomes
   * a moment of its own, unless it is this that is gone on from, or what is there is to be lost. `hasFailed`: it ended
   * under its visitor in this page, which leaves the same behind as a crash. Rejects while the store cannot be reached.
   */
  async giveWay(restore: RestoreWish | null, hasFailed: boolean): Promise<void> {
    const state = this.#state.value;
    if (state.phase === 'settled') {
      // What cannot be read is told by whatever is turned on now.
      if (hasFailed && !restore) await this.#keep(await this.#look().catch(() => null));
      return;
    }
    if (state.phase === 'resuming' && restore?.id === state.left.momentId) return;
    const looking = this.#looking;
    // Nothing was seen yet. If it still cannot be, the machine must not begin as if there were nothing.
    if (state.phase === 'store-failed') this.#state.set({ ...state, isTrying: true });
    const seen = state.phase === 'store-failed' ? await this.#look() : null;
    this.forget();
    const found =
      'left' in state
        ? state
        : state.phase === 'store-failed'
          ? seen
          : await looking.catch((thrown: unknown) => this.#lookIfHidden(thrown));
    if (!found || restore?.keep === 'nothing' || restore?.id === found.left.momentId) return;
    await this.#keep(found);
  }

  /** What could not be seen because the store could not be reached is looked for once more; rejects as before. */
  async #lookIfHidden(thrown: unknown): Promise<Left | null> {
    return isStoreFailure(toVitrineError(thrown)) ? this.#look() : null;
  }

  async #keep(found: Left | null): Promise<void> {
    if (found) await this.#session.moments.open(found.left, 'disk', { label: UNUSED_CHECKPOINT_LABEL });
  }

  async #look(): Promise<Left | null> {
    const session = this.#session;
    if (!(await session.recall())) return null;
    if (await this.#isElsewhere()) return null;
    const left = await session.moments.opening();
    if (left.kind === 'cold') return null;
    const moment = (await session.moments.list()).find(({ id }) => id === left.momentId);
    return moment ? { left, moment } : null;
  }

  async #isElsewhere(): Promise<boolean> {
    const end = performance.now() + LETTING_GO_MS;
    while (await this.#session.isOpenElsewhere()) {
      if (performance.now() > end) return true;
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
    return false;
  }

  async #goOn({ left, moment }: Left): Promise<void> {
    const turn = ++this.#turn;
    const attempt = new AbortController();
    this.#attempt = attempt;
    this.#state.set({ phase: 'resuming', left, moment });
    this.#mark.set(this.#session.machineId());
    try {
      await this.#session.moments.open(left, 'moment', { signal: attempt.signal });
      if (turn === this.#turn) this.#state.set({ phase: 'settled' });
      this.#session.wentOn(moment, left.kind === 'resume' && left.isClean);
    } catch (thrown) {
      if (turn !== this.#turn) return;
      const problem = toVitrineError(thrown);
      const known = { left, moment };
      // Stopped here, or by the power button.
      if (attempt.signal.aborted || problem.code === 'machine/stopped')
        this.#state.set({ ...known, phase: 'asking', why: 'cancelled', problem: null });
      else if (isStoreFailure(problem)) this.storeFailed(problem);
      else if (MEDIUM_CODES.includes(problem.code))
        this.#state.set({ ...known, phase: 'needs-disc', problem });
      else this.#state.set({ ...known, phase: 'asking', why: 'refused', problem });
    } finally {
      if (turn === this.#turn) this.#attempt = null;
      this.#mark.set(null);
    }
  }
}
