import type { KioskSettings } from './kiosk-settings.ts';

/** Where a kiosk is with its visitors. Times are milliseconds of one clock. */
export type KioskState =
  /** The machine is being started; nobody can do anything yet. */
  | { readonly phase: 'starting' }
  /** Nobody is there: it invites people. */
  | { readonly phase: 'attract' }
  | { readonly phase: 'visiting'; readonly touchedAt: number }
  /** The visitor seems gone: a touch before `endsAt` says no. */
  | { readonly phase: 'countdown'; readonly endsAt: number }
  /** Back to the first state. */
  | { readonly phase: 'resetting' }
  /** The machine is off and the screen dark. */
  | { readonly phase: 'asleep' }
  /** Members of the museum are at it; nothing happens by itself. */
  | { readonly phase: 'staff' }
  /** The machine failed again and again: people are asked to come back, and it is tried again at `retryAt`. */
  | { readonly phase: 'resting'; readonly retryAt: number };

export type KioskEvent =
  /** Time went by. `awake`: whether the schedule has it awake now. */
  | { readonly type: 'tick'; readonly at: number; readonly awake: boolean }
  | { readonly type: 'touch'; readonly at: number }
  /** The machine is as a visitor should find it. */
  | { readonly type: 'ready' }
  | { readonly type: 'start-again' }
  | { readonly type: 'staff' }
  | { readonly type: 'staff-left'; readonly at: number }
  | { readonly type: 'sleep' }
  /** The machine died or hangs and has to be started; `retryAt` when that has to wait. */
  | { readonly type: 'broken'; readonly retryAt: number | null };

/**
 * The state after an event. Pure: whoever drives it does what entering a state asks for (starting in `starting`, going
 * back in `resetting`, turning off in `asleep`) and reports `ready`.
 */
export function stepKiosk(state: KioskState, event: KioskEvent, settings: KioskSettings): KioskState {
  switch (event.type) {
    case 'tick':
      return tick(state, event.at, event.awake, settings);
    case 'touch':
      return state.phase === 'attract' || state.phase === 'visiting' || state.phase === 'countdown'
        ? { phase: 'visiting', touchedAt: event.at }
        : state;
    case 'ready':
      return state.phase === 'starting' || state.phase === 'resetting' ? { phase: 'attract' } : state;
    case 'start-again':
      return state.phase === 'asleep' || state.phase === 'starting' ? state : { phase: 'resetting' };
    case 'staff':
      return { phase: 'staff' };
    case 'staff-left':
      return state.phase === 'staff' ? { phase: 'visiting', touchedAt: event.at } : state;
    case 'sleep':
      return { phase: 'asleep' };
    case 'broken':
      if (state.phase === 'asleep' || state.phase === 'staff') return state;
      return event.retryAt === null ? { phase: 'starting' } : { phase: 'resting', retryAt: event.retryAt };
  }
}

function tick(state: KioskState, at: number, awake: boolean, settings: KioskSettings): KioskState {
  switch (state.phase) {
    case 'attract':
      return awake ? state : { phase: 'asleep' };
    case 'visiting':
      // A visitor at closing time is not thrown out: the screen sleeps when they are gone.
      if (at - state.touchedAt < settings.idleSeconds * 1000) return state;
      return { phase: 'countdown', endsAt: at + settings.countdownSeconds * 1000 };
    case 'countdown':
      if (at < state.endsAt) return state;
      return settings.resetAfterVisitor ? { phase: 'resetting' } : { phase: 'attract' };
    case 'asleep':
      return awake ? { phase: 'starting' } : state;
    case 'resting':
      return at < state.retryAt ? state : { phase: 'starting' };
    case 'starting':
    case 'resetting':
    case 'staff':
      return state;
  }
}

/** Whole seconds that are left of a countdown. */
export function secondsLeft(state: KioskState, at: number): number {
  return state.phase === 'countdown' ? Math.max(0, Math.ceil((state.endsAt - at) / 1000)) : 0;
}

/** Failures that are forgotten when the machine ran this long after them, in milliseconds. */
export const STEADY_MS = 120_000;

const WAITS_SECONDS = [0, 0, 5, 15, 60];
const LONGEST_WAIT_SECONDS = 300;

/** How long a machine that failed for the `failures`-th time in a row waits before it is started again; null: not at all. */
export function waitAfter(failures: number): number | null {
  const seconds = WAITS_SECONDS[failures - 1] ?? LONGEST_WAIT_SECONDS;
  return seconds === 0 ? null : seconds * 1000;
}
