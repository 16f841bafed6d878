import { assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeExhibit } from './exhibit-encoding.ts';

const TEXT = '{\n  "title": "Führung",\n  "subtitle": "Ein Gang"\n}\n';

/** As an editor saves it in windows-1252, where these letters have the numbers of Unicode. */
const ansi = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

function utf16(text: string, isLittle: boolean): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < text.length; i++) view.setUint16(i * 2, text.charCodeAt(i), isLittle);
  return bytes;
}

describe('an exhibit file', () => {
  it('is read as UTF-8, with a byte order mark or without', () => {
    const bytes = new TextEncoder().encode(TEXT);
    expect(decodeExhibit(bytes)).toEqual({ ok: true, text: TEXT });
    expect(decodeExhibit(Uint8Array.of(0xef, 0xbb, 0xbf, ...bytes))).toEqual({ ok: true, text: TEXT });
    expect(decodeExhibit(new Uint8Array())).toEqual({ ok: true, text: '' });
  });

  it.each([
    [TEXT, 2, 14],
    ['{ "a": "é" }', 1, 9],
    [`{\n"a": "plain",\n"b": "ok", "c": "Ã"\n}`, 3, 18],
    // What is cut off in the middle of a letter.
    ['{ "a": "\xc3', 1, 9],
  ])('in a code page is told with its line: %j', (text, line, column) => {
    expect(decodeExhibit(ansi(text))).toMatchObject({
      ok: false,
      mistake: { line, column, where: '', reason: expect.stringContaining('is not UTF-8') },
    });
  });

  it('counts letters, not bytes', () => {
    const bytes = new TextEncoder().encode('{ "ä€😀": "');
    expect(decodeExhibit(Uint8Array.of(...bytes, 0xfc, 0x22))).toMatchObject({
      mistake: { line: 1, column: 12 },
    });
  });

  it('in UTF-16, either way round, with a mark or without, is told', () => {
    for (const isLittle of [true, false])
      for (const mark of ['', '\ufeff'])
        expect(decodeExhibit(utf16(mark + TEXT, isLittle))).toMatchObject({
          ok: false,
          mistake: { line: 1, column: 1, reason: expect.stringContaining('UTF-16') },
        });
  });

  it('comes out as it was written, whatever it says', () => {
    assert(
      property(string({ unit: 'grapheme' }), (text) => {
        const source = `{"a":${JSON.stringify(text)}}`;
        expect(decodeExhibit(new TextEncoder().encode(source))).toEqual({ ok: true, text: source });
      }),
    );
  });
});
