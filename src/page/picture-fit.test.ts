import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { fitPicture } from './picture-fit.ts';

describe('fitPicture', () => {
  it('shows one guest pixel as one device pixel where the box just fits', () => {
    expect(fitPicture({ width: 1024, height: 768 }, { width: 1100, height: 800 }, 1)).toEqual({
      width: 1024,
      height: 768,
      left: 38,
      top: 16,
      sharp: true,
    });
  });

  it('counts device pixels, not CSS pixels, on a high-density screen', () => {
    const fit = fitPicture({ width: 640, height: 480 }, { width: 660, height: 490 }, 2);
    expect(fit).toMatchObject({ width: 640, height: 480, sharp: true });
  });

  it('fills the box smoothly where a whole scale would leave it half empty', () => {
    const fit = fitPicture({ width: 1024, height: 768 }, { width: 1600, height: 1200 }, 1);
    expect(fit).toMatchObject({ width: 1600, height: 1200, sharp: false });
    expect(fitPicture({ width: 1024, height: 768 }, { width: 1600, height: 1200 }, 1, true)).toMatchObject({
      width: 1024,
      sharp: true,
    });
  });

  it('keeps the shape, stays inside the box, and lies on whole device pixels', () => {
    const side = fc.integer({ min: 1, max: 4000 });
    fc.assert(
      fc.property(side, side, side, side, fc.constantFrom(1, 1.25, 1.5, 2, 3), (gw, gh, bw, bh, dpr) => {
        const fit = fitPicture({ width: gw, height: gh }, { width: bw, height: bh }, dpr);
        expect(fit.width).toBeLessThanOrEqual(bw + 1 / dpr);
        expect(fit.height).toBeLessThanOrEqual(bh + 1 / dpr);
        const scale = fit.sharp ? (fit.width * dpr) / gw : Math.min((bw * dpr) / gw, (bh * dpr) / gh);
        expect(Math.abs(fit.width * dpr - gw * scale)).toBeLessThanOrEqual(0.51);
        expect(Math.abs(fit.height * dpr - gh * scale)).toBeLessThanOrEqual(0.51);
        for (const length of [fit.width, fit.height, fit.left, fit.top]) {
          expect(Math.abs(length * dpr - Math.round(length * dpr))).toBeLessThan(1e-6);
        }
        if (fit.sharp) expect(Number.isInteger((fit.width * dpr) / gw)).toBe(true);
      }),
    );
  });
});
