import { t } from '../../lib/language.ts';
import { MOMENT_KEY } from './moment-key.ts';
import { releaseGestureWords } from './release-gesture.ts';
import type { Platform } from './platform.ts';

/**
 * Who has the keyboard. `free`: the visitor's page; `captured`: the guest, either the keys that the browser leaves
 * to a page or, under Keyboard Lock in full screen, the system's shortcuts too.
 */
export type Capture =
  | { state: 'free'; because: 'start' | 'gesture' | 'focus-lost' | 'page' | 'tab-key' }
  | { state: 'captured'; keys: 'page' | 'system' };

/** A sentence for the page to show about `capture`: how to leave, or how to enter. */
export function captureWords(capture: Capture, platform: Platform): string {
  if (capture.state === 'captured')
    return [releaseGestureWords(platform), t`${MOMENT_KEY} saves this moment.`].join(' ');
  return capture.because === 'tab-key'
    ? t`Press Enter to use the computer with your keyboard.`
    : t`Click the screen to use the computer.`;
}
