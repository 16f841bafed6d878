import { t } from '../../lib/language.ts';
import type { SoundEnergy } from '../../protocol/sound-messages.ts';

/** Below this it is hiss: root mean square of full scale. */
const AUDIBLE_RMS = 0.002;

/** What was heard, in brackets as subtitles have it; '' for silence. */
export function captionOf({ rms, beepHertz }: SoundEnergy): string {
  if (beepHertz > 0) return t`[beep, ${Math.round(beepHertz)} Hz]`;
  return rms > AUDIBLE_RMS ? t`[sound]` : '';
}
