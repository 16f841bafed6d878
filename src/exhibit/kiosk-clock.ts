import type { KioskSettings } from './kiosk-settings.ts';

/** Why the page is loaded again: `woke` by the schedule or a touch, for `staff`, the worker `hung`, or it took too `long`. */
export type ReloadCause = 'woke' | 'staff' | 'hung' | 'long';

/**
 * Where a kiosk is with its visitors. Times are milliseconds of one clock that never jumps. Only `attract` while it is
 * awake and `asleep` may last: every other phase ends by ticks alone, whatever the machine, the browser or a visitor
 * leaves undone.
 */
export type KioskState =
  /** The machine is being started; nobody can do anything yet. `heardAt`: when it last came on. */
  | { readonly phase: 'starting'; readonly since: number; readonly heardAt: number }
  /** Nobody is there: it invites people. */
  | { readonly phase: 'attract' }
  | { readonly phase: 'visiting'; readonly touchedAt: number }
  /** The visitor seems gone: a touch before `endsAt` says no. */
  | { readonly phase: 'countdown'; readonly endsAt: number }
  /** Back to the first state. */
  | { readonly phase: 'resetting'; readonly since: number; readonly heardAt: number }
  /** The machine is off and the screen dark. What staff put to sleep is woken by a touch, too. */
  | { readonly phase: 'asleep'; readonly since: number; readonly by: 'schedule' | 'staff' }
  /** Whoever holds the corner is asked for the PIN, and has the menu then. `back`: what it was before. */
  | {
      readonly phase: 'staff';
      readonly screen: 'pin' | 'menu';
      readonly touchedAt: number;
      readonly back: Exclude<KioskState, { phase: 'staff' }>;
    }
  /** The machine failed again and again: people are asked to come back, and it is tried again at `retryAt`. */
  | { readonly phase: 'resting'; readonly retryAt: number }
  /** The machine needs a file of this computer, which a browser gives only to a touch or to staff. */
  | { readonly phase: 'needs-file'; readonly since: number; readonly name: string }
  /** The page is about to be loaded again, if that can be. */
  | { readonly phase: 'reloading'; readonly since: number; readonly because: ReloadCause };

/** `at`: when it happened, by the clock of the state. */
export type KioskEvent = { readonly at: number } &
  /** Time went by. `awake`: whether the schedule has it awake now. */
  (
    | { readonly type: 'tick'; readonly awake: boolean }
    | { readonly type: 'touch' }
    /** Starting or going back came on a little. */
    | { readonly type: 'progress' }
    /** The machine is as a visitor should find it. */
    | { readonly type: 'ready' }
    | { readonly type: 'start-again' }
    /** Somebody held the corner. */
    | { readonly type: 'staff' }
    | { readonly type: 'staff-unlocked' }
    | { readonly type: 'staff-left' }
    | { readonly type: 'sleep' }
    /** The machine died or stopped and has to be started; `retryAt` when that has to wait. */
    | { readonly type: 'broken'; readonly retryAt: number | null }
    /** The machine cannot be started without a file of this name. */
    | { readonly type: 'needs-file'; readonly name: string }
    | { readonly type: 'file-given' }
    /** The page has to be loaded again. */
    | { readonly type: 'reload'; readonly because: ReloadCause }
    /** It could not be: nothing would answer, or it was done too often. */
    | { readonly type: 'not-reloaded'; readonly retryAt: number | null }
  );

/** How long starting and going back may stand still, and how long they may take at all, in milliseconds. */
export const SILENCE_MS = 120_000;
export const LONGEST_START_MS = 900_000;
/** How long a page may take to go. */
export const LONGEST_RELOAD_MS = 90_000;
/** How long nobody has to touch the PIN screen, and the menu behind it, for it to close by itself. */
export const PIN_SCREEN_MS = 60_000;
export const MENU_MS = 300_000;
/** A file that was not given may be back by itself after this long. */
export const FILE_AGAIN_MS = 300_000;
/** The finger that put it to sleep wakes nothing. */
export const SETTLE_MS = 3_000;
/** A machine that failed rests this long at most. */
export const LONGEST_REST_MS = 300_000;

/**
 * The state after an event. Pure: whoever drives it does what entering a state asks for (starting in `starting`, going
 * back in `resetting`, turning off in `asleep`, loading the page in `reloading`) and reports what came of it.
 */
export function stepKiosk(state: KioskState, event: KioskEvent, settings: KioskSettings): KioskState {
  const { at } = event;
  switch (event.type) {
    case 'tick':
      return tick(state, at, event.awake, settings);
    case 'touch':
      return touch(state, at);
    case 'progress':
      return state.phase === 'starting' || state.phase === 'resetting' ? { ...state, heardAt: at } : state;
    case 'ready':
      return state.phase === 'starting' || state.phase === 'resetting' ? { phase: 'attract' } : state;
    case 'start-again':
      return isOpen(state) || state.phase === 'staff' ? begin('resetting', at) : state;
    case 'staff':
      return state.phase === 'staff' ? state : { phase: 'staff', screen: 'pin', touchedAt: at, back: state };
    case 'staff-unlocked':
      return state.phase === 'staff' ? { ...state, screen: 'menu', touchedAt: at } : state;
    case 'staff-left':
      if (state.phase !== 'staff') return state;
      // Staff look at what they made; who never knew the PIN changed nothing.
      return state.screen === 'menu' ? { phase: 'visiting', touchedAt: at } : goBack(state.back, at);
    case 'sleep':
      return { phase: 'asleep', since: at, by: 'staff' };
    case 'broken':
      return isOpen(state) || state.phase === 'starting' || state.phase === 'resetting'
        ? tryAgain(at, event.retryAt)
        : state;
    case 'needs-file':
      return state.phase === 'starting' || state.phase === 'resetting'
        ? { phase: 'needs-file', since: at, name: event.name }
        : state;
    case 'file-given':
      return state.phase === 'needs-file' || state.phase === 'staff' ? begin('starting', at) : state;
    case 'reload':
      // Nobody's menu is taken away by the watch.
      if (state.phase === 'reloading' || (state.phase === 'staff' && event.because !== 'staff')) return state;
      return { phase: 'reloading', since: at, because: event.because };
    case 'not-reloaded':
      return state.phase === 'reloading' ? tryAgain(at, event.retryAt) : state;
  }
}

function tick(state: KioskState, at: number, awake: boolean, settings: KioskSettings): KioskState {
  switch (state.phase) {
    case 'attract':
      return awake ? state : { phase: 'asleep', since: at, by: 'schedule' };
    case 'visiting':
      // A visitor at closing time is not thrown out: the screen sleeps when they are gone.
      if (at - state.touchedAt < settings.idleSeconds * 1000) return state;
      return { phase: 'countdown', endsAt: at + settings.countdownSeconds * 1000 };
    case 'countdown':
      if (at < state.endsAt) return state;
      return settings.resetAfterVisitor ? begin('resetting', at) : { phase: 'attract' };
    case 'asleep':
      if (state.by === 'schedule') return awake ? { phase: 'reloading', since: at, because: 'woke' } : state;
      // Closing time came: from here on the schedule has it.
      return awake ? state : { ...state, by: 'schedule' };
    case 'resting':
      if (!awake) return { phase: 'asleep', since: at, by: 'schedule' };
      return at < state.retryAt ? state : begin('starting', at);
    case 'needs-file':
      if (!awake) return { phase: 'asleep', since: at, by: 'schedule' };
      return at - state.since < FILE_AGAIN_MS ? state : begin('starting', at);
    case 'starting':
    case 'resetting':
      if (at - state.heardAt < SILENCE_MS && at - state.since < LONGEST_START_MS) return state;
      return { phase: 'reloading', since: at, because: 'long' };
    case 'reloading':
      return at - state.since < LONGEST_RELOAD_MS ? state : begin('starting', at);
    case 'staff':
      if (at - state.touchedAt < (state.screen === 'pin' ? PIN_SCREEN_MS : MENU_MS)) return state;
      return goBack(state.back, at);
  }
}

function touch(state: KioskState, at: number): KioskState {
  if (isOpen(state)) return { phase: 'visiting', touchedAt: at };
  if (state.phase === 'staff') return { ...state, touchedAt: at };
  if (state.phase === 'asleep' && state.by === 'staff' && at - state.since >= SETTLE_MS)
    return { phase: 'reloading', since: at, because: 'woke' };
  return state;
}

/** Whether visitors may come to the machine, which runs then. */
export function isOpen({ phase }: KioskState): boolean {
  return phase === 'attract' || phase === 'visiting' || phase === 'countdown';
}

function begin(phase: 'starting' | 'resetting', at: number): KioskState {
  return { phase, since: at, heardAt: at };
}

function tryAgain(at: number, retryAt: number | null): KioskState {
  if (retryAt === null) return begin('starting', at);
  return { phase: 'resting', retryAt: Math.min(retryAt, at + LONGEST_REST_MS) };
}

/** From the staff's screen, as if it had not been there. What was under way goes on from its beginning. */
function goBack(back: Exclude<KioskState, { phase: 'staff' }>, at: number): KioskState {
  switch (back.phase) {
    case 'visiting':
    case 'countdown':
      return { phase: 'visiting', touchedAt: at };
    case 'starting':
    case 'resetting':
    case 'reloading':
    case 'needs-file':
      return begin('starting', at);
    case 'attract':
    case 'asleep':
    case 'resting':
      return back;
  }
}

/** Whole seconds that are left of a countdown. */
export function secondsLeft(state: KioskState, at: number): number {
  return state.phase === 'countdown' ? Math.max(0, Math.ceil((state.endsAt - at) / 1000)) : 0;
}

/** Failures that are forgotten when the machine ran this long after them, in milliseconds. */
export const STEADY_MS = 120_000;

const WAITS_SECONDS = [0, 0, 5, 15, 60];

/** How long a machine that failed for the `failures`-th time in a row waits before it is started again; null: not at all. */
export function waitAfter(failures: number): number | null {
  const index = failures - 1;
  const wait = index < WAITS_SECONDS.length ? WAITS_SECONDS[index] * 1000 : LONGEST_REST_MS;
  return wait === 0 ? null : wait;
}
