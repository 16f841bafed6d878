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
      // One after the other in one process they take no less than alone. What makes that too much is asked again, alone.
      const base = outcomes[honest.length - 1].peakBytes;
      const isTooMuch = (peakBytes: number): boolean => peakBytes - base > LIMITS.bytes;
      const doubtful = hostile.filter((_, i) => {
        const { peakBytes } = outcomes[honest.length + i];
        return isTooMuch(peakBytes) && peakBytes > outcomes[honest.length + i - 1].peakBytes;
      });
      for (const one of doubtful) {
        const { name, peakBytes } = takeInProcess(folder, [...honest, one]).at(-1)!;
        expect((peakBytes - base) / 2 ** 20, name).toBeLessThan(LIMITS.bytes / 2 ** 20);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  240_000,
);
