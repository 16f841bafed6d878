import { expect, it, vi } from 'vitest';
import { MemoryRecordStore } from '../disk/memory-record-store.ts';
import type { Opening } from '../machine/opening.ts';
import { ShelvedMoments } from './snapshots-shelf.ts';
import { MOMENT_POINTS, MomentScenario } from './testing/moment-scenario.ts';

const POINTS = MOMENT_POINTS.filter((point) => !point.endsWith('sweep'));

async function openingOf(scenario: MomentScenario): Promise<Opening> {
  const lock = () => Promise.resolve({ release: () => {} });
  return new ShelvedMoments(new MemoryRecordStore(scenario.records), 'm', {}, lock).handlers.opening();
}

/** A machine with a checkpoint that ends while it saves the next one. */
async function dyingAt(point: (typeof POINTS)[number], after: number, writes: boolean) {
  const scenario = new MomentScenario();
  await scenario.begin();
  await scenario.do({ kind: 'write', block: 1 });
  await scenario.do({ kind: 'take', as: 'checkpoint', running: true });
  await scenario.do({ kind: 'fill', from: 4000 });
  if (writes) await scenario.do({ kind: 'write', block: 2 });
  return { scenario, died: await scenario.dieSaving(point, after) };
}

it.each(POINTS)('a page that ends while it saves (%s) loses no truth and makes up none', async (point) => {
  let deaths = 0;
  for (const after of [0, 1, 2]) {
    const still = await dyingAt(point, after, false);
    // The disk is that of the checkpoint, however far the next one came.
    expect((await openingOf(still.scenario)).kind).toBe('resume');
    const moved = await dyingAt(point, after, true);
    const opening = await openingOf(moved.scenario);
    // Either the next one is there with the disk as it is, or what was written is a truth of its own.
    expect(opening).toMatchObject(
      opening.kind === 'resume' ? { momentId: 'm2' } : { kind: 'offer-both', momentId: 'm1' },
    );
    deaths += Number(still.died) + Number(moved.died);
  }
  expect(deaths).toBeGreaterThan(0);
});

it('a checkpoint reads no pictures, and a moment that the visitor takes reads its own', async () => {
  const scenario = new MomentScenario();
  await scenario.begin();
  for (let i = 0; i < 3; i++) {
    await scenario.do({ kind: 'write', block: i });
    await scenario.do({ kind: 'take', as: 'kept', running: true });
  }
  const read = vi.spyOn(MemoryRecordStore.prototype, 'read');
  const pictures = () => read.mock.calls.flatMap(([keys]) => keys.filter(([kind]) => kind === 'thumbnail'));
  await scenario.keeper.takeCheckpoint();
  expect(pictures()).toEqual([]);
  await scenario.keeper.take({ kind: 'kept', label: 'x' });
  expect(pictures()).toHaveLength(1);
  read.mockClear();
  const lock = () => Promise.resolve({ release: () => {} });
  const { moments } = new ShelvedMoments(new MemoryRecordStore(scenario.records), 'm', {}, lock).handlers;
  const list = await moments();
  expect(list.filter(({ thumbnail }) => thumbnail)).toHaveLength(5);
  read.mockClear();
  const known = new Map(list.map(({ id, createdAt }) => [id, createdAt]));
  expect((await moments(known)).every(({ thumbnail }) => thumbnail === null)).toBe(true);
  expect(pictures()).toEqual([]);
  read.mockRestore();
});
