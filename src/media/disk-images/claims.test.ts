import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SpanClaims } from './claims.ts';

test('parts of one length are claimed as in a list of all of them, near or far apart', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9 }),
      fc.array(fc.oneof(fc.nat(9000), fc.nat(2 ** 40)), { maxLength: 1500 }),
      (span, sectors) => {
        const claims = new SpanClaims(span);
        const claimed: number[] = [];
        for (const sector of sectors) {
          const isFree = claimed.every((other) => Math.abs(other - sector) >= span);
          expect(claims.claim(sector)).toBe(isFree);
          if (isFree) claimed.push(sector);
        }
      },
    ),
    { numRuns: 50 },
  );
});

test('a group of slots that fills goes on as it was', () => {
  const claims = new SpanClaims(8);
  const order = Array.from({ length: 2048 }, (_, i) => (i * 769) % 2048);
  for (const slot of order) expect(claims.claim(slot * 8)).toBe(true);
  for (const slot of order) for (const by of [0, 1, 7]) expect(claims.claim(slot * 8 + by)).toBe(false);
  expect(claims.claim(2048 * 8)).toBe(true);
});
