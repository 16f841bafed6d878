import { expect, it } from 'vitest';
import { LazyPart } from './lazy-part.ts';

it('is loaded once, and not before it is there', async () => {
  let loads = 0;
  let drawn = 0;
  const part = new LazyPart({ requestUpdate: () => drawn++ }, async () => loads++);
  const both = Promise.all([part.need(), part.need()]);
  expect(part.isLoaded).toBe(false);
  await both;
  await part.need();
  expect([part.isLoaded, part.problem, loads, drawn]).toEqual([true, null, 1, 1]);
});

it('is not there when it could not be loaded, says so, and is tried again', async () => {
  const answers = [Promise.reject(new TypeError('Failed to fetch')), Promise.resolve()];
  let drawn = 0;
  const part = new LazyPart({ requestUpdate: () => drawn++ }, () => answers.shift()!);
  await expect(part.need()).rejects.toMatchObject({ code: 'page/incomplete' });
  expect([part.isLoaded, part.problem?.code, drawn]).toEqual([false, 'page/incomplete', 1]);
  await part.need();
  expect([part.isLoaded, part.problem, drawn]).toEqual([true, null, 2]);
});
