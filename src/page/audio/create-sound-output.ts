// Bundled as a file of its own and loaded from the page's origin: the policy allows neither blob: nor data: scripts.
// oxlint-disable-next-line import/default -- the bundler makes the default export
import workletUrl from './sound-worklet.ts?worker&url';
import { SoundOutput } from './sound-output.ts';
import { SoundMemory } from './sound-settings.ts';

/**
 * The page's loudspeaker; make one for each page. Volume and mute are remembered for the page's path, so that an
 * exhibit in a quiet hall and one in a lobby on the same server differ.
 */
export function createSoundOutput(): SoundOutput {
  return new SoundOutput({
    memory: new SoundMemory(() => localStorage, `vitrine-sound:${location.pathname}`),
    workletUrl,
    createContext: () => new AudioContext({ latencyHint: 'balanced' }),
    gestures: document,
  });
}
