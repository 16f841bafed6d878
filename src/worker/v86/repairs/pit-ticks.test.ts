import { beforeEach, describe, expect, it } from 'vitest';
import type { Cpu } from '../internals.ts';
import { PitTicks } from './pit-ticks.ts';

/** Upstream's timer (`src/pit.js`): one interrupt where a period or more is over, and the phase kept. */
class UpstreamPit {
  readonly counter_enabled = Uint8Array.of(1, 0, 0, 0);
  readonly counter_mode = Uint8Array.of(2, 0, 0, 0);
  readonly counter_reload = Uint16Array.of(1193, 0, 0);
  readonly counter_start_time = Float64Array.of(0, 0, 0);
  readonly counter_start_value = Uint16Array.of(1193, 0, 0);
  raise = () => {};

  timer(now: number): number {
    const gone = Math.floor((now - this.counter_start_time[0]) * 1193.1816666);
    if (this.counter_start_value[0] >= gone) return 0.1;
    const reload = this.counter_reload[0];
    this.counter_start_value[0] = ((this.counter_start_value[0] - gone) % reload) + reload;
    this.counter_start_time[0] = now;
    this.raise();
    return 0.1;
  }
}

let pit: UpstreamPit;
let ticks: PitTicks;
let raised = 0;
let answered: boolean | null = true;

beforeEach(() => {
  pit = new UpstreamPit();
  raised = 0;
  answered = true;
  const cpu = { devices: { pit }, device_raise_irq: () => raised++, device_lower_irq: () => {} };
  pit.raise = () => raised++;
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
