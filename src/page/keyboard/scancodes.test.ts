import { describe, expect, it } from 'vitest';
import { knownCodes, strokeOf } from './scancodes.ts';

const make = (code: string) => strokeOf(code)?.make;
const NONE = { control: false, shift: false, alt: false };

/** The 105 keys of an ISO keyboard with Windows keys, row by row. */
const KEYS_105 = [
  'Escape',
  ...range('F', 1, 12),
  'PrintScreen',
  'ScrollLock',
  'Pause',
  'Backquote',
  ...range('Digit', 0, 9),
  'Minus',
  'Equal',
  'Backspace',
  'Tab',
  ...letters('QWERTYUIOP'),
  'BracketLeft',
  'BracketRight',
  'Enter',
  'CapsLock',
  ...letters('ASDFGHJKL'),
  'Semicolon',
  'Quote',
  'Backslash',
  'ShiftLeft',
  'IntlBackslash',
  ...letters('ZXCVBNM'),
  'Comma',
  'Period',
  'Slash',
  'ShiftRight',
  'ControlLeft',
  'MetaLeft',
  'AltLeft',
  'Space',
  'AltRight',
  'MetaRight',
  'ContextMenu',
  'ControlRight',
  'Insert',
  'Home',
  'PageUp',
  'Delete',
  'End',
  'PageDown',
  'ArrowUp',
  'ArrowLeft',
  'ArrowDown',
  'ArrowRight',
  'NumLock',
  'NumpadDivide',
  'NumpadMultiply',
  'NumpadSubtract',
  'NumpadAdd',
  'NumpadEnter',
  ...range('Numpad', 0, 9),
  'NumpadDecimal',
];

function range(name: string, first: number, last: number): string[] {
  return Array.from({ length: last - first + 1 }, (_, index) => `${name}${first + index}`);
}
function letters(row: string): string[] {
  return Array.from(row, (letter) => `Key${letter}`);
}

describe('strokeOf', () => {
  it('knows each of the 105 keys, and no two of them alike', () => {
    expect(KEYS_105).toHaveLength(105);
    expect(KEYS_105.filter((code) => strokeOf(code) === null)).toEqual([]);
    expect(new Set(KEYS_105.map((code) => String(make(code)))).size).toBe(105);
  });

  it('gives no two keys of all keyboards the same make code', () => {
    const makes = knownCodes().map((code) => String(make(code)));
    expect(new Set(makes).size).toBe(makes.length);
  });

  it('agrees with the rows of the specification that are easy to get wrong', () => {
    expect(make('KeyA')).toEqual([0x1e]);
    expect(make('Enter')).toEqual([0x1c]);
    expect(make('NumpadEnter')).toEqual([0xe0, 0x1c]);
    expect(make('Slash')).toEqual([0x35]);
    expect(make('NumpadDivide')).toEqual([0xe0, 0x35]);
    expect(make('Numpad8')).toEqual([0x48]);
    expect(make('ArrowUp')).toEqual([0xe0, 0x48]);
    expect(make('IntlBackslash')).toEqual([0x56]);
    expect(make('MetaLeft')).toEqual([0xe0, 0x5b]);
    expect(make('MetaRight')).toEqual([0xe0, 0x5c]);
    expect(make('ContextMenu')).toEqual([0xe0, 0x5d]);
    expect(make('IntlRo')).toEqual([0x73]);
    expect(make('IntlYen')).toEqual([0x7d]);
    expect(make('Convert')).toEqual([0x79]);
    expect(make('NonConvert')).toEqual([0x7b]);
    expect(make('KanaMode')).toEqual([0x70]);
    expect(make('AudioVolumeUp')).toEqual([0xe0, 0x30]);
    expect(make('MediaPlayPause')).toEqual([0xe0, 0x22]);
  });

  it('breaks with bit 7 of the make code, prefix kept', () => {
    for (const code of knownCodes().filter(
      (code) => !['Pause', 'PrintScreen', 'Lang1', 'Lang2'].includes(code),
    )) {
      const stroke = strokeOf(code)!;
      const last = stroke.make.at(-1)!;
      expect(last, code).toBeLessThan(0x80);
      expect(stroke.break, code).toEqual([...stroke.make.slice(0, -1), last | 0x80]);
    }
  });

  it('sends Pause whole on press and nothing on release, and Break under Ctrl', () => {
    expect(strokeOf('Pause')).toEqual({ make: [0xe1, 0x1d, 0x45, 0xe1, 0x9d, 0xc5], break: [] });
    expect(strokeOf('Pause', { ...NONE, control: true })).toEqual({
      make: [0xe0, 0x46, 0xe0, 0xc6],
      break: [],
    });
  });

  it('sends PrintScreen with its shift bytes, without them under Shift or Ctrl, and SysRq under Alt', () => {
    expect(strokeOf('PrintScreen')).toEqual({
      make: [0xe0, 0x2a, 0xe0, 0x37],
      break: [0xe0, 0xb7, 0xe0, 0xaa],
    });
    const bare = { make: [0xe0, 0x37], break: [0xe0, 0xb7] };
    expect(strokeOf('PrintScreen', { ...NONE, shift: true })).toEqual(bare);
    expect(strokeOf('PrintScreen', { ...NONE, control: true })).toEqual(bare);
    expect(strokeOf('PrintScreen', { ...NONE, alt: true })).toEqual({ make: [0x54], break: [0xd4] });
  });

  it('sends the two Korean keys on press only', () => {
    expect(strokeOf('Lang1')).toEqual({ make: [0xf2], break: [] });
    expect(strokeOf('Lang2')).toEqual({ make: [0xf1], break: [] });
  });

  it('takes the older names of browsers for the same keys', () => {
    expect(strokeOf('OSLeft')).toEqual(strokeOf('MetaLeft'));
    expect(strokeOf('VolumeUp')).toEqual(strokeOf('AudioVolumeUp'));
  });

  it('knows no key by a name that no key has', () => {
    for (const code of ['', 'Unidentified', 'Fn', 'constructor', '__proto__'])
      expect(strokeOf(code)).toBeNull();
  });
});
