import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DiscStretch } from '../media/disc-map.ts';
import { drawnStretches, layMap } from './disc-map-layout.ts';

const SHAPE = { rows: 4, rowLength: 1000, minLength: 12 };
const sized = (...sizes: number[]) => sizes.map((sizeBytes) => ({ sizeBytes }));

describe('layMap', () => {
  it('draws in proportion and breaks a long stretch at the end of a row', () => {
    expect(layMap(sized(1500, 2500), SHAPE)).toEqual([
      { index: 0, row: 0, x: 0, width: 1000 },
      { index: 0, row: 1, x: 0, width: 500 },
      { index: 1, row: 1, x: 500, width: 500 },
      { index: 1, row: 2, x: 0, width: 1000 },
      { index: 1, row: 3, x: 0, width: 1000 },
    ]);
  });

  it('keeps a sector of a whole DVD wide enough to see', () => {
    const pieces = layMap(sized(2048, 4_700_000_000, 2048), SHAPE);
    expect(pieces[0]).toEqual({ index: 0, row: 0, x: 0, width: 12 });
    expect(pieces.at(-1)).toEqual({ index: 2, row: 3, x: 988, width: 12 });
  });

  it('has nothing to draw of nothing', () => {
    expect(layMap([], SHAPE)).toEqual([]);
  });

  it('fills the rows exactly, in order, with every stretch in it', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 2 ** 40 }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(sizes, (all) => {
        const pieces = layMap(sized(...all), SHAPE);
        let at = 0;
        for (const { row, x, width } of pieces) {
          expect(row * SHAPE.rowLength + x).toBeCloseTo(at, 6);
          expect(width).toBeGreaterThan(0);
          expect(x + width).toBeLessThanOrEqual(SHAPE.rowLength + 1e-6);
          at += width;
        }
        expect(at).toBeCloseTo(SHAPE.rows * SHAPE.rowLength, 6);
        expect(new Set(pieces.map(({ index }) => index)).size).toBe(all.length);
      }),
    );
  });
});

describe('drawnStretches', () => {
  const stretch = (kind: DiscStretch['kind'], offsetBytes: number, sizeBytes: number): DiscStretch => ({
    kind,
    name: kind,
    offsetBytes,
    sizeBytes,
    ...(kind === 'small-files' && { fileCount: 3 }),
  });

  it('leaves an ordinary disc as it is', () => {
    const few = [stretch('start', 0, 32768), stretch('file', 32768, 10_000_000)];
    expect(drawnStretches(few)).toEqual(few);
  });

  it('joins the thinnest of a disc in pieces, and loses no byte', () => {
    const many: DiscStretch[] = [];
    let at = 0;
    for (let index = 0; index < 5000; index++) {
      const size = index === 2500 ? 50_000_000 : 2048 * (1 + (index % 3));
      many.push(stretch(index % 2 ? 'small-files' : 'directory', at, size));
      at += size;
    }
    many.push(stretch('missing', at, 1000));
    const drawn = drawnStretches(many);
    expect(drawn.length).toBeLessThanOrEqual(200);
    expect(drawn.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)).toBe(at + 1000);
    drawn.reduce((end, { offsetBytes, sizeBytes }) => {
      expect(offsetBytes).toBe(end);
      return end + sizeBytes;
    }, 0);
    expect(drawn.at(-1)?.kind).toBe('missing');
    expect(drawn.some(({ sizeBytes }) => sizeBytes === 50_000_000)).toBe(true);
    expect(drawn[0]).toMatchObject({ kind: 'small-files', name: 'Many small pieces', fileCount: 3 * 1250 });
  });
});
