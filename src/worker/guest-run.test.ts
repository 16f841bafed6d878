import { expect, test } from 'vitest';
import { VitrineError } from '../lib/errors.ts';
import { BrokenMachine, GuestRun } from './guest-run.ts';

const full = new VitrineError('store/full');

/** An engine whose drives come to rest when they are let, or never. */
function setUp() {
  const log: string[] = [];
  let rest = () => {};
  const settled = new Promise<void>((resolve) => (rest = resolve));
  const guest = new GuestRun({
    run: async () => void log.push('run'),
    halt: async () => void log.push('halt'),
    settled: () => settled,
    forgetDrives: () => void log.push('forget'),
  });
  return { guest, log, rest };
}

test('a guest that became neither never runs again, although it is wanted', async () => {
  const { guest, log } = setUp();
  await guest.run();
  const cause = new Error('half of it');
  const thrown = await guest.replace(() => Promise.reject(cause)).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(BrokenMachine);
  expect((thrown as BrokenMachine).cause).toBe(cause);
  await guest.run();
  expect(log).toEqual(['run', 'halt', 'forget']);
});

test('work that fails while the guest is held lets it run on', async () => {
  const { guest, log, rest } = setUp();
  rest();
  await guest.run();
  await expect(guest.hold(() => Promise.reject(full))).rejects.toBe(full);
  expect(log).toEqual(['run', 'halt', 'run']);
});

test('who waits for drives that wait in vain is refused, at once and later, and the guest stands', async () => {
  const { guest, log } = setUp();
  await guest.run();
  const held = guest.hold(async () => void log.push('work'));
  held.catch(() => undefined);
  await guest.block(full);
  await expect(held).rejects.toBe(full);
  await expect(guest.stop()).rejects.toBe(full);
  await expect(guest.hold(async () => void log.push('work'))).rejects.toBe(full);
  expect(guest.wanted).toBe(false);
  expect(log).not.toContain('work');
  expect(log.at(-1)).toBe('halt');
});

test('such a guest becomes another one all the same, and waits for its drives again when it runs', async () => {
  const { guest, log, rest } = setUp();
  await guest.run();
  await guest.block(full);
  expect(await guest.replace(async () => 7)).toBe(7);
  await guest.run();
  rest();
  await guest.stop();
  expect(log).toEqual(['run', 'halt', 'halt', 'forget', 'run', 'halt']);
});

test('a pause while it is held counts when it is let go', async () => {
  const { guest, log, rest } = setUp();
  rest();
  await guest.run();
  await guest.hold(() => guest.stop());
  expect(log).toEqual(['run', 'halt', 'halt']);
});
