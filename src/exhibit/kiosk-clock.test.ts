import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  FILE_AGAIN_MS,
  LONGEST_RELOAD_MS,
  LONGEST_REST_MS,
  LONGEST_START_MS,
  secondsLeft,
  SILENCE_MS,
  stepKiosk,
  waitAfter,
  type KioskEvent,
  type KioskState,
  type ReloadCause,
} from './kiosk-clock.ts';
import { defaultKioskSettings, isAwake, type KioskSchedule } from './kiosk-settings.ts';
import { readExhibit } from './read-exhibit.ts';

const SETTINGS = { ...defaultKioskSettings(), idleSeconds: 60, countdownSeconds: 10 };

function after(state: KioskState, ...events: KioskEvent[]): KioskState {
  return events.reduce((now, event) => stepKiosk(now, event, SETTINGS), state);
}

const tick = (at: number, awake = true): KioskEvent => ({ type: 'tick', at, awake });
const touch = (at: number): KioskEvent => ({ type: 'touch', at });
const visiting = (touchedAt: number): KioskState => ({ phase: 'visiting', touchedAt });
const starting = (at: number): KioskState => ({ phase: 'starting', since: at, heardAt: at });
const asleep = (since: number, by: 'schedule' | 'staff' = 'schedule'): KioskState => ({
  phase: 'asleep',
  since,
  by,
});

describe('a day of a kiosk', () => {
  it('starts, invites, is visited, counts down, goes back and invites again', () => {
    let state: KioskState = starting(0);
    state = after(state, { type: 'ready', at: 4_000 });
    expect(state.phase).toBe('attract');
    state = after(state, tick(5_000), touch(6_000), tick(65_999));
    expect(state).toEqual(visiting(6_000));
    state = after(state, tick(66_000));
    expect(state).toEqual({ phase: 'countdown', endsAt: 76_000 });
    expect(secondsLeft(state, 70_500)).toBe(6);
    state = after(state, tick(76_000));
    expect(state.phase).toBe('resetting');
    // Touches while it goes back are nobody's visit.
    expect(after(state, touch(76_500)).phase).toBe('resetting');
    expect(after(state, { type: 'ready', at: 77_000 }).phase).toBe('attract');
  });

  it('ends the countdown at a touch', () => {
    expect(after({ phase: 'countdown', endsAt: 76_000 }, touch(75_999))).toEqual(visiting(75_999));
  });

  it('keeps what the visitor did where it is told to', () => {
    const kept = stepKiosk({ phase: 'countdown', endsAt: 1 }, tick(1), {
      ...SETTINGS,
      resetAfterVisitor: false,
    });
    expect(kept.phase).toBe('attract');
  });

  it('sleeps by its schedule, but not under a visitor, and is loaded anew in the morning', () => {
    expect(after({ phase: 'attract' }, tick(1, false))).toEqual(asleep(1));
    expect(after(visiting(0), tick(1, false)).phase).toBe('visiting');
    expect(after(asleep(0), tick(2, false), touch(30_000)).phase).toBe('asleep');
    expect(after(asleep(0), tick(4, true))).toEqual({ phase: 'reloading', since: 4, because: 'woke' });
  });

  it('starts a machine that died, and lets one rest that dies again and again', () => {
    expect(after(visiting(0), { type: 'broken', at: 7, retryAt: null })).toEqual(starting(7));
    const resting = after(starting(0), { type: 'broken', at: 100, retryAt: 500 });
    expect(after(resting, tick(499)).phase).toBe('resting');
    expect(after(resting, tick(500)).phase).toBe('starting');
    const waits = [1, 2, 3, 4, 5, 6, 50].map(waitAfter);
    expect(waits).toEqual([null, null, 5_000, 15_000, 60_000, 300_000, 300_000]);
    // Whatever a clock said when it was decided.
    const long = after(starting(0), { type: 'broken', at: 100, retryAt: 1e12 });
    expect(after(long, tick(100 + LONGEST_REST_MS)).phase).toBe('starting');
  });
});

describe('sleep that staff ask for', () => {
  const menu = after({ phase: 'attract' }, { type: 'staff', at: 0 }, { type: 'staff-unlocked', at: 1 });

  it('lasts until a touch, in the hours in which it is awake', () => {
    const state = after(menu, { type: 'sleep', at: 1_000 });
    expect(after(state, tick(1_500), tick(3_600_000)).phase).toBe('asleep');
    // The finger that pressed the button is still there.
    expect(after(state, touch(1_200)).phase).toBe('asleep');
    expect(after(state, touch(60_000))).toEqual({ phase: 'reloading', since: 60_000, because: 'woke' });
  });

  it('becomes the night at closing time: the morning ends it, and no touch', () => {
    const night = after(menu, { type: 'sleep', at: 1_000 }, tick(2_000), tick(3_000, false));
    expect(after(night, touch(9_000)).phase).toBe('asleep');
    expect(after(night, tick(10_000, true)).phase).toBe('reloading');
  });
});

describe('the staff screen', () => {
  const pin = after({ phase: 'attract' }, { type: 'staff', at: 1_000 });

  it('closes a minute after the last touch while nobody gave the PIN, and nothing happened', () => {
    expect(after(pin, tick(60_999)).phase).toBe('staff');
    expect(after(pin, tick(61_000))).toEqual({ phase: 'attract' });
    expect(after(pin, touch(50_000), tick(61_000)).phase).toBe('staff');
    expect(after(pin, { type: 'staff-left', at: 2_000 })).toEqual({ phase: 'attract' });
  });

  it('closes its menu five minutes after the last touch, over an exhibit that goes on', () => {
    const menu = after(visiting(0), { type: 'staff', at: 1_000 }, { type: 'staff-unlocked', at: 5_000 });
    expect(after(menu, tick(304_999), touch(304_999), tick(600_000)).phase).toBe('staff');
    expect(after(menu, tick(305_000))).toEqual(visiting(305_000));
    expect(after(menu, { type: 'staff-left', at: 6_000 })).toEqual(visiting(6_000));
  });

  it('over a machine that sleeps or rests leaves it so', () => {
    for (const state of [asleep(0), { phase: 'resting', retryAt: 9e5 } as const]) {
      expect(after(state, { type: 'staff', at: 10 }, tick(60_010, state.phase !== 'asleep'))).toEqual(state);
    }
  });

  it('is nobody else’s to open or to take away', () => {
    expect(after({ phase: 'attract' }, { type: 'staff-unlocked', at: 1 })).toEqual({ phase: 'attract' });
    expect(after(pin, { type: 'broken', at: 2, retryAt: null }, { type: 'ready', at: 3 })).toEqual(pin);
    expect(after(pin, { type: 'reload', at: 4, because: 'hung' })).toEqual(pin);
  });
});

describe('a machine that needs a file of this computer', () => {
  const waiting = after(starting(0), { type: 'needs-file', at: 10, name: 'win7.vhd' });

  it('says which, starts when it is given, and tries again by itself', () => {
    expect(waiting).toEqual({ phase: 'needs-file', since: 10, name: 'win7.vhd' });
    expect(after(waiting, touch(20)).phase).toBe('needs-file');
    expect(after(waiting, { type: 'file-given', at: 30 })).toEqual(starting(30));
    expect(after(waiting, tick(10 + FILE_AGAIN_MS)).phase).toBe('starting');
  });
});

describe('no phase lasts for ever', () => {
  const at = fc.nat(1_000_000);
  const calm: fc.Arbitrary<Exclude<KioskState, { phase: 'staff' }>> = fc.oneof(
    fc.record({ phase: fc.constantFrom('starting' as const, 'resetting' as const), since: at, heardAt: at }),
    fc.constant({ phase: 'attract' as const }),
    fc.record({ phase: fc.constant('visiting' as const), touchedAt: at }),
    // Ends that no settings would give are not reached; those that they give are here.
    fc.record({ phase: fc.constant('countdown' as const), endsAt: fc.nat(1_010_000) }),
    fc.record({
      phase: fc.constant('asleep' as const),
      since: at,
      by: fc.constantFrom('schedule' as const, 'staff' as const),
    }),
    fc.record({ phase: fc.constant('resting' as const), retryAt: fc.nat(1_000_000 + LONGEST_REST_MS) }),
    fc.record({ phase: fc.constant('needs-file' as const), since: at, name: fc.string() }),
    fc.record({
      phase: fc.constant('reloading' as const),
      since: at,
      because: fc.constantFrom<ReloadCause>('woke', 'staff', 'hung', 'long'),
    }),
  );
  const any: fc.Arbitrary<KioskState> = fc.oneof(
    calm,
    fc.record({
      phase: fc.constant('staff' as const),
      screen: fc.constantFrom('pin' as const, 'menu' as const),
      touchedAt: at,
      back: calm,
    }),
  );
  /** What a machine that is hung, a browser that answers nothing and a worker that only babbles still send. */
  const noise = fc.constantFrom('progress' as const, 'nothing' as const);
  const LIMIT_MS = LONGEST_START_MS + 1_000;

  it.each([true, false])('by ticks alone, awake: %s', (awake) => {
    fc.assert(
      fc.property(any, noise, (begin, babble) => {
        const mayStay = (state: KioskState): boolean =>
          awake
            ? state.phase === 'attract' || (state.phase === 'asleep' && state.by === 'staff')
            : state.phase === 'asleep';
        let state = begin;
        let entered = 1_000_000;
        for (let now = 1_000_000; now < 1_000_000 + 4 * LIMIT_MS; now += 2_500) {
          const before = state;
          if (babble === 'progress') state = after(state, { type: 'progress', at: now });
          state = after(state, tick(now, awake));
          if (state.phase !== before.phase) entered = now;
          if (!mayStay(state)) expect(now - entered).toBeLessThan(LIMIT_MS);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('and a machine that starts at last is there for visitors again, whatever came before', () => {
    const events = fc.oneof(
      fc.record({ type: fc.constant('tick' as const), at, awake: fc.boolean() }),
      fc.record({ type: fc.constant('broken' as const), at, retryAt: fc.option(fc.nat(1e9)) }),
      fc.record({ type: fc.constant('needs-file' as const), at, name: fc.constant('a.vhd') }),
      fc.record({ type: fc.constant('not-reloaded' as const), at, retryAt: fc.option(fc.nat(1e9)) }),
      fc.record({
        type: fc.constant('reload' as const),
        at,
        because: fc.constantFrom<ReloadCause>('hung', 'staff'),
      }),
      fc.record({
        type: fc.constantFrom(
          'touch' as const,
          'progress' as const,
          'ready' as const,
          'start-again' as const,
          'staff' as const,
          'staff-unlocked' as const,
          'staff-left' as const,
          'file-given' as const,
        ),
        at,
      }),
    );
    fc.assert(
      fc.property(fc.array(events, { maxLength: 40 }), (history) => {
        const inOrder = history.toSorted((a, b) => a.at - b.at);
        let state = after(starting(0), ...inOrder);
        for (let now = 1_000_000; now < 3_000_000 && state.phase !== 'attract'; now += 5_000)
          state = after(state, tick(now), { type: 'ready', at: now });
        expect(state.phase).toBe('attract');
      }),
    );
  });

  it('a slow start is left alone while it comes on, and given up when it stands still', () => {
    let state: KioskState = starting(0);
    for (let now = 0; now < 600_000; now += 60_000)
      state = after(state, { type: 'progress', at: now }, tick(now + 59_000));
    expect(state.phase).toBe('starting');
    expect(after(state, tick(540_000 + SILENCE_MS))).toMatchObject({ phase: 'reloading', because: 'long' });
    expect(after(starting(0), tick(SILENCE_MS - 1)).phase).toBe('starting');
    expect(after(starting(0), tick(SILENCE_MS)).phase).toBe('reloading');
    expect(after({ ...starting(0), phase: 'resetting' } as KioskState, tick(SILENCE_MS)).phase).toBe(
      'reloading',
    );
    // A page that does not go after all starts its machine itself.
    expect(after({ phase: 'reloading', since: 0, because: 'long' }, tick(LONGEST_RELOAD_MS)).phase).toBe(
      'starting',
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
