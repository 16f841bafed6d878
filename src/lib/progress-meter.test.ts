import { describe, expect, it } from 'vitest';
import { ProgressMeter } from './progress-meter.ts';

function meterOf(totalBytes: number | null) {
  const clock = { ms: 0 };
  return { clock, meter: new ProgressMeter(totalBytes, () => clock.ms) };
}

describe('ProgressMeter', () => {
  it('tells no rate before there is something to go by', () => {
    const { clock, meter } = meterOf(1000);
    expect(meter.read()).toEqual({ doneBytes: 0, totalBytes: 1000, bytesPerSecond: null, msLeft: null });
    meter.add(100);
    expect(meter.read()).toMatchObject({ doneBytes: 100, bytesPerSecond: null, msLeft: null });
    clock.ms = 500;
    meter.add(100);
    expect(meter.read()).toEqual({ doneBytes: 200, totalBytes: 1000, bytesPerSecond: 400, msLeft: 2000 });
  });

  it('goes by the last seconds, not by how it began', () => {
    const { clock, meter } = meterOf(1_000_000);
    for (let second = 1; second <= 60; second++) {
      clock.ms = second * 1000;
      meter.add(second <= 30 ? 10 : 1000);
    }
    expect(meter.read()).toMatchObject({ doneBytes: 30_300, bytesPerSecond: 1000, msLeft: 969_700 });
  });

  it('says so when nothing moves any more', () => {
    const { clock, meter } = meterOf(1000);
    clock.ms = 1000;
    meter.add(500);
    expect(meter.read().bytesPerSecond).toBe(500);
    clock.ms = 20_000;
    expect(meter.read()).toMatchObject({ doneBytes: 500, bytesPerSecond: 0, msLeft: null });
  });

  it('keeps few samples, however many bytes are added', () => {
    const { clock, meter } = meterOf(null);
    for (let step = 0; step < 100_000; step++) {
      clock.ms += 0.7;
      meter.add(7);
    }
    const { bytesPerSecond, doneBytes, totalBytes, msLeft } = meter.read();
    expect(bytesPerSecond).toBeCloseTo(10_000, 0);
    expect({ doneBytes, totalBytes, msLeft }).toEqual({ doneBytes: 700_000, totalBytes: null, msLeft: null });
  });

  it('takes a total that becomes known or grows, and is at its end when all is done', () => {
    const { clock, meter } = meterOf(null);
    clock.ms = 1000;
    meter.set(50, 100);
    expect(meter.read()).toMatchObject({ totalBytes: 100, msLeft: 1000 });
    meter.set(120, 100);
    expect(meter.read()).toMatchObject({ doneBytes: 120, msLeft: 0 });
    meter.set(100, 200);
    expect(meter.read()).toMatchObject({ doneBytes: 100, totalBytes: 200, msLeft: 1000 });
  });
});
