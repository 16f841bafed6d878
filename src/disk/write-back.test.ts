import { expect, test } from 'vitest';
import { VitrineError } from '../lib/errors.ts';
import { SerialLane } from './serial-lane.ts';
import { ManualClock } from './testing/manual-clock.ts';
import type { WriteBatch } from './write-batch.ts';
import { WriteBack } from './write-back.ts';

/** A write-back whose commits end when the test says so. */
function setUp() {
  const clock = new ManualClock();
  const commits: { batch: WriteBatch; done: () => void; fail: (error: Error) => void }[] = [];
  const writeBack = new WriteBack({
    commit: (batch) => new Promise((resolve, reject) => commits.push({ batch, done: resolve, fail: reject })),
    onChange: () => undefined,
    lane: new SerialLane(),
    clock,
    dirtyBytes: 3 * 4096,
    commitDelayMs: 500,
    segmentBlocks: 1,
  });
  const write = (block: number) => writeBack.write(block * 4096, new Uint8Array(4096).fill(1));
  return { clock, commits, writeBack, write };
}

/** Lets everything that is ready run. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

/** Whether a promise has settled, and how. */
function watch(promise: Promise<unknown>) {
  const watched = { state: 'pending' };
  promise.then(
    () => (watched.state = 'resolved'),
    (error: VitrineError) => (watched.state = error.code),
  );
  return watched;
}

test('a commit starts the set time after the first unsaved write, not after the last', async () => {
  const { clock, commits, write } = setUp();
  await write(0);
  clock.advance(400);
  await write(1);
  clock.advance(99);
  await settle();
  expect(commits).toHaveLength(0);
  clock.advance(1);
  await settle();
  expect(commits).toHaveLength(1);
  expect([...commits[0].batch.blocks()]).toEqual([0, 1]);
});

test('the next batch starts only when the one before it is durable, and a flush waits for its own', async () => {
  const { commits, writeBack, write } = setUp();
  await write(0);
  const first = watch(writeBack.flush());
  await settle();
  await write(1);
  const second = watch(writeBack.flush());
  await settle();
  expect(commits).toHaveLength(1);
  commits[0].done();
  await settle();
  expect(first.state).toBe('resolved');
  expect(second.state).toBe('pending');
  expect([...commits[1].batch.blocks()]).toEqual([1]);
  commits[1].done();
  await settle();
  expect(second.state).toBe('resolved');
  expect(writeBack.phase).toBe('saved');
});

test('writes wait at the ceiling until the batch is on its way', async () => {
  const { commits, write } = setUp();
  await write(0);
  await write(1);
  await write(2);
  await settle();
  // Three blocks are at the ceiling: they were sealed at once. Three more have to wait for that commit.
  await write(3);
  await write(4);
  const held = watch(write(5));
  await settle();
  expect(held.state).toBe('pending');
  expect(commits).toHaveLength(1);
  commits[0].done();
  await settle();
  expect(held.state).toBe('resolved');
});

test('without room the same batch waits and everything with it, until it can be stored', async () => {
  const { commits, writeBack, write } = setUp();
  await write(0);
  const flushed = watch(writeBack.flush());
  await settle();
  commits[0].fail(new VitrineError('store/full'));
  await settle();
  expect(writeBack.phase).toBe('full');
  expect(flushed.state).toBe('pending');
  await write(1);
  const later = watch(writeBack.flush());
  await settle();
  expect(commits).toHaveLength(1);
  const again = watch(writeBack.commitNow());
  await settle();
  expect(commits[1].batch).toBe(commits[0].batch);
  commits[1].done();
  await settle();
  expect(flushed.state).toBe('resolved');
  expect(later.state).toBe('pending');
  commits[2].done();
  await settle();
  expect([later.state, again.state, writeBack.phase]).toEqual(['resolved', 'resolved', 'saved']);
});

test('after a failure nothing later is written and all that waits is told', async () => {
  const { clock, commits, writeBack, write } = setUp();
  await write(0);
  const flushed = watch(writeBack.flush());
  await settle();
  await write(1);
  await write(2);
  const held = watch(write(3));
  commits[0].fail(new Error('the drive is gone'));
  await settle();
  expect([flushed.state, held.state]).toEqual(['disk/commit-failed', 'disk/commit-failed']);
  clock.advance(10_000);
  await expect(write(4)).rejects.toMatchObject({ code: 'disk/commit-failed' });
  await expect(writeBack.flush()).rejects.toMatchObject({ code: 'disk/commit-failed' });
  await settle();
  expect(commits).toHaveLength(1);
});
