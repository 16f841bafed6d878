import { describe, expect, it } from 'vitest';
import type { Progress } from '../lib/progress-meter.ts';
import { percentOf, progressWords, spokenProgress } from './progress-words.ts';

const HALF: Progress = { doneBytes: 1.2e9, totalBytes: 2.4e9, bytesPerSecond: 400e6, msLeft: 3000 };

describe('progressWords', () => {
  it('says how much of how much, the rate and what is left', () => {
    expect(progressWords(HALF)).toBe('1.20 GB of 2.40 GB, 400 MB a second, 3 s left');
    expect(progressWords({ ...HALF, bytesPerSecond: null, msLeft: null })).toBe('1.20 GB of 2.40 GB');
    expect(progressWords({ ...HALF, totalBytes: null, msLeft: null })).toBe('1.20 GB, 400 MB a second');
    expect(progressWords(null)).toBe('Beginning…');
  });

  it('never says that nothing is left while something is', () => {
    expect(progressWords({ ...HALF, msLeft: 20 })).toContain('1 s left');
    expect(progressWords({ ...HALF, doneBytes: 2.4e9, msLeft: 0 })).toBe(
      '2.40 GB of 2.40 GB, 400 MB a second',
    );
  });

  it('says that it waits where nothing moves', () => {
    expect(progressWords({ ...HALF, bytesPerSecond: 0, msLeft: null })).toBe('1.20 GB of 2.40 GB, waiting');
    expect(progressWords({ ...HALF, doneBytes: 2.4e9, bytesPerSecond: 0, msLeft: 0 })).toBe(
      '2.40 GB of 2.40 GB',
    );
  });
});

describe('percentOf', () => {
  it('is between 0 and 100, and null where the whole is not known', () => {
    expect(percentOf(null)).toBe(0);
    expect(percentOf(HALF)).toBe(50);
    expect(percentOf({ ...HALF, doneBytes: 3e9 })).toBe(100);
    expect(percentOf({ ...HALF, doneBytes: 0, totalBytes: 0 })).toBe(100);
    expect(percentOf({ ...HALF, totalBytes: null })).toBeNull();
  });
});

describe('spokenProgress', () => {
  it('is short', () => {
    expect(spokenProgress('Writing a.vitrine', HALF)).toBe('Writing a.vitrine: 50 percent, 3 s left');
    expect(spokenProgress('Writing', { ...HALF, totalBytes: null, msLeft: null })).toBe('Writing: 1.20 GB');
  });
});
