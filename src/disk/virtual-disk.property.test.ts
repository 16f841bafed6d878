import { array, assert, asyncProperty, boolean } from 'fast-check';
import { expect, test } from 'vitest';
import { MemoryRecords, MemoryRecordStore } from './memory-record-store.ts';
import type { CrashPoint } from './record-store.ts';
import { CRASH_POINTS } from './testing/crashing-store.ts';
import { anyCommand, runScenario, type Command } from './testing/disk-scenario.ts';

function newGround() {
  const records = new MemoryRecords();
  return {
    open: async () => new MemoryRecordStore(records),
    setFull: (full: boolean) => void (records.full = full),
  };
}

test('a disk equals a flat byte array under any order of what can happen to it', async () => {
  await assert(
    asyncProperty(
      boolean(),
      array(anyCommand, { maxLength: 60, size: 'max' }),
      async (withBase, commands) => {
        await runScenario(newGround(), withBase, commands);
      },
    ),
    { numRuns: Number(process.env['RUNS'] ?? 300) },
  );
});

/** Leaves something to sweep, to merge and to rewrite, and unsaved writes over it. */
const EVENTFUL: readonly Command[] = [
  { kind: 'write', at: 0, pieces: 256, zero: false },
  { kind: 'flush' },
  { kind: 'write', at: 16, pieces: 120, zero: false },
  { kind: 'flush' },
  { kind: 'freeze' },
  { kind: 'write', at: 30, pieces: 40, zero: false },
  { kind: 'freeze' },
  { kind: 'write', at: 100, pieces: 16, zero: true },
  { kind: 'flush' },
  { kind: 'discard' },
  { kind: 'delete', which: 0 },
  { kind: 'write', at: 60, pieces: 20, zero: false },
];

function commandsMeeting(point: CrashPoint): readonly Command[] {
  if (point.endsWith('open')) return [...EVENTFUL, { kind: 'crash-in-open', point }];
  if (point.endsWith('batch')) return [...EVENTFUL, { kind: 'crash', point, after: 0 }, { kind: 'flush' }];
  if (point.endsWith('shelf')) return [...EVENTFUL, { kind: 'crash', point, after: 0 }, { kind: 'freeze' }];
  return [...EVENTFUL, { kind: 'crash-in-upkeep', point }];
}

test.each(CRASH_POINTS)('a crash %s leaves the disk as after some commit', async (point) => {
  for (const withBase of [false, true]) {
    const met = await runScenario(newGround(), withBase, commandsMeeting(point));
    expect([...met]).toEqual([point]);
  }
});
