import { t } from '../lib/language.ts';
import type { PowerState } from '../machine/power.ts';

/** The state of the machine in one sentence, for the line under the case and for screen readers. */
export function describePower(state: PowerState): string {
  switch (state.power) {
    case 'off':
      if (state.reason === 'guest') return t`The machine has shut down.`;
      if (state.reason === 'not-resumed') return t`The machine is off, as it was.`;
      return state.reason === 'visitor'
        ? t`The machine is off.`
        : t`The machine is off. Press its power button.`;
    case 'starting':
      return t`The machine is starting.`;
    case 'running':
      return t`The machine is running.`;
    case 'paused':
      if (state.reason === 'hidden') return t`The machine is paused because its page was hidden.`;
      return state.reason === 'storage-full'
        ? t`The machine is paused: storage is full.`
        : t`The machine is paused.`;
    case 'failed':
      return t`The machine has stopped. ${state.error.words}`;
  }
}
