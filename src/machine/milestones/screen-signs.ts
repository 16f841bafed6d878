import type { PhraseId } from './milestones.ts';

/** What a text screen says that is known: which phrases, and the codes in them. */
export interface ScreenSigns {
  readonly phrases: readonly PhraseId[];
  /** Of a STOP screen: `*** STOP: 0x0000007B (…)`; null where there is none. */
  readonly bugCheck: number | null;
  /** The NTSTATUS that the boot manager gives: `Status: 0xc000000f`; null where it gives none. */
  readonly status: number | null;
}

/** The words stand in the languages of the discs, but for those of programs that have only English ones. */
const WORDS: readonly (readonly [PhraseId, RegExp])[] = [
  ['press-any-key', /press any key to boot from cd/i],
  ['loading-files', /windows is loading files/i],
  ['bootmgr-missing', /bootmgr is (missing|compressed)/i],
  ['ntldr-missing', /ntldr is (missing|compressed)/i],
  ['cdboot-failed', /cdboot: (couldn't find|cannot boot|memory overflow)/i],
  ['no-bootable-device', /no bootable device/i],
  ['boot-manager-error', /windows failed to start|windows boot manager/i],
];
const BUG_CHECK = /\bSTOP:? ?0x([0-9a-f]{8})\b/i;
/** The boot manager's own errors are of the facilities C0000000 and C0210000 (FVE). */
const STATUS = /\b0x(c0[0-9a-f]{6})\b/i;

/** Rows of a text screen, as far as they are known words; whatever else they hold is left where it is. */
export function readScreenSigns(rows: readonly string[]): ScreenSigns {
  const text = rows.join('\n');
  const phrases = WORDS.filter(([, words]) => words.test(text)).map(([phrase]) => phrase);
  const bugCheck = BUG_CHECK.exec(text);
  const status = phrases.includes('boot-manager-error') ? STATUS.exec(text) : null;
  return {
    phrases,
    bugCheck: bugCheck && Number.parseInt(bugCheck[1], 16),
    status: status && Number.parseInt(status[1], 16),
  };
}

/**
 * Whether a picture is a STOP screen in graphics: Windows shows one in 640 × 480 with 16 colours, white letters on one
 * blue. `pixels` are some of it, evenly taken, as 0xRRGGBB.
 */
export function isStopPicture(pixels: readonly number[]): boolean {
  if (pixels.length === 0) return false;
  const counts = new Map<number, number>();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const [[background, count]] = [...counts].sort((a, b) => b[1] - a[1]);
  const [red, green, blue] = [background >> 16, (background >> 8) & 255, background & 255];
  const isBlue = blue >= 0x60 && red <= 0x20 && green <= 0x20;
  // Letters cover a few hundredths of it.
  return isBlue && count >= pixels.length * 0.8 && counts.size <= 3;
}
