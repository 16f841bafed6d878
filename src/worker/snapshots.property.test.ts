import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyMomentCommand, MOMENT_POINTS, MomentScenario } from './testing/moment-scenario.ts';

describe('moments beside their model', () => {
  it('hold memory, devices and disk of one instant, whatever is done and wherever it crashes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyMomentCommand, { minLength: 4, maxLength: 25 }), async (commands) => {
        const scenario = new MomentScenario();
        await scenario.begin();
        for (const command of commands) await scenario.do(command);
        await scenario.checkAll();
      }),
      { numRuns: 40 },
    );
  });

  it.each(MOMENT_POINTS.filter((point) => !point.endsWith('sweep')))('survive a crash %s', async (point) => {
    let crashes = 0;
    for (const after of [0, 1, 2, 3]) {
      const scenario = new MomentScenario();
      await scenario.begin();
      await scenario.do({ kind: 'fill', from: 3700 });
      await scenario.do({ kind: 'write', block: 1 });
      await scenario.do({ kind: 'take', as: 'kept', running: true });
      await scenario.do({ kind: 'fill', from: 4000 });
      await scenario.do({ kind: 'write', block: 1 });
      await scenario.do({ kind: 'crash', point, after });
      await scenario.do({ kind: 'take', as: 'kept', running: false });
      await scenario.do({ kind: 'restore', which: 0, keep: 'moment' });
      await scenario.do({ kind: 'delete', which: 0 });
      await scenario.checkAll();
      crashes += scenario.crashes;
    }
    expect(crashes).toBeGreaterThan(0);
  });
});
