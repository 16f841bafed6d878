import type { Power } from '../machine/power.ts';
import type { PointerCondition } from './exhibit-file.ts';

/** What of the machine decides which things can be seen on it. */
export interface Seen {
  readonly power: Power;
  readonly mode: 'text' | 'graphics' | null;
  /** The house disc, Windows, or a system that is not known; what is in the tray of a machine that is off counts not. */
  readonly system: 'house-disc' | 'windows' | 'other';
}

/** Whether a thing with this condition can be seen on the machine now. A paused machine still shows its picture. */
export function isVisible(condition: PointerCondition, seen: Seen): boolean {
  const on = seen.power === 'running' || seen.power === 'paused';
  switch (condition) {
    case 'always':
      return true;
    case 'off':
      return seen.power === 'off';
    case 'on':
      return on;
    case 'text':
    case 'graphics':
      return on && seen.mode === condition;
    case 'house-disc':
    case 'windows':
      return on && seen.mode === 'graphics' && seen.system === condition;
  }
}
