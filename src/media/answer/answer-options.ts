import { sentence } from '../../lib/language.ts';
import { VitrineError } from '../../lib/errors.ts';

/** Editions of Windows 7 that a 32-bit disc may hold, by the name of their image in install.wim. */
export const EDITIONS = {
  starter: 'Windows 7 STARTER',
  'home-basic': 'Windows 7 HOMEBASIC',
  'home-premium': 'Windows 7 HOMEPREMIUM',
  professional: 'Windows 7 PROFESSIONAL',
  enterprise: 'Windows 7 ENTERPRISE',
  ultimate: 'Windows 7 ULTIMATE',
} as const;

export type Edition = keyof typeof EDITIONS;

/** What an answer file is made from. No product key: Windows 7 installs without one and asks later. */
export interface AnswerOptions {
  /** One of the editions, or the exact image name of another disc ("Windows 7 PROFESSIONALN"). */
  edition: Edition | { imageName: string };
  /** Language of the disc, such as "en-US": Setup shows its language page when it is another. */
  language: string;
  /** Name of the one account, an administrator without a password who is logged on by itself. */
  userName: string;
  /** Up to 15 letters, digits and hyphens, other than the user name. */
  computerName: string;
  /** Keyboard as "0409:00000409" or a language; the language's own by default. */
  keyboard?: string;
  /** A name from Windows' list, such as "GMT Standard Time". */
  timeZone?: string;
  screen?: { width: number; height: number };
  /** Keep the sound services. They are off by default: the machine has no sound card that Windows 7 knows. */
  sound?: boolean;
  /** What happens when all is set up: `shut-down` ends an installation that nobody watches. */
  finish?: 'stay' | 'shut-down';
}

const RESERVED_NAMES = ['administrator', 'guest', 'system', 'none', 'network service', 'local service'];
const USER_NAME = /^[^"/\\[\]:;|=,+*?<>@%&^!()]{1,20}$/u;
const COMPUTER_NAME = /^(?!\d+$)(?!-)[A-Za-z0-9-]{1,15}(?<!-)$/u;
const LANGUAGE = /^[a-z]{2,3}(-[A-Z][a-z]{3})?-[A-Z]{2}$/u;
const KEYBOARD = /^([0-9a-f]{4}:[0-9a-f]{8}|[a-z]{2,3}(-[A-Z][a-z]{3})?-[A-Z]{2})$/iu;
const IMAGE_NAME = /^[\x20-\x7e]{1,80}$/u;

/**
 * Rejects with `answer/bad-option` what Setup would stop at, halfway, with a message of its own. The characters
 * that a command prompt treats in its own way are not allowed in a user name either.
 */
export function checkAnswerOptions(options: AnswerOptions): void {
  const { userName, computerName, language, keyboard, timeZone, screen } = options;
  const user = userName.trim();
  const hasControl = /\p{Cc}/u.test(userName);
  if (user !== userName || !USER_NAME.test(user) || hasControl || /^\.|\.$/u.test(user)) {
    throw bad(sentence`user name`, userName, sentence`up to 20 characters, none of "/\\[]:;|=,+*?<>@%&^!()`);
  }
  if (RESERVED_NAMES.includes(user.toLowerCase()))
    throw bad(sentence`user name`, userName, sentence`a name Windows does not use itself`);
  if (!COMPUTER_NAME.test(computerName)) {
    throw bad(
      sentence`computer name`,
      computerName,
      sentence`up to 15 letters, digits and hyphens, not digits alone`,
    );
  }
  if (computerName.toLowerCase() === user.toLowerCase()) {
    throw bad(sentence`computer name`, computerName, sentence`another name than the user`);
  }
  if (!LANGUAGE.test(language)) throw bad(sentence`language`, language, sentence`a language such as en-US`);
  if (keyboard !== undefined && !KEYBOARD.test(keyboard)) {
    throw bad(sentence`keyboard`, keyboard, sentence`a keyboard such as 0409:00000409, or a language`);
  }
  if (timeZone !== undefined && !IMAGE_NAME.test(timeZone)) {
    throw bad(sentence`time zone`, timeZone, sentence`a name from the list of Windows`);
  }
  if (screen !== undefined && !isScreen(screen)) {
    throw bad(
      sentence`screen`,
      `${screen.width}×${screen.height}`,
      sentence`a size between 640×480 and 2560×1600`,
    );
  }
  if (!IMAGE_NAME.test(imageNameOf(options.edition))) {
    throw bad(sentence`edition`, imageNameOf(options.edition), sentence`the name of an image on the disc`);
  }
}

export const imageNameOf = (edition: AnswerOptions['edition']): string =>
  typeof edition === 'string' ? (EDITIONS[edition] ?? '') : edition.imageName;

function isScreen({ width, height }: { width: number; height: number }): boolean {
  const within = (value: number, least: number, most: number): boolean =>
    Number.isInteger(value) && value >= least && value <= most;
  return within(width, 640, 2560) && within(height, 480, 1600);
}

const bad = (what: string, value: string, rule: string): VitrineError =>
  new VitrineError('answer/bad-option', { what, value, rule });
