import fc from 'fast-check';
import { expect, test } from 'vitest';
import { trimBoth, trimEnd } from './trim.ts';

test('the letters are taken from the ends alone, one or many', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', 'b', ' ', '.', '\n') }), (text) => {
      expect(trimEnd(text, ' .')).toBe(text.replace(/[ .]+$/u, ''));
      expect(trimBoth(text, (letter) => ' .'.includes(letter))).toBe(
        text.replace(/^[ .]+/u, '').replace(/[ .]+$/u, ''),
      );
    }),
  );
});
