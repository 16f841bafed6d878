import { beforeEach, describe, expect, it } from 'vitest';
import type { Cpu } from '../internals.ts';
import { PitTicks } from './pit-ticks.ts';

/** The registers of `src/pit.js`: a thousand ticks a second, but for a little. */
class Pit {
  readonly counter_enabled = Uint8Array.of(1, 0, 0, 0);
  readonly counter_mode = Uint8Array.of(2, 0, 0, 0);
  readonly counter_reload = Uint16Array.of(1193, 0, 0);
  readonly counter_start_time = Float64Array.of(0, 0, 0);
  readonly counter_start_value = Uint16Array.of(1193, 0, 0);
  timer = (_now: number): number => 0;
}

let pit: Pit;
let ticks: PitTicks;
let raised = 0;
let answered: boolean | null = true;

beforeEach(() => {
  pit = new Pit();
  raised = 0;
  answered = true;
  const cpu = { devices: { pit }, device_raise_irq: () => raised++, device_lower_irq: () => {} };
  ticks = new PitTicks(cpu as unknown as Cpu, () => answered);
  pit.timer(0);
});

describe('the timer', () => {
  it('gives every tick of a busy guest, though several fall due at once', () => {
    for (let now = 0; now < 1000; now += 2.6) {
      pit.timer(now);
      for (let i = 0; i < 4; i++) pit.timer(now);
    }
    expect(raised + ticks.backlog).toBeGreaterThanOrEqual(995);
    expect(raised + ticks.backlog).toBeLessThanOrEqual(1001);
    expect(ticks.backlog).toBeLessThan(5);
  });

  it('waits with what it owes until the guest is done with the last one', () => {
    pit.timer(10.5);
    expect(raised).toBe(1);
    answered = false;
    for (let i = 0; i < 5; i++) pit.timer(10.5);
    expect(raised).toBe(1);
    answered = true;
    expect(pit.timer(10.5)).toBe(0);
    expect(raised).toBe(2);
  });

  it('is as fast after an hour as after a second, however late each tick is noticed', () => {
    const periodMs = 1193 / 1193.1816666;
    let now = 0;
    for (let i = 0; i < 3_600_000; i++) {
      now += 0.3 + (i % 7) * 0.2;
      pit.timer(now);
    }
    expect(raised + ticks.backlog).toBe(Math.floor(now / periodMs));
  });

  it('gives a tick that comes while the last one is served once, when that is done', () => {
    pit.timer(1.5);
    answered = false;
    pit.timer(2.5);
    expect([raised, ticks.backlog]).toEqual([1, 1]);
    answered = true;
    pit.timer(2.6);
    pit.timer(2.7);
    expect([raised, ticks.backlog]).toEqual([2, 0]);
  });

  it('owes nothing for a sleep, to a guest that masks it, or of another rate', () => {
    pit.timer(60_000);
    expect(ticks.backlog).toBe(0);
    pit.timer(60_010);
    expect(ticks.backlog).toBeGreaterThan(5);
    answered = null;
    pit.timer(60_010);
    expect(ticks.backlog).toBe(0);
    answered = true;
    pit.timer(60_020);
    pit.counter_reload[0] = 11_932;
    pit.timer(60_020);
    expect(ticks.backlog).toBe(0);
  });
});
