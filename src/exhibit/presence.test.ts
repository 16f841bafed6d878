import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Movement } from './presence.ts';

/** Whether any of the steps, so many milliseconds apart, is somebody. */
function isSomebody(steps: readonly [number, number][], everyMs: number): boolean {
  const movement = new Movement();
  return steps.map(([dx, dy], index) => movement.moved(dx, dy, index * everyMs)).includes(true);
}

it('a hand on the mouse is somebody, fast or slow', () => {
  expect(isSomebody([[30, 0]], 1)).toBe(true);
  expect(
    isSomebody(
      Array.from({ length: 20 }, () => [1, 1]),
      16,
    ),
  ).toBe(true);
  expect(
    isSomebody(
      Array.from({ length: 20 }, () => [0, -1]),
      200,
    ),
  ).toBe(true);
});

it('a mouse that trembles about its place is nobody, however long and fast', () => {
  const place = fc.record({ x: fc.integer({ min: -2, max: 2 }), y: fc.integer({ min: -2, max: 2 }) });
  fc.assert(
    fc.property(
      fc.array(place, { maxLength: 2_000 }),
      fc.integer({ min: 1, max: 500 }),
      (places, everyMs) => {
        const steps = places.map(({ x, y }, index): [number, number] => {
          const from = places[index - 1] ?? { x: 0, y: 0 };
          return [x - from.x, y - from.y];
        });
        expect(isSomebody(steps, everyMs)).toBe(false);
      },
    ),
  );
});

it('one that creeps, as on glass, is nobody', () => {
  expect(
    isSomebody(
      Array.from({ length: 1_000 }, () => [1, 0]),
      1_000,
    ),
  ).toBe(false);
});
