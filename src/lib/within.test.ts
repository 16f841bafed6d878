import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { within } from './within.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const late = () => new Error('late');

test('what settles in time is handed on, and no timer is left', async () => {
  await expect(within(Promise.resolve(1), 1000, late)).resolves.toBe(1);
  await expect(within(Promise.reject(new Error('own')), 1000, late)).rejects.toThrow('own');
  expect(vi.getTimerCount()).toBe(0);
});

test('what never settles is given up when the limit has passed, and not before', async () => {
  let given: unknown = null;
  void within(new Promise(() => {}), 1000, late).catch((error: unknown) => (given = error));
  await vi.advanceTimersByTimeAsync(999);
  expect(given).toBeNull();
  await vi.advanceTimersByTimeAsync(1);
  expect(given).toMatchObject({ message: 'late' });
  expect(vi.getTimerCount()).toBe(0);
});

test('what a sleeping computer missed does not count: the answer that waited for it to wake comes first', async () => {
  let answer = () => {};
  const asked = new Promise<number>((resolve) => (answer = () => resolve(1)));
  const given = within(asked, 1000, late);
  await vi.advanceTimersByTimeAsync(50);
  // It wakes: the one timer that is due fires at once, long after its time, and the answer follows it.
  vi.setSystemTime(Date.now() + 8 * 3_600_000);
  await vi.advanceTimersByTimeAsync(100);
  answer();
  await expect(given).resolves.toBe(1);
});
