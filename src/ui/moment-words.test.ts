import { describe, expect, it } from 'vitest';
import type { SnapshotInfo } from '../protocol/snapshot-messages.ts';
import { clockWords, deletionWords, momentName, sizeWords, timeWords } from './moment-words.ts';

const at = new Date(2026, 4, 3, 14, 3, 12).getTime();
const moment = { label: '', kind: 'kept', createdAt: at, ownBytes: 12e6, sharedBytes: 0, isFirst: false };
const asInfo = (part: object) => ({ ...moment, ...part }) as unknown as SnapshotInfo;

it('names a moment by its name, or else by what it is and when it was', () => {
  expect(momentName(asInfo({ label: 'Desktop' }), at)).toBe('Desktop');
  const time = timeWords(at, at);
  expect(time).not.toContain('2026');
  expect(timeWords(at, at + 86_400_000)).toContain('2026');
  expect(momentName(asInfo({}), at)).toBe(`Moment of ${time}`);
  expect(momentName(asInfo({ kind: 'checkpoint' }), at)).toBe(`Last checkpoint, ${time}`);
  // The label of what was gone back from is that of where it went.
  expect(momentName(asInfo({ kind: 'before', label: 'Desktop' }), at)).toBe(`Before going back at ${time}`);
});

it('tells what a moment takes, and what deleting it frees', () => {
  expect(sizeWords(asInfo({}))).toBe('12.0 MB of its own');
  expect(sizeWords(asInfo({ sharedBytes: 4e6 }))).toBe('12.0 MB of its own, and 4.00 MB shared with others');
  expect(deletionWords(asInfo({}), 0)).toBe('12.0 MB become free. It cannot be brought back.');
  expect(deletionWords(asInfo({ isFirst: true }), 2)).toBe(
    '12.0 MB become free. The moments that went on from it stay whole. The exhibit has no first state then. It cannot be brought back.',
  );
  expect(deletionWords(asInfo({ ownBytes: 0 }), 0)).toContain('Hardly anything becomes free');
});

describe('clockWords', () => {
  const chipMs = Date.UTC(2026, 4, 3, 14, 3);
  it('says what the guest still believes', () => {
    const words = clockWords({ chipMs, systemMs: chipMs - (2 * 3600 + 2 * 60) * 1000 });
    expect(words).toMatch(/^The clock chip says (14:03|2:03)/);
    expect(words).toMatch(/counts from 12:01.* and is 2 h 2 min behind until it looks at the chip again\.$/);
    expect(words).not.toContain('2026');
  });

  it('has the dates where the days differ', () => {
    expect(clockWords({ chipMs, systemMs: chipMs - 86_400_000 })).toMatch(/2026.*24 h behind/s);
  });

  it('says nothing that nobody could notice', () => {
    expect(clockWords({ chipMs, systemMs: chipMs - 2000 })).toBe('');
    expect(clockWords(null)).toBe('');
  });
});
