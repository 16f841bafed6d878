import { describe, expect, it } from 'vitest';
import { layoutTextOf } from './layout-text.ts';
import { SCREEN_LAYOUTS, screenLayout } from './screen-layouts.ts';
import { usKeysOf } from './us-layout.ts';

/** "z@" on a German keyboard as "KeyY AltGr+KeyQ". */
function keysFor(layout: string, text: string): string {
  const { chords, missing } = layoutTextOf(screenLayout(layout, 'en'), text);
  return [
    ...chords.map(({ code, shift, altGr }) => `${altGr ? 'AltGr+' : ''}${shift ? 'Shift+' : ''}${code}`),
    ...missing.map((character) => `?${character}`),
  ].join(' ');
}

describe('layoutTextOf', () => {
  it.each([
    ['de', 'zäß@', 'KeyY Quote Minus AltGr+KeyQ'],
    ['de', 'YÜ{€\\', 'Shift+KeyZ Shift+BracketLeft AltGr+Digit7 AltGr+KeyE AltGr+Minus'],
    ['de', 'é^ï', 'Equal KeyE Backquote Space ?ï'],
    ['de', 'ÊÀ´', 'Backquote Shift+KeyE Shift+Equal Shift+KeyA Equal Space'],
    ['de', "'’„", 'Shift+Backslash Shift+Backslash Shift+Digit2'],
    ['fr', 'azqwmé1', 'KeyQ KeyW KeyA KeyZ Semicolon Digit2 Shift+Digit1'],
    ['fr', 'êëñ^@', 'BracketLeft KeyE Shift+BracketLeft KeyE AltGr+Digit2 KeyN AltGr+Digit9 AltGr+Digit0'],
    ['fr', 'ß', '?ß'],
    ['es', 'ñáü¿~', 'Semicolon Quote KeyA Shift+Quote KeyU Shift+Equal AltGr+Digit4 Space'],
    ['us', 'zß', 'KeyZ ?ß'],
    ['de', 'a\u0308\r\n\t\b', 'Quote Enter Tab Backspace'],
    ['de', '🙂🙂', '?🙂'],
  ])('on the layout %s makes %j by %s', (layout, text, keys) => {
    expect(keysFor(layout, text)).toBe(keys);
  });

  it('is what the US layout of the contract says', () => {
    const ascii = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join('');
    const { chords, missing } = layoutTextOf(screenLayout('us', 'en'), `${ascii}\n`);
    expect(missing).toEqual([]);
    expect(chords.map(({ code, shift }) => ({ code, shift }))).toEqual(usKeysOf(`${ascii}\n`).keys);
  });

  it.each(SCREEN_LAYOUTS.map((layout) => [layout.id, layout] as const))(
    'makes all of ASCII on the layout %s, each character in its own way',
    (_, layout) => {
      const made = Array.from({ length: 95 }, (__, index) =>
        layoutTextOf(layout, String.fromCharCode(32 + index)),
      );
      expect(made.flatMap(({ missing }) => missing)).toEqual([]);
      expect(new Set(made.map(({ chords }) => JSON.stringify(chords))).size).toBe(95);
    },
  );

  it.each(SCREEN_LAYOUTS.map((layout) => [layout.id, layout] as const))(
    'finds the dead keys of the layout %s on the keys they are printed on',
    (_, { dead, caps }) => {
      for (const [sign, code] of Object.entries(dead)) expect(caps[code]).toContain(sign);
    },
  );
});
