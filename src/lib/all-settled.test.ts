import { expect, test } from 'vitest';
import { allSettled } from './all-settled.ts';

test('gives what all give, in their order', async () => {
  expect(await allSettled([Promise.resolve(1), Promise.resolve(2)])).toEqual([1, 2]);
  expect(await allSettled([])).toEqual([]);
});

test('rejects with the first that failed, once all have settled, and no other goes unheard', async () => {
  const unheard: unknown[] = [];
  const hear = (reason: unknown) => unheard.push(reason);
  process.on('unhandledRejection', hear);
  let last = false;
  const failing = (text: string) => Promise.reject(new Error(text));
  const slow = new Promise((_, reject) =>
    setImmediate(() => {
      last = true;
      reject(new Error('third'));
    }),
  );
  await expect(allSettled([failing('first'), failing('second'), slow])).rejects.toThrow('first');
  expect(last).toBe(true);
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', hear);
  expect(unheard).toEqual([]);
});
