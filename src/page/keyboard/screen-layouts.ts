/** What is printed on a key: alone, with Shift, with AltGr. */
export type Caps = readonly [base: string, shift?: string, altGr?: string];

/**
 * A keyboard as Windows knows it: which keys lie where, by `KeyboardEvent.code`, and what is printed on them. It is drawn
 * by this, and text is typed by it (`layout-text.ts`).
 */
export interface ScreenLayout {
  readonly id: string;
  /** The language whose visitors get it first, as a BCP 47 tag. */
  readonly language: string;
  readonly caps: Readonly<Record<string, Caps>>;
  /** Signs that wait for the next letter, and the key of each; printed elsewhere too, such a sign is a plain one there. */
  readonly dead: Readonly<Record<string, string>>;
  /** The block of letters of a desk's keyboard. */
  readonly rows: readonly (readonly string[])[];
  /** For a phone: the letters, and what stands on the other side. */
  readonly letters: readonly (readonly string[])[];
  readonly symbols: readonly (readonly string[])[];
}

const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0'].map((digit) => `Digit${digit}`);
const keys = (letters: string): string[] => letters.split('').map((letter) => `Key${letter}`);

export const FUNCTION_KEYS: readonly string[] = [
  'Escape',
  ...Array.from({ length: 12 }, (_, index) => `F${index + 1}`),
];

/** Right of the letters, three in a row. */
export const NAVIGATION_KEYS: readonly (readonly string[])[] = [
  ['PrintScreen', 'ScrollLock', 'Pause'],
  ['Insert', 'Home', 'PageUp'],
  ['Delete', 'End', 'PageDown'],
  ['', 'ArrowUp', ''],
  ['ArrowLeft', 'ArrowDown', 'ArrowRight'],
];

export const NUMBER_KEYS: readonly (readonly string[])[] = [
  ['NumLock', 'NumpadDivide', 'NumpadMultiply', 'NumpadSubtract'],
  ['Numpad7', 'Numpad8', 'Numpad9', 'NumpadAdd'],
  ['Numpad4', 'Numpad5', 'Numpad6', 'NumpadEnter'],
  ['Numpad1', 'Numpad2', 'Numpad3', 'NumpadDecimal'],
  ['Numpad0'],
];

const BOTTOM_ROW = [
  'ControlLeft',
  'MetaLeft',
  'AltLeft',
  'Space',
  'AltRight',
  'MetaRight',
  'ContextMenu',
  'ControlRight',
];
const PHONE_BOTTOM_ROW = ['ControlLeft', 'MetaLeft', 'AltLeft', 'Space', 'AltRight', 'Enter'];

/** Keys that are the same everywhere, and how wide they are in widths of a letter. */
const COMMON: Readonly<Record<string, Caps>> = {
  Escape: ['Esc'],
  Tab: ['Tab'],
  CapsLock: ['Caps'],
  Backspace: ['⌫'],
  Enter: ['↵'],
  Space: ['␣'],
  ContextMenu: ['☰'],
  ArrowUp: ['↑'],
  ArrowDown: ['↓'],
  ArrowLeft: ['←'],
  ArrowRight: ['→'],
  NumLock: ['Num'],
  NumpadDivide: ['÷'],
  NumpadMultiply: ['×'],
  NumpadSubtract: ['−'],
  NumpadAdd: ['+'],
  NumpadEnter: ['↵'],
  ScrollLock: ['Scroll'],
  MetaLeft: ['⊞'],
  MetaRight: ['⊞'],
  ...Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`F${index + 1}`, [`F${index + 1}`]])),
  ...Object.fromEntries(Array.from({ length: 10 }, (_, digit) => [`Numpad${digit}`, [String(digit)]])),
  ...Object.fromEntries(
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.split('').map((key) => [`Key${key}`, [key.toLowerCase(), key]]),
  ),
};

/** The letter block of a European keyboard, with its key beside the left Shift. */
const EUROPEAN_ROWS = [
  ['Backquote', ...DIGITS, 'Minus', 'Equal', 'Backspace'],
  ['Tab', ...keys('QWERTYUIOP'), 'BracketLeft', 'BracketRight'],
  ['CapsLock', ...keys('ASDFGHJKL'), 'Semicolon', 'Quote', 'Backslash', 'Enter'],
  ['ShiftLeft', 'IntlBackslash', ...keys('ZXCVBNM'), 'Comma', 'Period', 'Slash', 'ShiftRight'],
  BOTTOM_ROW,
];

const US: ScreenLayout = {
  id: 'us',
  language: 'en',
  caps: {
    ...COMMON,
    ShiftLeft: ['⇧'],
    ShiftRight: ['⇧'],
    ControlLeft: ['Ctrl'],
    ControlRight: ['Ctrl'],
    AltLeft: ['Alt'],
    AltRight: ['Alt'],
    PrintScreen: ['Print'],
    Pause: ['Pause'],
    Insert: ['Ins'],
    Home: ['Home'],
    PageUp: ['PgUp'],
    Delete: ['Del'],
    End: ['End'],
    PageDown: ['PgDn'],
    NumpadDecimal: ['.'],
    Backquote: ['`', '~'],
    Digit1: ['1', '!'],
    Digit2: ['2', '@'],
    Digit3: ['3', '#'],
    Digit4: ['4', '$'],
    Digit5: ['5', '%'],
    Digit6: ['6', '^'],
    Digit7: ['7', '&'],
    Digit8: ['8', '*'],
    Digit9: ['9', '('],
    Digit0: ['0', ')'],
    Minus: ['-', '_'],
    Equal: ['=', '+'],
    BracketLeft: ['[', '{'],
    BracketRight: [']', '}'],
    Backslash: ['\\', '|'],
    Semicolon: [';', ':'],
    Quote: ['’', '"'],
    Comma: [',', '<'],
    Period: ['.', '>'],
    Slash: ['/', '?'],
  },
  dead: {},
  rows: [
    ['Backquote', ...DIGITS, 'Minus', 'Equal', 'Backspace'],
    ['Tab', ...keys('QWERTYUIOP'), 'BracketLeft', 'BracketRight', 'Backslash'],
    ['CapsLock', ...keys('ASDFGHJKL'), 'Semicolon', 'Quote', 'Enter'],
    ['ShiftLeft', ...keys('ZXCVBNM'), 'Comma', 'Period', 'Slash', 'ShiftRight'],
    BOTTOM_ROW,
  ],
  letters: [
    DIGITS,
    keys('QWERTYUIOP'),
    keys('ASDFGHJKL'),
    ['ShiftLeft', ...keys('ZXCVBNM'), 'Period', 'Backspace'],
    PHONE_BOTTOM_ROW,
  ],
  symbols: [
    [
      'Backquote',
      'Minus',
      'Equal',
      'BracketLeft',
      'BracketRight',
      'Backslash',
      'Semicolon',
      'Quote',
      'Comma',
      'Slash',
    ],
  ],
};

const DE: ScreenLayout = {
  id: 'de',
  language: 'de',
  caps: {
    ...COMMON,
    ShiftLeft: ['⇧'],
    ShiftRight: ['⇧'],
    ControlLeft: ['Strg'],
    ControlRight: ['Strg'],
    AltLeft: ['Alt'],
    AltRight: ['AltGr'],
    PrintScreen: ['Druck'],
    ScrollLock: ['Rollen'],
    Pause: ['Pause'],
    Insert: ['Einfg'],
    Home: ['Pos1'],
    PageUp: ['Bild↑'],
    Delete: ['Entf'],
    End: ['Ende'],
    PageDown: ['Bild↓'],
    NumpadDecimal: [','],
    KeyY: ['z', 'Z'],
    KeyZ: ['y', 'Y'],
    KeyQ: ['q', 'Q', '@'],
    KeyE: ['e', 'E', '€'],
    KeyM: ['m', 'M', 'µ'],
    Backquote: ['^', '°'],
    Digit1: ['1', '!'],
    Digit2: ['2', '"', '²'],
    Digit3: ['3', '§', '³'],
    Digit4: ['4', '$'],
    Digit5: ['5', '%'],
    Digit6: ['6', '&'],
    Digit7: ['7', '/', '{'],
    Digit8: ['8', '(', '['],
    Digit9: ['9', ')', ']'],
    Digit0: ['0', '=', '}'],
    Minus: ['ß', '?', '\\'],
    Equal: ['´', '`'],
    BracketLeft: ['ü', 'Ü'],
    BracketRight: ['+', '*', '~'],
    Backslash: ['#', '’'],
    Semicolon: ['ö', 'Ö'],
    Quote: ['ä', 'Ä'],
    IntlBackslash: ['<', '>', '|'],
    Comma: [',', ';'],
    Period: ['.', ':'],
    Slash: ['-', '_'],
  },
  dead: { '^': 'Backquote', '´': 'Equal', '`': 'Equal' },
  rows: EUROPEAN_ROWS,
  letters: [
    DIGITS,
    [...keys('QWERTYUIOP'), 'BracketLeft'],
    [...keys('ASDFGHJKL'), 'Semicolon', 'Quote'],
    ['ShiftLeft', ...keys('ZXCVBNM'), 'Period', 'Backspace'],
    PHONE_BOTTOM_ROW,
  ],
  symbols: [['Backquote', 'Minus', 'Equal', 'BracketRight', 'Backslash', 'IntlBackslash', 'Comma', 'Slash']],
};

const FR: ScreenLayout = {
  id: 'fr',
  language: 'fr',
  caps: {
    ...COMMON,
    ShiftLeft: ['⇧'],
    ShiftRight: ['⇧'],
    ControlLeft: ['Ctrl'],
    ControlRight: ['Ctrl'],
    AltLeft: ['Alt'],
    AltRight: ['AltGr'],
    CapsLock: ['Verr'],
    NumLock: ['Verr num'],
    PrintScreen: ['Impr'],
    ScrollLock: ['Défil'],
    Pause: ['Pause'],
    Insert: ['Inser'],
    Home: ['↖'],
    PageUp: ['Pg↑'],
    Delete: ['Suppr'],
    End: ['Fin'],
    PageDown: ['Pg↓'],
    NumpadDecimal: ['.'],
    KeyA: ['q', 'Q'],
    KeyQ: ['a', 'A'],
    KeyW: ['z', 'Z'],
    KeyZ: ['w', 'W'],
    KeyE: ['e', 'E', '€'],
    KeyM: [',', '?'],
    Backquote: ['²'],
    Digit1: ['&', '1'],
    Digit2: ['é', '2', '~'],
    Digit3: ['"', '3', '#'],
    Digit4: ['’', '4', '{'],
    Digit5: ['(', '5', '['],
    Digit6: ['-', '6', '|'],
    Digit7: ['è', '7', '`'],
    Digit8: ['_', '8', '\\'],
    Digit9: ['ç', '9', '^'],
    Digit0: ['à', '0', '@'],
    Minus: [')', '°', ']'],
    Equal: ['=', '+', '}'],
    BracketLeft: ['^', '¨'],
    BracketRight: ['$', '£', '¤'],
    Semicolon: ['m', 'M'],
    Quote: ['ù', '%'],
    Backslash: ['*', 'µ'],
    IntlBackslash: ['<', '>'],
    Comma: [';', '.'],
    Period: [':', '/'],
    Slash: ['!', '§'],
  },
  dead: { '^': 'BracketLeft', '¨': 'BracketLeft', '~': 'Digit2', '`': 'Digit7' },
  rows: EUROPEAN_ROWS,
  letters: [
    DIGITS,
    keys('QWERTYUIOP'),
    [...keys('ASDFGHJKL'), 'Semicolon'],
    ['ShiftLeft', ...keys('ZXCVBNM'), 'Comma', 'Backspace'],
    PHONE_BOTTOM_ROW,
  ],
  symbols: [
    [
      'Backquote',
      'Minus',
      'Equal',
      'BracketLeft',
      'BracketRight',
      'Quote',
      'Backslash',
      'IntlBackslash',
      'Period',
      'Slash',
    ],
  ],
};

const ES: ScreenLayout = {
  id: 'es',
  language: 'es',
  caps: {
    ...COMMON,
    ShiftLeft: ['⇧'],
    ShiftRight: ['⇧'],
    ControlLeft: ['Ctrl'],
    ControlRight: ['Ctrl'],
    AltLeft: ['Alt'],
    AltRight: ['Alt Gr'],
    CapsLock: ['Bloq'],
    NumLock: ['Bloq num'],
    PrintScreen: ['Impr'],
    ScrollLock: ['Despl'],
    Pause: ['Pausa'],
    Insert: ['Insert'],
    Home: ['Inicio'],
    PageUp: ['Re Pág'],
    Delete: ['Supr'],
    End: ['Fin'],
    PageDown: ['Av Pág'],
    NumpadDecimal: ['.'],
    KeyE: ['e', 'E', '€'],
    Backquote: ['º', 'ª', '\\'],
    Digit1: ['1', '!', '|'],
    Digit2: ['2', '"', '@'],
    Digit3: ['3', '·', '#'],
    Digit4: ['4', '$', '~'],
    Digit5: ['5', '%'],
    Digit6: ['6', '&', '¬'],
    Digit7: ['7', '/'],
    Digit8: ['8', '('],
    Digit9: ['9', ')'],
    Digit0: ['0', '='],
    Minus: ['’', '?'],
    Equal: ['¡', '¿'],
    BracketLeft: ['`', '^', '['],
    BracketRight: ['+', '*', ']'],
    Semicolon: ['ñ', 'Ñ'],
    Quote: ['´', '¨', '{'],
    Backslash: ['ç', 'Ç', '}'],
    IntlBackslash: ['<', '>'],
    Comma: [',', ';'],
    Period: ['.', ':'],
    Slash: ['-', '_'],
  },
  dead: { '`': 'BracketLeft', '^': 'BracketLeft', '´': 'Quote', '¨': 'Quote', '~': 'Digit4' },
  rows: EUROPEAN_ROWS,
  letters: [
    DIGITS,
    keys('QWERTYUIOP'),
    [...keys('ASDFGHJKL'), 'Semicolon'],
    ['ShiftLeft', ...keys('ZXCVBNM'), 'Quote', 'Period', 'Backspace'],
    PHONE_BOTTOM_ROW,
  ],
  symbols: [
    [
      'Backquote',
      'Minus',
      'Equal',
      'BracketLeft',
      'BracketRight',
      'Backslash',
      'IntlBackslash',
      'Comma',
      'Slash',
    ],
  ],
};

/** A layout more is a table more. */
export const SCREEN_LAYOUTS: readonly ScreenLayout[] = [US, DE, FR, ES];

/** The layout of that name; else the one that visitors of a language are used to; else the first. */
export function screenLayout(id: string, language: string): ScreenLayout {
  return (
    SCREEN_LAYOUTS.find((each) => each.id === id) ??
    SCREEN_LAYOUTS.find((each) => each.language === language.split('-')[0]) ??
    US
  );
}

/** How wide a key is, in widths of a letter. */
export function keyWidth(code: string): number {
  return WIDTHS[code] ?? 1;
}

const WIDTHS: Readonly<Record<string, number>> = {
  Backspace: 1.6,
  Tab: 1.5,
  CapsLock: 1.7,
  Enter: 1.9,
  ShiftLeft: 1.8,
  ShiftRight: 2.2,
  ControlLeft: 1.4,
  ControlRight: 1.4,
  AltLeft: 1.3,
  AltRight: 1.3,
  MetaLeft: 1.2,
  MetaRight: 1.2,
  Space: 5,
};
