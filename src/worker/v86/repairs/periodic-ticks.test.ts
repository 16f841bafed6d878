import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PeriodicTicks } from './periodic-ticks.ts';

/** A guest that answers each tick `answerMs` after it was raised, looked at every `sliceMs`. */
function run(ticks: PeriodicTicks, fromMs: number, toMs: number, sliceMs: number): number {
  let got = 0;
  for (let now = fromMs; now <= toMs; now += sliceMs) {
    let raised = ticks.advance(now, false);
    while (raised) {
      got++;
      raised = ticks.answer();
    }
  }
  return got;
}

describe('PeriodicTicks', () => {
  it('gives each tick once when it is on time', () => {
    const ticks = new PeriodicTicks();
    ticks.configure(10, true, 0);
    expect(run(ticks, 0, 1000, 1)).toBe(100);
    expect(ticks.backlog).toBe(0);
  });

  it('gives late ticks back one by one, a few for each that is due', () => {
    const ticks = new PeriodicTicks();
    ticks.configure(1, true, 0);
    expect(ticks.advance(100, false)).toBe(true);
    expect(ticks.backlog).toBe(99);
    let given = 0;
    while (ticks.answer()) given++;
    expect(given).toBe(8);
    expect(ticks.advance(100.5, false)).toBe(false);
    expect(ticks.answer()).toBe(false);
    expect(ticks.advance(101, false)).toBe(true);
    expect(ticks.answer()).toBe(true);
  });

  it('counts ticks that come while one stands unanswered', () => {
    const ticks = new PeriodicTicks();
    ticks.configure(10, true, 0);
    expect(ticks.advance(10, false)).toBe(true);
    expect(ticks.advance(30, true)).toBe(false);
    expect(ticks.backlog).toBe(2);
  });

  it('loses none however the slices fall, while it is never late for long', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 3, max: 15 }),
        fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 200 }),
        (rate, slices) => {
          const period = 1000 / (32_768 >> (rate - 1));
          const ticks = new PeriodicTicks();
          ticks.configure(period, true, 0);
          let now = 0;
          let got = 0;
          // The slices, then as long again on time: what was missed must have come by then.
          for (const slice of [...slices, ...Array.from({ length: 2000 }, () => period / 2)]) {
            now += slice;
            let raised = ticks.advance(now, false);
            while (raised) {
              got++;
              raised = ticks.answer();
            }
          }
          expect(got + ticks.backlog).toBe(Math.floor(now / period + 1e-9));
          expect(ticks.backlog).toBeLessThan(2);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('bounds what is owed, and owes nothing for a long silence', () => {
    const ticks = new PeriodicTicks();
    ticks.configure(1, true, 0);
    for (let now = 1; now < 10_000; now += 500) ticks.advance(now, true);
    expect(ticks.backlog).toBe(2000);
    ticks.restart(10_000);
    expect(ticks.backlog).toBe(0);
    ticks.advance(100_000, false);
    expect(ticks.backlog).toBe(0);
    expect(ticks.next).toBeGreaterThan(100_000);
  });

  it('owes the ticks of pauses beyond that, up to five seconds, however many pauses there are', () => {
    const ticks = new PeriodicTicks();
    ticks.configure(1, true, 0);
    for (let now = 1; now < 10_000; now += 500) ticks.advance(now, true);
    for (let now = 20_000; now < 60_000; now += 3000) ticks.afterPause(now);
    expect(ticks.backlog).toBe(7000);
    ticks.advance(58_000, true);
    expect(ticks.backlog).toBe(7000);
  });

  it('keeps the time owed when the rate changes, and owes nothing when nobody wants the ticks', () => {
    const ticks = new PeriodicTicks();
    ticks.configure(1, true, 0);
    ticks.advance(101, false);
    ticks.configure(10, true, 101);
    expect(ticks.backlog).toBe(10);
    ticks.configure(10, false, 101);
    expect(ticks.backlog).toBe(0);
    expect(ticks.next).toBeNull();
    expect(ticks.advance(500, false)).toBe(true);
    expect(ticks.backlog).toBe(0);
  });
});
