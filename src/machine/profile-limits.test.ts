import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertProfile, checkProfile, PROFILE_LIMITS } from './profile-limits.ts';
import { DEFAULT_PROFILE } from './profile.ts';

describe('checkProfile', () => {
  it('takes the default machine and the ends of each range', () => {
    expect(checkProfile(DEFAULT_PROFILE)).toEqual([]);
    expect(checkProfile({ memoryMiB: 16, videoMemoryMiB: 1 })).toEqual([]);
    expect(checkProfile({ memoryMiB: 2047, videoMemoryMiB: 128 })).toEqual([]);
  });

  it.each([15, 2048, 0, -1, 512.5, NaN, Infinity, '512', null])('refuses %s MiB of memory', (memoryMiB) => {
    const problems = checkProfile({ memoryMiB });
    expect(problems.map(({ field }) => field)).toEqual(['memoryMiB']);
    expect(problems[0].message).toContain('from 16 to 2047');
  });

  it.each([0, 3, 24, 256, 0.5, -8])('refuses %s MiB of video memory', (videoMemoryMiB) => {
    expect(checkProfile({ videoMemoryMiB })[0]?.message).toContain('power of two from 1 to 128');
  });

  it('refuses words that are no setting, and names that could not be one', () => {
    const problems = checkProfile({ acpi: 'yes', bootOrder: 'net-first', clock: 'lunar', machineId: '../x' });
    expect(problems.map(({ field }) => field)).toEqual(['acpi', 'bootOrder', 'clock', 'machineId']);
  });

  it('takes exactly the whole numbers of the range', () => {
    const { min, max } = PROFILE_LIMITS.memoryMiB;
    fc.assert(
      fc.property(fc.oneof(fc.integer(), fc.double()), (memoryMiB) => {
        const isGood = Number.isInteger(memoryMiB) && memoryMiB >= min && memoryMiB <= max;
        expect(checkProfile({ memoryMiB })).toHaveLength(isGood ? 0 : 1);
      }),
    );
  });
});

describe('assertProfile', () => {
  it('throws a sentence with the limit', () => {
    expect(() => assertProfile({ memoryMiB: 4096 })).toThrow(/4096 is no memory size.*2047/u);
    expect(() => assertProfile(DEFAULT_PROFILE)).not.toThrow();
  });
});
