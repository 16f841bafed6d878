import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LIMITS, makeHostileFiles, takeInProcess } from './hostile-files.ts';

// Only Linux tells what a process had at most.
test.skipIf(!existsSync('/proc/self/status'))(
  'whatever file is brought, it is refused or opened, and takes little memory',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hostile-'));
    try {
      const honest = await makeHostileFiles(folder, 'honest');
      const hostile = await makeHostileFiles(folder);
      expect(hostile.length).toBeGreaterThan(80);
      const outcomes = takeInProcess(folder, [...honest, ...hostile]);
      expect(outcomes.filter(({ outcome }) => outcome.startsWith('FAILED'))).toEqual([]);
      // One after the other in one process: together they are no less than any of them alone.
      const before = outcomes[honest.length - 1].peakBytes;
      for (const { name, peakBytes } of outcomes)
        expect((peakBytes - before) / 2 ** 20, name).toBeLessThan(LIMITS.bytes / 2 ** 20);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  240_000,
);
