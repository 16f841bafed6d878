import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buttonsOf, guestPosition } from './guest-position.ts';
import { MAX_STEP, RelativeMotion } from './relative-motion.ts';

describe('RelativeMotion', () => {
  it('loses nothing and never exceeds a packet, whatever the hand does', () => {
    const delta = fc.double({ min: -2000, max: 2000, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(delta, delta)), (moves) => {
        const motion = new RelativeMotion();
        const steps = moves.flatMap(([dx, dy]) => motion.add(dx, dy));
        for (const step of steps) {
          expect(Number.isInteger(step.dx) && Number.isInteger(step.dy)).toBe(true);
          expect(Math.max(Math.abs(step.dx), Math.abs(step.dy))).toBeLessThanOrEqual(MAX_STEP);
        }
        for (const axis of [0, 1] as const) {
          const asked = moves.reduce((sum, move) => sum + move[axis], 0);
          const sent = steps.reduce((sum, step) => sum + (axis === 0 ? step.dx : step.dy), 0);
          expect(Math.abs(asked - sent)).toBeLessThan(1 + 1e-6);
        }
      }),
    );
  });

  it('cuts a long diagonal into steps of one direction', () => {
    expect(new RelativeMotion().add(300, -150)).toEqual([
      { dx: 100, dy: -50 },
      { dx: 100, dy: -50 },
      { dx: 100, dy: -50 },
    ]);
  });

  it('adds fractions up', () => {
    const motion = new RelativeMotion();
    expect(motion.add(0.4, -0.4)).toEqual([]);
    expect(motion.add(0.4, -0.4)).toEqual([]);
    expect(motion.add(0.4, -0.4)).toEqual([{ dx: 1, dy: -1 }]);
  });

  it('forgets fractions on reset', () => {
    const motion = new RelativeMotion();
    motion.add(0.9, 0);
    motion.reset();
    expect(motion.add(0.9, 0)).toEqual([]);
  });

  it('survives what is no number, and bounds a browser’s jump', () => {
    const motion = new RelativeMotion();
    expect(motion.add(NaN, Infinity)).toEqual([]);
    expect(motion.add(1e12, 0)).toHaveLength(64);
  });
});

describe('guestPosition', () => {
  const picture = { left: 10, top: 20, width: 640, height: 480 };

  it('measures from the picture, and stays on it', () => {
    expect(guestPosition(330, 260, picture)).toEqual({ x: 320, y: 240, width: 640, height: 480 });
    expect(guestPosition(0, 9999, picture)).toEqual({ x: 0, y: 480, width: 640, height: 480 });
  });

  it('is nowhere while there is no picture', () => {
    expect(guestPosition(1, 1, { left: 0, top: 0, width: 0, height: 0 })).toBeNull();
  });
});

describe('buttonsOf', () => {
  it('reads MouseEvent.buttons, side buttons left out', () => {
    expect(buttonsOf(1)).toEqual({ left: true, middle: false, right: false });
    expect(buttonsOf(2)).toEqual({ left: false, middle: false, right: true });
    expect(buttonsOf(4)).toEqual({ left: false, middle: true, right: false });
    expect(buttonsOf(24)).toEqual({ left: false, middle: false, right: false });
  });
});
