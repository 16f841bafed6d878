import type { VitrineError } from '../lib/errors.ts';

/** What the visitor sees of the machine's power, as the contract names it. */
export type Power = 'off' | 'starting' | 'running' | 'paused' | 'failed';

/**
 * Why a machine is off or waits: shown in words beside the power button.
 * `taken-unsaved`: another tab took it, and there was no room for what it wrote last. `not-resumed`: it was to go on
 * from a moment, and could not; nothing of it has changed.
 */
export type OffReason = 'never-on' | 'visitor' | 'guest' | 'taken-over' | 'taken-unsaved' | 'not-resumed';
export type PauseReason = 'visitor' | 'hidden' | 'storage-full';

/** The power of one machine. Only `reducePower` makes a new one. */
export type PowerState =
  | { readonly power: 'off'; readonly reason: OffReason }
  | { readonly power: 'starting' }
  | { readonly power: 'running' }
  | { readonly power: 'paused'; readonly reason: PauseReason }
  | { readonly power: 'failed'; readonly error: VitrineError };

export type PowerEvent =
  /** Another machine was put in the case. */
  | { readonly type: 'changed' }
  | { readonly type: 'power-on' }
  | { readonly type: 'started' }
  | { readonly type: 'paused'; readonly reason: PauseReason }
  | { readonly type: 'resumed' }
  | { readonly type: 'powered-off'; readonly by: Exclude<OffReason, 'never-on'> }
  | { readonly type: 'failed'; readonly error: VitrineError };

export const INITIAL_POWER: PowerState = { power: 'off', reason: 'never-on' };

/**
 * The next state after an event. An event that does not fit the state (a late message of a worker that is
 * gone, a second `started`) changes nothing and gives back the same object.
 */
export function reducePower(state: PowerState, event: PowerEvent): PowerState {
  switch (event.type) {
    case 'changed':
      return isOn(state) ? state : INITIAL_POWER;
    case 'power-on':
      return state.power === 'off' || state.power === 'failed' ? { power: 'starting' } : state;
    case 'started':
      return state.power === 'starting' ? { power: 'running' } : state;
    case 'paused':
      // One that waits for room goes on when there is some, whoever paused it besides.
      return isOn(state) && state.power !== 'starting' && !isFull(state)
        ? { power: 'paused', reason: event.reason }
        : state;
    case 'resumed':
      return state.power === 'paused' ? { power: 'running' } : state;
    case 'powered-off':
      return isOn(state) ? { power: 'off', reason: event.by } : state;
    case 'failed':
      return isOn(state) ? { power: 'failed', error: event.error } : state;
  }
}

function isFull(state: PowerState): boolean {
  return state.power === 'paused' && state.reason === 'storage-full';
}

/** Whether there is an engine behind the picture: its hardware cannot be changed now. */
export function isOn(state: PowerState): boolean {
  return state.power === 'starting' || state.power === 'running' || state.power === 'paused';
}
