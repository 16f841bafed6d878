import { Store } from '../lib/store.ts';
import { LocalMemory } from './local-memory.ts';

/** How the visitor wants the exhibit to behave; remembered on this device. */
export interface Preferences {
  /** The machine stops while nobody can see its page. */
  readonly pauseWhenHidden: boolean;
  /** The picture only at whole scales, sharp to the pixel, even where that leaves the screen half empty. */
  readonly sharpPicture: boolean;
  /** Sounds of the machine are written beside its screen. */
  readonly soundCaptions: boolean;
  /** Name of the layout printed on the keyboard on the screen; '' for the one of the page's language. */
  readonly keyboardLayout: string;
}

export const DEFAULT_PREFERENCES: Preferences = {
  pauseWhenHidden: true,
  sharpPicture: false,
  soundCaptions: false,
  keyboardLayout: '',
};

/** The preferences as a watchable value that is kept in `memory` with each change. */
export function rememberPreferences(memory: LocalMemory): Store<Preferences> {
  const stored = memory.load();
  const store = new Store<Preferences>({
    pauseWhenHidden: stored['pauseWhenHidden'] !== false,
    sharpPicture: stored['sharpPicture'] === true,
    soundCaptions: stored['soundCaptions'] === true,
    keyboardLayout: typeof stored['keyboardLayout'] === 'string' ? stored['keyboardLayout'] : '',
  });
  store.subscribe((preferences) => memory.save(preferences));
  return store;
}
