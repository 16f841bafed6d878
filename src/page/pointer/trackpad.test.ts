import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  acceleration,
  DOUBLE_TAP_MS,
  TAP_MS,
  TRACKPAD_IDLE,
  trackpadDeadline,
  trackpadStep,
  type TrackpadAction,
  type TrackpadEvent,
  type TrackpadState,
} from './trackpad.ts';

/** Plays events; whatever falls due before an event is ticked first, as the timer would. */
function play(events: TrackpadEvent[], from: TrackpadState = TRACKPAD_IDLE) {
  let state = from;
  const actions: TrackpadAction[] = [];
  const step = (event: TrackpadEvent) => {
    const next = trackpadStep(state, event);
    state = next.state;
    actions.push(...next.actions);
  };
  for (const event of events) {
    for (;;) {
      const due = trackpadDeadline(state);
      if (due === null || !('timeMs' in event) || event.type === 'tick' || event.timeMs < due) break;
      step({ type: 'tick', timeMs: due });
    }
    step(event);
  }
  return { state, actions };
}

const down = (timeMs: number, id = 1, x = 0, y = 0): TrackpadEvent => ({ type: 'down', id, x, y, timeMs });
const move = (timeMs: number, x: number, y = 0, id = 1): TrackpadEvent => ({
  type: 'move',
  id,
  x,
  y,
  timeMs,
});
const up = (timeMs: number, id = 1, x = 0, y = 0): TrackpadEvent => ({ type: 'up', id, x, y, timeMs });
const tick = (timeMs: number): TrackpadEvent => ({ type: 'tick', timeMs });
const left = (type: 'press' | 'release') => ({ type, button: 'left' });
const LATER = tick(1e6);

describe('the trackpad', () => {
  it('moves with one finger, after it has left the circle of a tap', () => {
    const { actions } = play([down(0), move(100, 5), move(200, 20), move(300, 30), up(400)]);
    expect(actions).toEqual([{ type: 'move', dx: 10, dy: 0 }]);
  });

  it('clicks on a tap: down at once, up when no second touch follows', () => {
    const { state, actions } = play([down(0), up(80)]);
    expect(actions).toEqual([left('press')]);
    expect(trackpadDeadline(state)).toBe(80 + DOUBLE_TAP_MS);
    expect(play([tick(79 + DOUBLE_TAP_MS)], state).actions).toEqual([]);
    expect(play([tick(80 + DOUBLE_TAP_MS)], state)).toEqual({
      state: TRACKPAD_IDLE,
      actions: [left('release')],
    });
  });

  it('does nothing for a finger that rests too long to be a tap', () => {
    expect(play([down(0), up(TAP_MS + 1), LATER]).actions).toEqual([]);
  });

  it('double-clicks on two taps', () => {
    expect(play([down(0), up(50), down(150), up(200), LATER]).actions).toEqual([
      left('press'),
      left('release'),
      left('press'),
      left('release'),
    ]);
  });

  it('makes two single clicks of taps that are far apart', () => {
    const apart = 50 + DOUBLE_TAP_MS + 10;
    expect(play([down(0), up(50), down(apart), up(apart + 50), LATER]).actions).toEqual([
      left('press'),
      left('release'),
      left('press'),
      left('release'),
    ]);
  });

  it('drags on a tap and a touch that moves, without letting the button go between', () => {
    const { actions } = play([down(0), up(50), down(150), move(200, 20), move(300, 40), up(400), LATER]);
    expect(actions).toEqual([left('press'), { type: 'move', dx: 20, dy: 0 }, left('release')]);
  });

  it('drags on a tap and a touch that stays before it moves', () => {
    const { actions } = play([down(0), up(50), down(150), move(900, 20), up(1000), LATER]);
    expect(actions).toEqual([left('press'), expect.objectContaining({ type: 'move' }), left('release')]);
  });

  it('keeps dragging when another finger brushes the glass', () => {
    const events = [
      down(0),
      up(50),
      down(150),
      move(200, 20),
      down(210, 2),
      up(220, 2),
      move(320, 40),
      up(400),
    ];
    expect(play(events).actions).toEqual([left('press'), { type: 'move', dx: 20, dy: 0 }, left('release')]);
  });

  it('right-clicks on a tap with two fingers, middle-clicks with three', () => {
    const two = play([down(0), down(10, 2, 50), up(90, 2), up(100), LATER]).actions;
    expect(two).toEqual([
      { type: 'press', button: 'right' },
      { type: 'release', button: 'right' },
    ]);
    const three = play([down(0), down(5, 2), down(10, 3), up(90, 2), up(95), up(100, 3), LATER]).actions;
    expect(three).toEqual([
      { type: 'press', button: 'middle' },
      { type: 'release', button: 'middle' },
    ]);
  });

  it('does nothing for two fingers that rest, nor for four', () => {
    expect(play([down(0), down(10, 2), up(TAP_MS + 50, 2), up(TAP_MS + 60), LATER]).actions).toEqual([]);
    const four = [1, 2, 3, 4];
    expect(
      play([...four.map((id) => down(id, id)), ...four.map((id) => up(50 + id, id)), LATER]).actions,
    ).toEqual([]);
  });

  it('scrolls with two fingers, the page following them', () => {
    const events = [
      down(0),
      down(10, 2, 50),
      move(50, 0, -20),
      move(50, 50, -20, 2),
      move(60, 0, -40),
      move(60, 50, -40, 2),
    ];
    const { actions } = play([...events, up(70), up(80, 2), LATER]);
    expect(actions.every((action) => action.type === 'scroll' && action.dy > 0 && action.dx === 0)).toBe(
      true,
    );
    const scrolled = actions.reduce((sum, action) => sum + (action.type === 'scroll' ? action.dy : 0), 0);
    expect(scrolled).toBe(40);
  });

  it('does not move the pointer with the finger left over from a scroll', () => {
    const events = [down(0), down(10, 2), move(50, 30), up(60, 2), move(70, 60), move(80, 90), up(90), LATER];
    expect(play(events).actions.filter((action) => action.type === 'move')).toEqual([]);
  });

  it('lets the button go when a touch is cancelled in a drag', () => {
    const { state, actions } = play([down(0), up(50), down(150), move(200, 20), { type: 'cancel', id: 1 }]);
    expect(state).toEqual(TRACKPAD_IDLE);
    expect(actions).toEqual([left('press'), left('release')]);
  });

  it('never leaves a button down once every finger is gone and time has passed', () => {
    const event = fc.record({
      type: fc.constantFrom('down', 'move', 'up', 'cancel'),
      id: fc.integer({ min: 1, max: 4 }),
      x: fc.integer({ min: 0, max: 60 }),
      y: fc.integer({ min: 0, max: 60 }),
      gap: fc.integer({ min: 0, max: 400 }),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (drawn) => {
        let timeMs = 0;
        const events = drawn.map(({ gap, ...event }): TrackpadEvent => ({
          ...event,
          timeMs: (timeMs += gap),
        }));
        const ends = [1, 2, 3, 4].map((id): TrackpadEvent => ({ type: 'cancel', id }));
        const { state, actions } = play([...events, ...ends, LATER, LATER]);
        expect(state).toEqual(TRACKPAD_IDLE);
        const held = new Map<string, number>();
        for (const action of actions) {
          if (action.type !== 'press' && action.type !== 'release') continue;
          const count = (held.get(action.button) ?? 0) + (action.type === 'press' ? 1 : -1);
          expect(count === 0 || count === 1, 'press and release alternate').toBe(true);
          held.set(action.button, count);
        }
        expect([...held.values()].every((count) => count === 0)).toBe(true);
      }),
    );
  });
});

describe('acceleration', () => {
  it('leaves a slow finger exact and bounds a quick one', () => {
    expect(acceleration(1, 16)).toBe(1);
    expect(acceleration(1000, 16)).toBe(3);
    expect(acceleration(5, 0)).toBe(3);
    expect(acceleration(0, 0)).toBe(1);
  });
});
