import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyMomentCommand, MOMENT_POINTS, MomentScenario } from './testing/moment-scenario.ts';
import { FIRST } from './testing/toy-engine.ts';

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
  }, 180_000);

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

  /** Two moments of which the first is deleted: every pack of it is half needed by the second. */
  async function wasteful(): Promise<MomentScenario> {
    const scenario = new MomentScenario();
    await scenario.begin();
    await scenario.do({ kind: 'fill', from: FIRST });
    await scenario.do({ kind: 'write', block: 1 });
    await scenario.do({ kind: 'take', as: 'kept', running: false });
    const every = (step: number) => Array.from({ length: Math.ceil(600 / step) }, (_, i) => FIRST + i * step);
    await scenario.do({ kind: 'touch', pages: every(2), zero: false });
    await scenario.do({ kind: 'write', block: 2 });
    await scenario.do({ kind: 'take', as: 'kept', running: true });
    await scenario.do({ kind: 'touch', pages: every(3), zero: false });
    await scenario.do({ kind: 'take', as: 'checkpoint', running: true });
    await scenario.do({ kind: 'delete', which: 0 });
    return scenario;
  }

  it('are compact again after others were deleted, and the machine goes on from what it knows', async () => {
    const scenario = await wasteful();
    const before = scenario.storedPages;
    await scenario.do({ kind: 'compact' });
    expect(scenario.storedPages).toBeLessThan(before);
    // What is taken next shares its pages with what was moved.
    const compact = scenario.storedPages;
    await scenario.do({ kind: 'touch', pages: [FIRST + 5], zero: false });
    await scenario.do({ kind: 'take', as: 'kept', running: true });
    expect(scenario.storedPages).toBe(compact + 1);
    await scenario.checkAll();
  });

  it.each(['before-pages', 'after-pages', 'before-moment', 'after-moment'] as const)(
    'survive a crash %s of compaction',
    async (point) => {
      let crashes = 0;
      for (const after of [0, 1, 2, 3]) {
        const scenario = await wasteful();
        await scenario.do({ kind: 'crash', point, after });
        await scenario.do({ kind: 'compact' });
        crashes += scenario.crashes;
        await scenario.checkAll();
        await scenario.do({ kind: 'compact' });
        await scenario.checkAll();
      }
      expect(crashes).toBeGreaterThan(0);
    },
  );

  it('are left as they are where something stored is damaged, and the others are compact again', async () => {
    const scenario = await wasteful();
    const [damaged, ...others] = await scenario.damage('pages', 1);
    expect(damaged).toBe(1);
    await scenario.do({ kind: 'compact' });
    const after = await scenario.damage('pages', 1);
    expect(after).toContain(1);
    expect(after).not.toEqual(expect.arrayContaining(others));
    await scenario.checkRoom();
    // Healed again, so that all can be looked at: what was moved is whole, and what was not is where it was.
    await scenario.checkAll();
  });

  it('keep all that a damaged moment may need', async () => {
    const scenario = await wasteful();
    const before = await scenario.damage('moment', 2);
    await scenario.do({ kind: 'compact' });
    expect(await scenario.damage('moment', 2)).toEqual(before);
    await scenario.do({ kind: 'compact' });
    await scenario.checkAll();
  });

  it.each(['pages', 'moment'] as const)(
    'stay as they were when there is no room at a step "%s", and nothing is left lying about',
    async (at) => {
      let refusals = 0;
      for (const after of [0, 1, 2]) {
        const scenario = await wasteful();
        for (const command of [
          { kind: 'compact' },
          { kind: 'fill', from: FIRST },
          { kind: 'take', as: 'kept', running: true },
          { kind: 'take', as: 'checkpoint', running: false },
          { kind: 'restore', which: 0, keep: 'moment' },
          { kind: 'restore', which: 0, keep: 'nothing' },
          { kind: 'delete', which: 1 },
        ] as const) {
          await scenario.do({ kind: 'full', at, after });
          await scenario.do(command);
          await scenario.checkRoom(false);
        }
        refusals += scenario.refusals;
        await scenario.checkAll();
      }
      expect(refusals).toBeGreaterThan(2);
    },
  );

  it('are not overwritten by what is saved after the disk alone was kept', async () => {
    const scenario = new MomentScenario();
    await scenario.begin();
    await scenario.do({ kind: 'fill', from: FIRST });
    await scenario.do({ kind: 'take', as: 'kept', running: false });
    await scenario.do({ kind: 'write', block: 3 });
    await scenario.do({ kind: 'restore', which: 0, keep: 'disk' });
    await scenario.do({ kind: 'fill', from: FIRST });
    await scenario.do({ kind: 'take', as: 'kept', running: false });
    await scenario.checkAll();
  });

  it('keep the disk when it was written on since, and only then: whatever was known when the page opened', async () => {
    const scenario = new MomentScenario();
    await scenario.begin();
    await scenario.do({ kind: 'take', as: 'kept', running: false });
    await scenario.do({ kind: 'restore', which: 0, keep: 'disk-if-written' });
    expect(await scenario.kinds()).toEqual(['kept']);
    await scenario.do({ kind: 'write', block: 3 });
    await scenario.do({ kind: 'restore', which: 0, keep: 'disk-if-written' });
    expect(await scenario.kinds()).toEqual(['kept', 'disk']);
    await scenario.checkAll();
  });

  it('keep a checkpoint that nobody goes on from, by whoever opens the machine next', async () => {
    const scenario = new MomentScenario();
    await scenario.begin();
    await scenario.leave('running');
    await scenario.do({ kind: 'take', as: 'checkpoint', running: false });
    await scenario.leave('left');
    await scenario.do({ kind: 'reopen' });
    // Started from its disk, as after a take-over.
    await scenario.leave('running');
    expect(await scenario.kinds()).toEqual(['kept']);
    await scenario.do({ kind: 'take', as: 'checkpoint', running: false });
    await scenario.leave('off');
    expect(await scenario.kinds()).toEqual(['kept']);
    await scenario.checkAll();
  });
});
