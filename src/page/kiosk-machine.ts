import type { VitrineError } from '../lib/errors.ts';
import { toVitrineError } from '../lib/errors.ts';
import { isOn } from '../machine/power.ts';
import type { MachineSession } from './machine-session.ts';

/** The machine cannot be started without a file of this computer, which a browser gives only in a gesture. */
export class FileNeeded extends Error {
  /** The file's name, for people. */
  readonly file: string;

  constructor(file: string, cause: VitrineError) {
    super(`${cause.code}: ${cause.message}`, { cause });
    this.name = 'FileNeeded';
    this.file = file;
  }
}

/** What a kiosk does with its machine. */
export interface KioskMachine {
  /**
   * Starts it as a visitor should find it: at its first state, else anew. What an earlier try left behind is cut off before.
   * Rejects when it cannot be, with `FileNeeded` when only a file is missing.
   */
  start(): Promise<void>;
  /** Brings a machine that is on back to what `start` gives; rejects likewise. */
  reset(): Promise<void>;
  powerOff(): Promise<void>;
  /** Ends it at once, whatever it waits for; what was saved is kept. */
  cut(): void;
  /**
   * How it stands; 'ended' when the guest turned itself off, 'stopped' when its processor waits for nothing, 'between'
   * while it is neither on nor off, 'hidden' while it rests because nobody sees the page.
   */
  standing(): 'runs' | 'failed' | 'ended' | 'stopped' | 'full' | 'between' | 'hidden';
  /** Why it failed, for the log. */
  failure(): string;
  /** Resolves when its worker answers. */
  ping(): Promise<unknown>;
  /** Calls back whenever starting or going back comes on; returns the function that ends it. */
  onProgress(callback: () => void): () => void;
}

/** What of a session a kiosk uses. */
export type KioskedSession = Pick<
  MachineSession,
  'power' | 'halted' | 'deeds' | 'powerOn' | 'powerOff' | 'abandon' | 'stats'
> & {
  readonly moments: Pick<MachineSession['moments'], 'resetToFirst' | 'goingBack'>;
  readonly opening: Pick<MachineSession['opening'], 'state' | 'begin' | 'retry'>;
};

/** What is missing is a file, or the file is another one than it was. */
const FILE_CODES: readonly string[] = [
  'disk/base-missing',
  'disk/base-changed',
  'image/changed',
  'bytes/unreadable',
  'bytes/silent',
  'snapshot/disc-missing',
  'snapshot/other-disc',
];

/** The machine in the case as a kiosk handles it. `opened`: when it is decided what becomes of one that was left running. */
export function kioskMachine(session: KioskedSession, opened: () => Promise<void>): KioskMachine {
  const { power } = session;
  /** Ends what was begun and is not wanted any more. */
  let attempt = new AbortController();
  let isFirstStart = true;

  /** What is kept of the machine was looked at and could be read: what cannot be read is not taken for nothing. */
  async function looked(): Promise<void> {
    await opened();
    const { phase } = session.opening.state.value;
    if (phase === 'store-failed') await session.opening.retry();
    else if (phase === 'unreadable') await session.opening.begin({ asks: true });
    const state = session.opening.state.value;
    if (state.phase === 'store-failed' || state.phase === 'unreadable') throw state.problem;
  }

  async function toFirst(signal: AbortSignal): Promise<boolean> {
    const done = await session.moments.resetToFirst('nothing', { signal });
    // What is said of going back is for visitors of their own machine, not for these.
    session.deeds.dismiss();
    return done;
  }

  /** What there is no room for was a visitor's, and nobody waits for it. */
  async function powerOff(): Promise<void> {
    await session.powerOff({ unsaved: 'drop' });
  }

  async function anew(): Promise<void> {
    if (isOn(power.value)) await powerOff();
    await session.powerOn();
  }

  function cut(): void {
    attempt.abort();
    attempt = new AbortController();
    session.abandon();
  }

  return {
    async start() {
      if (!isFirstStart) cut();
      isFirstStart = false;
      const { signal } = attempt;
      try {
        await looked();
        if (!(await toFirst(signal)) && !signal.aborted) await anew();
      } catch (thrown) {
        throw asFileNeeded(thrown);
      }
    },
    async reset() {
      const { signal } = attempt;
      try {
        if (!(await toFirst(signal)) && !signal.aborted) await anew();
      } catch (thrown) {
        throw asFileNeeded(thrown);
      }
    },
    powerOff,
    cut,
    standing() {
      const state = power.value;
      switch (state.power) {
        case 'failed':
          return 'failed';
        case 'off':
          return 'ended';
        case 'starting':
          return 'between';
        case 'running':
          return session.halted.value ? 'stopped' : 'runs';
        case 'paused':
          if (state.reason === 'storage-full') return 'full';
          return document.hidden ? 'hidden' : 'between';
      }
    },
    failure() {
      const state = power.value;
      return state.power === 'failed' ? `${state.error.code}: ${state.error.message}` : '';
    },
    ping: () => session.stats(),
    onProgress: (callback) =>
      session.moments.goingBack.subscribe((progress) => progress !== null && callback()),
  };
}

function asFileNeeded(thrown: unknown): unknown {
  const error = toVitrineError(thrown);
  const name = error.params['name'];
  return FILE_CODES.includes(error.code) && typeof name === 'string' ? new FileNeeded(name, error) : thrown;
}
