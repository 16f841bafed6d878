import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WheelNotches, type WheelTurn } from './wheel-notches.ts';

/** Turns `apartMs` apart; the sum of the notches down. */
function turned(turns: readonly Partial<WheelTurn>[], apartMs = 20, platform: 'mac' | 'other' = 'other') {
  const wheel = new WheelNotches(platform);
  return turns
    .map((turn, index) =>
      wheel.add({ deltaMode: 0, deltaX: 0, deltaY: 0, timeStamp: 1000 + index * apartMs, ...turn }),
    )
    .reduce((sum, notches) => sum + (notches?.dy ?? 0), 0);
}

const same = <T>(count: number, turn: T) => Array.from({ length: count }, () => turn);

describe('WheelNotches of a wheel', () => {
  it.each([
    ['100 %', { deltaY: 100, wheelDeltaY: -120 }],
    ['100 % on Linux', { deltaY: 120, wheelDeltaY: -120 }],
    ['150 %', { deltaY: 66.67, wheelDeltaY: -120 }],
    ['200 %', { deltaY: 50, wheelDeltaY: -120 }],
    ['500 %', { deltaY: 20, wheelDeltaY: -120 }],
    ['67 %', { deltaY: 150, wheelDeltaY: -120 }],
    ['150 %, without wheelDelta', { deltaY: 66.67 }],
    ['200 %, with a wheelDelta that repeats the pixels', { deltaY: 50, wheelDeltaY: -50 }],
    ['67 %, without wheelDelta', { deltaY: 150 }],
    ['lines', { deltaMode: 1, deltaY: 3 }],
    ['one line a click', { deltaMode: 1, deltaY: 1 }],
    ['one screen at a time', { deltaMode: 2, deltaY: 0.8 }],
    ['a page', { deltaMode: 2, deltaY: 1 }],
  ])('makes one notch of one click: %s', (_, turn) => {
    for (const apartMs of [10, 400]) {
      for (const count of [1, 2, 3, 7]) expect(turned(same(count, turn), apartMs)).toBe(count);
    }
  });

  it('at any zoom, forth and back', () => {
    const zoom = fc.constantFrom(
      0.25,
      0.33,
      0.5,
      0.67,
      0.75,
      0.8,
      0.9,
      1,
      1.1,
      1.25,
      1.5,
      1.75,
      2,
      2.5,
      3,
      4,
      5,
    );
    fc.assert(
      fc.property(
        zoom,
        fc.constantFrom(100, 120),
        fc.array(fc.integer({ min: -3, max: 3 })),
        (scale, pixels, clicks) => {
          const turns = clicks.map((n) => ({ deltaY: (n * pixels) / scale, wheelDeltaY: -120 * n }));
          expect(turned(turns)).toBe(clicks.reduce((sum, n) => sum + n, 0) + 0);
        },
      ),
    );
  });

  it('reads the unit before the figures, as Firefox counts in pixels otherwise', () => {
    const read: string[] = [];
    const turn: WheelTurn = {
      get deltaMode() {
        read.push('mode');
        return 1;
      },
      get deltaY() {
        read.push('figure');
        return 3;
      },
      deltaX: 0,
      timeStamp: 0,
    };
    new WheelNotches('other').add(turn);
    expect(read).toEqual(['mode', 'figure']);
  });

  it('counts sideways by itself', () => {
    const wheel = new WheelNotches('other');
    expect(wheel.add({ deltaMode: 0, deltaX: 100, wheelDeltaX: -120, deltaY: 0, timeStamp: 0 })).toEqual({
      dx: 1,
      dy: 0,
    });
  });

  it('stays within the guest’s register and survives what is no number', () => {
    expect(turned([{ deltaY: 1e9 }])).toBe(7);
    expect(turned([{ deltaY: 1e9, wheelDeltaY: -1.2e9 }])).toBe(7);
    expect(turned([{ deltaY: NaN }, { deltaY: 100 }])).toBe(1);
  });
});

describe('WheelNotches of a touch pad', () => {
  it('adds small turns up', () => {
    expect(turned(same(10, { deltaY: 25 }))).toBe(2);
    expect(turned(same(10, { deltaY: 7, wheelDeltaY: -120 }))).toBe(0);
    expect(turned(same(20, { deltaMode: 1, deltaY: 0.3 }))).toBe(2);
  });

  it('goes by the distance, whatever the speed and whoever reports it', () => {
    const factor = fc.constantFrom(0, 1, 1.2, 3);
    fc.assert(
      fc.property(
        factor,
        fc.array(fc.double({ min: 1, max: 60, noNaN: true }), { minLength: 1, maxLength: 60 }),
        (wheelDelta, sizes) => {
          const turns = [1, ...sizes].map((deltaY) => ({
            deltaY,
            wheelDeltaY: Math.round(-deltaY * wheelDelta),
          }));
          const distance = turns.reduce((sum, { deltaY }) => sum + deltaY, 0);
          expect(Math.abs(turned(turns) - distance / 100)).toBeLessThan(1);
          expect(Math.abs(turned(turns, 20, 'mac') - distance / 100)).toBeLessThan(1);
        },
      ),
    );
  });

  it('owes what a quick beginning gave out too early', () => {
    expect(turned([{ deltaY: 40 }, { deltaY: 31 }, { deltaY: 33 }, { deltaY: 20 }, { deltaY: 77 }])).toBe(2);
  });

  it('starts from zero when the turn goes back', () => {
    expect(turned([{ deltaY: 5 }, ...same(9, { deltaY: 10 }), ...same(10, { deltaY: -10 })])).toBe(-1);
  });

  it('is no wheel on a Mac, where the figure is three times the pixels', () => {
    expect(turned(same(10, { deltaY: 40, wheelDeltaY: -120 }), 20, 'mac')).toBe(4);
  });
});
