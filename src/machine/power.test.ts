import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { VitrineError } from '../lib/errors.ts';
import { INITIAL_POWER, isOn, reducePower, type PowerEvent } from './power.ts';

const error = new VitrineError('internal/unexpected');
const anyEvent = fc.constantFrom<PowerEvent>(
  { type: 'power-on' },
  { type: 'started' },
  { type: 'paused', reason: 'visitor' },
  { type: 'paused', reason: 'hidden' },
  { type: 'paused', reason: 'storage-full' },
  { type: 'resumed' },
  { type: 'powered-off', by: 'guest' },
  { type: 'powered-off', by: 'visitor' },
  { type: 'failed', error },
);

describe('the power state union', () => {
  it('goes through a visit', () => {
    const events: PowerEvent[] = [
      { type: 'power-on' },
      { type: 'started' },
      { type: 'paused', reason: 'hidden' },
      { type: 'resumed' },
      { type: 'powered-off', by: 'guest' },
    ];
    const seen = [];
    let state = INITIAL_POWER;
    for (const event of events) seen.push((state = reducePower(state, event)).power);
    expect(seen).toEqual(['starting', 'running', 'paused', 'running', 'off']);
    expect(state).toEqual({ power: 'off', reason: 'guest' });
  });

  it('keeps the error of a dead engine until the next power-on', () => {
    const failed = reducePower({ power: 'running' }, { type: 'failed', error });
    expect(failed).toEqual({ power: 'failed', error });
    expect(reducePower(failed, { type: 'resumed' })).toBe(failed);
    expect(reducePower(failed, { type: 'powered-off', by: 'visitor' })).toBe(failed);
    expect(reducePower(failed, { type: 'power-on' }).power).toBe('starting');
  });

  it('ignores what does not fit: the same object comes back', () => {
    expect(reducePower(INITIAL_POWER, { type: 'started' })).toBe(INITIAL_POWER);
    expect(reducePower(INITIAL_POWER, { type: 'failed', error })).toBe(INITIAL_POWER);
    const starting = reducePower(INITIAL_POWER, { type: 'power-on' });
    expect(reducePower(starting, { type: 'paused', reason: 'visitor' })).toBe(starting);
    expect(reducePower(starting, { type: 'power-on' })).toBe(starting);
  });

  it('waits for room until it goes on, also when the visitor pauses it or hides the page', () => {
    const full = reducePower({ power: 'running' }, { type: 'paused', reason: 'storage-full' });
    for (const reason of ['visitor', 'hidden'] as const)
      expect(reducePower(full, { type: 'paused', reason })).toBe(full);
    expect(reducePower(full, { type: 'resumed' })).toEqual({ power: 'running' });
  });

  it('is on exactly between a power-on and the end of its engine', () => {
    fc.assert(
      fc.property(fc.array(anyEvent), (events) => {
        let state = INITIAL_POWER;
        let engine = false;
        for (const event of events) {
          if (event.type === 'power-on') engine = true;
          if (event.type === 'powered-off' || event.type === 'failed') engine = false;
          state = reducePower(state, event);
          expect(isOn(state)).toBe(engine);
        }
      }),
    );
  });
});
