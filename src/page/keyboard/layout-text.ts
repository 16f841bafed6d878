import type { ScreenLayout } from './screen-layouts.ts';
import { usKeyOf } from './us-layout.ts';

/** A key (a `KeyboardEvent.code`) pressed and let go under just these modifiers. */
export interface KeyChord {
  readonly code: string;
  readonly shift: boolean;
  readonly altGr: boolean;
}

/** How a text is made on a keyboard. */
export interface LayoutText {
  /** For each character that can be made, in order: one chord, or a dead key and its letter. */
  readonly chords: readonly KeyChord[];
  /** The characters that no key makes, each once. */
  readonly missing: readonly string[];
}

/** The keys that make characters; what is printed on the others is a name. */
const PRINTING =
  /^(Key.|Digit.|Backquote|Minus|Equal|Bracket.*|Backslash|Semicolon|Quote|Comma|Period|Slash|IntlBackslash)$/;

/** What Windows makes of a dead key and the letter after it (kbdgr, kbdfr, kbdsp of Windows 7). */
const COMPOSED: Readonly<Record<string, string>> = {
  '´': 'áéíóúýÁÉÍÓÚÝ',
  '`': 'àèìòùÀÈÌÒÙ',
  '^': 'âêîôûÂÊÎÔÛ',
  '¨': 'äëïöüÿÄËÏÖÜ',
  '~': 'ãñõÃÑÕ',
};

/** Phones turn quotes, dashes and spaces into nicer ones; a PC's keyboard has the plain ones. Keycaps are drawn so too. */
const TYPOGRAPHIC: Readonly<Record<string, string>> = {
  '\u00a0': ' ',
  '\u202f': ' ',
  '\u2018': "'",
  '\u2019': "'",
  '\u201a': "'",
  '\u201c': '"',
  '\u201d': '"',
  '\u201e': '"',
  '\u2013': '-',
  '\u2014': '-',
  '\u2212': '-',
};

const tables = new Map<ScreenLayout, ReadonlyMap<string, readonly KeyChord[]>>();

/**
 * The keys that make `text` on a keyboard of this layout, through Shift, AltGr and dead keys. "\n" is Enter, "\t" Tab,
 * "\b" Backspace; quotes and dashes of print stand for a keyboard's where the layout has none of their own.
 */
export function layoutTextOf(layout: ScreenLayout, text: string): LayoutText {
  let table = tables.get(layout);
  if (!table) tables.set(layout, (table = charactersOf(layout)));
  const chords: KeyChord[] = [];
  const missing = new Set<string>();
  for (const character of text.normalize('NFC').replaceAll('\r\n', '\n')) {
    const made = table.get(character) ?? table.get(TYPOGRAPHIC[character] ?? '');
    if (made) chords.push(...made);
    else missing.add(character);
  }
  return { chords, missing: [...missing] };
}

function charactersOf(layout: ScreenLayout): Map<string, readonly KeyChord[]> {
  const table = new Map<string, readonly KeyChord[]>();
  const dead = new Map<string, KeyChord>();
  // What needs fewer modifiers comes first.
  for (const level of [0, 1, 2]) {
    for (const [code, caps] of Object.entries(layout.caps)) {
      const cap = caps[level];
      if (!cap || !PRINTING.test(code)) continue;
      const character = TYPOGRAPHIC[cap] ?? cap;
      const chord = { code, shift: level === 1, altGr: level === 2 };
      if (layout.dead[character] === code) dead.set(character, chord);
      else if (!table.has(character)) table.set(character, [chord]);
    }
  }
  for (const control of ' \n\r\t\b\x1b\x7f') {
    table.set(control, [{ code: usKeyOf(control)!.code, shift: false, altGr: false }]);
  }
  for (const [sign, key] of dead) {
    if (!table.has(sign)) table.set(sign, [key, ...table.get(' ')!]);
    for (const letter of COMPOSED[sign] ?? '') {
      const base = table.get(letter.normalize('NFD')[0]);
      if (base && !table.has(letter)) table.set(letter, [key, ...base]);
    }
  }
  return table;
}
