import type { PowerState } from '../machine/power.ts';

/** The state of the machine in one sentence, for the line under the case and for screen readers. */
export function describePower(state: PowerState): string {
  switch (state.power) {
    case 'off':
      if (state.reason === 'guest') return 'The machine has shut down.';
      if (state.reason === 'not-resumed') return 'The machine is off, as it was.';
      return state.reason === 'visitor'
        ? 'The machine is off.'
        : 'The machine is off. Press its power button.';
    case 'starting':
      return 'The machine is starting.';
    case 'running':
      return 'The machine is running.';
    case 'paused':
      if (state.reason === 'hidden') return 'The machine is paused because its page was hidden.';
      return state.reason === 'storage-full'
        ? 'The machine is paused: storage is full.'
        : 'The machine is paused.';
    case 'failed':
      return `The machine has stopped. ${state.error.message}`;
  }
}
