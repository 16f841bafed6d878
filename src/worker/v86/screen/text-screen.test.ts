import { beforeEach, describe, expect, it } from 'vitest';
import { FLAG_BLINKING, FLAG_FONT_PAGE_B, TextScreen, type Font } from './text-screen.ts';

const INK = 0xaa5500;
const PAPER = 0x0000aa;
const ink = 0xff0055aa;
const paper = 0xffaa0000;

/** Two font pages: glyph 65 is a left edge in page 0 and a right edge in page 1; glyph 0xC4 is a full line. */
function font(part: Partial<Font> = {}): Font {
  const bitmap = new Uint8Array(8 * 256 * 32);
  bitmap.fill(0x80, 65 * 32, 65 * 32 + 16);
  bitmap.fill(0x01, (256 + 65) * 32, (256 + 65) * 32 + 16);
  bitmap.fill(0xff, 0xc4 * 32, 0xc4 * 32 + 16);
  return { height: 16, width: 9, lineGraphics: true, bitmap, ...part };
}

function row(screen: TextScreen, line: number, from = 0, to = 9): number[] {
  return [...screen.pixels.subarray(line * screen.width + from, line * screen.width + to)];
}

describe('TextScreen', () => {
  let screen: TextScreen;
  beforeEach(() => {
    screen = new TextScreen();
    screen.setFont(font());
    screen.draw(0);
  });

  it('has the size of its cells', () => {
    expect([screen.width, screen.height]).toEqual([720, 400]);
    screen.setFont(font({ width: 8, height: 8 }));
    screen.resize(40, 50);
    expect([screen.width, screen.height]).toEqual([320, 400]);
    screen.setFont(font({ width: 16 }));
    expect([screen.width, screen.height]).toEqual([640, 800]);
  });

  it('draws a glyph of the guest’s font in the cell’s colours', () => {
    screen.setCell(0, 0, 65, 0, PAPER, INK);
    screen.draw(0);
    expect(row(screen, 0)).toEqual([ink, ...Array<number>(8).fill(paper)]);
    expect(row(screen, 15)).toEqual(row(screen, 0));
  });

  it('continues line drawing into the ninth dot, and only that', () => {
    screen.setCell(0, 0, 0xc4, 0, PAPER, INK);
    screen.draw(0);
    expect(row(screen, 3)).toEqual(Array<number>(9).fill(ink));
    screen.setFont(font({ lineGraphics: false }));
    screen.draw(0);
    expect(row(screen, 3)[8]).toBe(paper);
  });

  it('doubles each dot of a 40-column mode', () => {
    screen.setFont(font({ width: 16 }));
    screen.setCell(0, 0, 65, 0, PAPER, INK);
    screen.draw(0);
    expect(row(screen, 0, 0, 4)).toEqual([ink, ink, paper, paper]);
  });

  it('takes a character from the second font where its attribute says so', () => {
    screen.setFontPages(0, 1);
    screen.setCell(0, 0, 65, FLAG_FONT_PAGE_B, PAPER, INK);
    screen.draw(0);
    expect(row(screen, 0)).toEqual([...Array<number>(7).fill(paper), ink, paper]);
  });

  it('tells which rows it drew, and draws nothing twice', () => {
    screen.setCell(3, 5, 65, 0, PAPER, INK);
    screen.setCell(4, 0, 65, 0, PAPER, INK);
    expect(screen.draw(0)).toEqual({ top: 48, bottom: 80 });
    expect(screen.draw(0)).toBeNull();
    screen.setCell(3, 5, 65, 0, PAPER, INK);
    expect(screen.draw(0)).toBeNull();
  });

  it('draws the cursor on its scan lines, in the ink of its cell, and blinks it', () => {
    screen.setCell(1, 2, 32, 0, PAPER, INK);
    screen.moveCursor(1, 2);
    screen.shapeCursor(14, 15, true);
    screen.draw(0);
    expect(row(screen, 16 + 13, 18, 27)).toEqual(Array<number>(9).fill(paper));
    expect(row(screen, 16 + 14, 18, 27)).toEqual(Array<number>(9).fill(ink));
    expect(screen.draw(230)).toEqual({ top: 16, bottom: 32 });
    expect(row(screen, 16 + 14, 18, 27)).toEqual(Array<number>(9).fill(paper));
  });

  it('hides a cursor that is switched off, and leaves no trace of one that moved', () => {
    screen.moveCursor(0, 0);
    screen.shapeCursor(14, 15, true);
    screen.setCell(0, 0, 32, 0, PAPER, INK);
    screen.draw(0);
    screen.moveCursor(2, 0);
    screen.draw(0);
    expect(row(screen, 14)).toEqual(Array<number>(9).fill(paper));
    screen.shapeCursor(14, 15, false);
    screen.setCell(2, 0, 32, 0, PAPER, INK);
    screen.draw(0);
    expect(row(screen, 32 + 14)).toEqual(Array<number>(9).fill(paper));
  });

  it('blinks characters half as fast as the cursor', () => {
    screen.setCell(0, 0, 65, FLAG_BLINKING, PAPER, INK);
    screen.draw(0);
    expect(row(screen, 0)[0]).toBe(ink);
    expect(screen.draw(230)).toBeNull();
    expect(screen.draw(460)).toEqual({ top: 0, bottom: 16 });
    expect(row(screen, 0)[0]).toBe(paper);
  });

  it('says what is written, in Unicode, and ignores what lies outside', () => {
    for (const [column, code] of [0x48, 0x81, 0xb0, 0x01].entries())
      screen.setCell(2, column, code, 0, PAPER, INK);
    screen.setCell(25, 0, 65, 0, PAPER, INK);
    screen.setCell(0, 80, 65, 0, PAPER, INK);
    const text = screen.text();
    expect(text).toHaveLength(25);
    expect(text[2]).toBe(`Hü░☺${' '.repeat(76)}`);
    expect(text[1]).toBe(' '.repeat(80));
  });
});
