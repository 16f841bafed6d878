import { array, assert, asyncProperty, boolean } from 'fast-check';
import { expect, test } from 'vitest';
import type { CrashPoint } from './record-store.ts';
import { MemoryRecords, MemoryRecordStore } from './memory-record-store.ts';
import { CRASH_POINTS } from './testing/crashing-store.ts';
import { anyCommand, runScenario } from './testing/disk-scenario.ts';

test('a disk equals a flat byte array under any order of what can happen to it', async () => {
  const met = new Set<CrashPoint>();
  await assert(
    asyncProperty(
      boolean(),
      array(anyCommand, { maxLength: 60, size: 'max' }),
      async (withBase, commands) => {
        const records = new MemoryRecords();
        const ground = {
          open: async () => new MemoryRecordStore(records),
          setFull: (full: boolean) => void (records.full = full),
        };
        for (const point of await runScenario(ground, withBase, commands)) met.add(point);
      },
    ),
    { numRuns: Number(process.env['RUNS'] ?? 150) },
  );
  expect([...met].sort()).toEqual([...CRASH_POINTS].sort());
});
