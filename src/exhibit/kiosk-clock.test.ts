import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { secondsLeft, stepKiosk, waitAfter, type KioskEvent, type KioskState } from './kiosk-clock.ts';
import { defaultKioskSettings, isAwake, type KioskSchedule } from './kiosk-settings.ts';
import { readExhibit } from './read-exhibit.ts';

const SETTINGS = { ...defaultKioskSettings(), idleSeconds: 60, countdownSeconds: 10 };

function after(state: KioskState, ...events: KioskEvent[]): KioskState {
  return events.reduce((now, event) => stepKiosk(now, event, SETTINGS), state);
}

const tick = (at: number, awake = true): KioskEvent => ({ type: 'tick', at, awake });
const touch = (at: number): KioskEvent => ({ type: 'touch', at });

describe('a day of a kiosk', () => {
  it('starts, invites, is visited, counts down, goes back and invites again', () => {
    let state: KioskState = { phase: 'starting' };
    state = after(state, { type: 'ready' });
    expect(state.phase).toBe('attract');
    state = after(state, tick(5_000), touch(6_000), tick(65_999));
    expect(state).toEqual({ phase: 'visiting', touchedAt: 6_000 });
    state = after(state, tick(66_000));
    expect(state).toEqual({ phase: 'countdown', endsAt: 76_000 });
    expect(secondsLeft(state, 70_500)).toBe(6);
    state = after(state, tick(76_000));
    expect(state.phase).toBe('resetting');
    // Touches while it goes back are nobody's visit.
    expect(after(state, touch(76_500)).phase).toBe('resetting');
    expect(after(state, { type: 'ready' }).phase).toBe('attract');
  });

  it('ends the countdown at a touch', () => {
    const state = after({ phase: 'countdown', endsAt: 76_000 }, touch(75_999));
    expect(state).toEqual({ phase: 'visiting', touchedAt: 75_999 });
  });

  it('keeps what the visitor did where it is told to', () => {
    const kept = stepKiosk({ phase: 'countdown', endsAt: 1 }, tick(1), {
      ...SETTINGS,
      resetAfterVisitor: false,
    });
    expect(kept.phase).toBe('attract');
  });

  it('sleeps by its schedule, but not under a visitor, and starts anew in the morning', () => {
    expect(after({ phase: 'attract' }, tick(1, false)).phase).toBe('asleep');
    expect(after({ phase: 'visiting', touchedAt: 0 }, tick(1, false)).phase).toBe('visiting');
    expect(after({ phase: 'asleep' }, tick(2, false), touch(3)).phase).toBe('asleep');
    expect(after({ phase: 'asleep' }, tick(4, true)).phase).toBe('starting');
  });

  it('leaves members of the museum alone', () => {
    const staff = after({ phase: 'attract' }, { type: 'staff' });
    expect(after(staff, tick(1e9), touch(1e9), { type: 'broken', retryAt: null })).toEqual(staff);
    expect(after(staff, { type: 'staff-left', at: 7 })).toEqual({ phase: 'visiting', touchedAt: 7 });
  });

  it('starts a machine that died, and lets one rest that dies again and again', () => {
    expect(after({ phase: 'visiting', touchedAt: 0 }, { type: 'broken', retryAt: null }).phase).toBe(
      'starting',
    );
    const resting = after({ phase: 'starting' }, { type: 'broken', retryAt: 500 });
    expect(after(resting, tick(499)).phase).toBe('resting');
    expect(after(resting, tick(500)).phase).toBe('starting');
    const waits = [1, 2, 3, 4, 5, 6, 50].map(waitAfter);
    expect(waits).toEqual([null, null, 5_000, 15_000, 60_000, 300_000, 300_000]);
  });

  it('never gets stuck: with time, and a machine that starts, it invites again', () => {
    const events = fc.oneof(
      fc.record({ type: fc.constant('tick' as const), at: fc.nat(1e6), awake: fc.boolean() }),
      fc.record({ type: fc.constant('touch' as const), at: fc.nat(1e6) }),
      fc.record({ type: fc.constant('broken' as const), retryAt: fc.option(fc.nat(1e6)) }),
      fc.constantFrom<KioskEvent>(
        { type: 'ready' },
        { type: 'start-again' },
        { type: 'sleep' },
        { type: 'staff' },
      ),
    );
    fc.assert(
      fc.property(fc.array(events, { maxLength: 40 }), (history) => {
        let state = after({ phase: 'starting' }, ...history, { type: 'staff-left', at: 2e6 });
        for (let at = 2e6; at < 3e6 && state.phase !== 'attract'; at += 10_000)
          state = after(state, tick(at), { type: 'ready' });
        expect(state.phase).toBe('attract');
      }),
    );
  });
});

describe('the schedule', () => {
  const schedule: KioskSchedule = [
    { days: ['tue', 'wed'], wake: '09:00', sleep: '17:30' },
    { days: ['sun'], wake: '11:00', sleep: '16:00' },
  ];

  it.each([
    [2, 8, 59, false],
    [2, 9, 0, true],
    [3, 17, 29, true],
    [3, 17, 30, false],
    [4, 12, 0, false],
    [0, 12, 0, true],
    [1, 12, 0, false],
  ])('on day %i at %i:%i: %s', (day, hours, minutes, awake) => {
    expect(isAwake(schedule, day, hours, minutes)).toBe(awake);
    expect(isAwake([], day, hours, minutes)).toBe(true);
  });

  it('that wakes after it sleeps is a mistake of the file', () => {
    const read = readExhibit(
      '{"format": 1, "kiosk": {"schedule": [{"wake": "17:00", "sleep": "09:00"}, {"wake": "08:00", "sleep": "9:00"}]}}',
    );
    expect(read.ok ? [] : read.mistakes.map(({ where, reason }) => `${where} ${reason}`)).toEqual([
      'kiosk.schedule[0] must wake before it sleeps',
      'kiosk.schedule[1].sleep must be a time like "09:30"',
    ]);
  });
});
