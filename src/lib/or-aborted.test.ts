import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { nextTask } from './next-task.ts';
import { orAborted } from './or-aborted.ts';

test('what comes first counts: the outcome, the failure, or the reason of the abort', async () => {
  const { signal } = new AbortController();
  expect(await orAborted(Promise.resolve(1), signal)).toBe(1);
  expect(await orAborted(Promise.resolve(1), undefined)).toBe(1);
  await expect(orAborted(Promise.reject(new Error('failed')), signal)).rejects.toThrow('failed');
  const stop = new AbortController();
  const waiting = orAborted(new Promise(() => undefined), stop.signal);
  stop.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  await expect(orAborted(new Promise(() => undefined), stop.signal)).rejects.toThrow('enough');
});

test('a failure that comes after the abort is nobody’s', async () => {
  const stop = new AbortController();
  let fail!: (error: Error) => void;
  const waiting = orAborted(new Promise((_, reject) => (fail = reject)), stop.signal);
  stop.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  // An unhandled rejection would end the test.
  fail(new Error('too late'));
  await nextTask();
});

test('nothing is held of what came, however long the signal lives', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const { signal } = new AbortController();
  const take = async (): Promise<WeakRef<object>> =>
    new WeakRef(await orAborted(Promise.resolve({ bytes: new Uint8Array(1000) }), signal));
  const taken = await Promise.all(Array.from({ length: 10 }, take));
  await nextTask();
  collect();
  expect(taken.filter((one) => one.deref())).toEqual([]);
  expect(signal.aborted).toBe(false);
});
