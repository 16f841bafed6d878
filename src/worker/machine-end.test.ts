import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { VitrineError } from '../lib/errors.ts';
import { saveLast, shutDown, yieldMachine, type EndingMachine } from './machine-end.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const full = () => Promise.reject(new VitrineError('store/full'));

/** A machine of which some parts cannot do what they are asked; `log` has what was asked. */
function machineWith(parts: Partial<Record<'retry' | 'close' | 'leave' | 'exportEnd', () => Promise<void>>>) {
  const log: string[] = [];
  const part = (name: keyof typeof parts) => async () => {
    log.push(name);
    await parts[name]?.();
  };
  const told: unknown[] = [];
  const machine: EndingMachine = {
    guest: { stop: async () => void log.push('stop') },
    disk: {
      state: { phase: 'unsaved', committedAt: 0 },
      retry: part('retry'),
      close: part('close'),
      abandon: async () => void log.push('abandon'),
    },
    exporter: { end: part('exportEnd') },
    moments: { leave: part('leave') },
    checkpoints: { leave: part('leave') },
    tell: (error) => told.push(error),
  };
  return { machine, log, told };
}

test('a disk that never answers does not keep a machine that failed from saying so', async () => {
  let done = false;
  void saveLast({ close: () => new Promise(() => {}) }).then(() => (done = true));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(done).toBe(true);
});

test('nor does one that cannot save, or none at all', async () => {
  await saveLast({ close: full });
  await saveLast(null);
});

test('what was to be noted at power-off and cannot be is told, and the disk is closed all the same', async () => {
  for (const reason of ['store/full', 'disk/taken-over'] as const) {
    const fault = () => Promise.reject(new VitrineError(reason));
    const { machine, log, told } = machineWith({ leave: fault, exportEnd: fault });
    await shutDown(machine, 'keep');
    expect(log).toEqual(['stop', 'retry', 'exportEnd', 'leave', 'close']);
    expect(told).toMatchObject([{ code: reason }, { code: reason }]);
  }
});

test('power-off without room is refused before anything is noted, and with "drop" it is not', async () => {
  const kept = machineWith({ retry: full, close: full });
  await expect(shutDown(kept.machine, 'keep')).rejects.toMatchObject({ code: 'store/full' });
  expect(kept.log).toEqual(['stop', 'retry']);
  const dropped = machineWith({ retry: full, close: full });
  await shutDown(dropped.machine, 'drop');
  expect(dropped.log.slice(-2)).toEqual(['close', 'abandon']);
});

test('whoever takes the machine over has it although nothing could be saved, and is told that', async () => {
  const { machine, log } = machineWith({ leave: full, exportEnd: full, close: full });
  expect(await yieldMachine(machine)).toBe(false);
  expect(log.at(-1)).toBe('abandon');
  expect(await yieldMachine(machineWith({}).machine)).toBe(true);
});
