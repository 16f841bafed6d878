/** How one character is made on a US keyboard: the key (a `KeyboardEvent.code`) and whether Shift is down. */
export interface UsKey {
  code: string;
  shift: boolean;
}

const PAIRS: Readonly<Record<string, string>> = {
  Backquote: '`~',
  Digit1: '1!',
  Digit2: '2@',
  Digit3: '3#',
  Digit4: '4$',
  Digit5: '5%',
  Digit6: '6^',
  Digit7: '7&',
  Digit8: '8*',
  Digit9: '9(',
  Digit0: '0)',
  Minus: '-_',
  Equal: '=+',
  BracketLeft: '[{',
  BracketRight: ']}',
  Backslash: '\\|',
  Semicolon: ';:',
  Quote: '\'"',
  Comma: ',<',
  Period: '.>',
  Slash: '/?',
};

const CONTROLS: Readonly<Record<string, string>> = {
  ' ': 'Space',
  '\n': 'Enter',
  '\r': 'Enter',
  '\t': 'Tab',
  '\b': 'Backspace',
  '\x1b': 'Escape',
  '\x7f': 'Delete',
};

const KEYS: ReadonlyMap<string, UsKey> = new Map([
  ...Object.entries(PAIRS).flatMap(([code, [plain, shifted]]): [string, UsKey][] => [
    [plain, { code, shift: false }],
    [shifted, { code, shift: true }],
  ]),
  ...Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ').flatMap((letter): [string, UsKey][] => [
    [letter.toLowerCase(), { code: `Key${letter}`, shift: false }],
    [letter, { code: `Key${letter}`, shift: true }],
  ]),
  ...Object.entries(CONTROLS).map(([character, code]): [string, UsKey] => [
    character,
    { code, shift: false },
  ]),
]);

/** Named values of `event.key` that stand for a key of the same or another name; for events without a code. */
const NAMED: Readonly<Record<string, string>> = {
  Control: 'ControlLeft',
  Shift: 'ShiftLeft',
  Alt: 'AltLeft',
  AltGraph: 'AltRight',
  Meta: 'MetaLeft',
  ' ': 'Space',
};
const SAME_NAME = new Set(
  (
    'Enter Backspace Tab Escape Delete Insert Home End PageUp PageDown ArrowUp ArrowDown ArrowLeft ArrowRight ' +
    'CapsLock NumLock ScrollLock Pause PrintScreen ContextMenu F1 F2 F3 F4 F5 F6 F7 F8 F9 F10 F11 F12'
  ).split(' '),
);

/** The key that makes `character` (one code point) on a US keyboard, or null where no key does. */
export function usKeyOf(character: string): UsKey | null {
  return KEYS.get(character) ?? null;
}

/**
 * The keys of a whole text, one line end ("\r\n", "\n" or "\r") being one Enter. Characters without a key are
 * collected in `missing`, each once, in order of first appearance.
 */
export function usKeysOf(text: string): { keys: UsKey[]; missing: string[] } {
  const keys: UsKey[] = [];
  const missing = new Set<string>();
  for (const character of text.replaceAll('\r\n', '\n')) {
    const key = usKeyOf(character);
    if (key) keys.push(key);
    else missing.add(character);
  }
  return { keys, missing: [...missing] };
}

/** The `code` that a key event without one most likely had, by its `key`: null for characters and unknown names. */
export function codeOfNamedKey(key: string): string | null {
  return SAME_NAME.has(key) ? key : Object.hasOwn(NAMED, key) ? NAMED[key] : null;
}
