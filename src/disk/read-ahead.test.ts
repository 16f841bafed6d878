import { assert as assertProperty, array, integer, property } from 'fast-check';
import { expect, test } from 'vitest';
import { ReadAhead } from './read-ahead.ts';

const MIB = 0x10_0000;
const KIB64 = 65_536;

test('what is asked for ahead joins without a gap, grows, and is never further ahead than the most', () => {
  const ahead = new ReadAhead(8 * MIB);
  const ranges: { from: number; to: number }[] = [];
  for (let at = 0; at < 64 * MIB; at += KIB64) {
    const range = ahead.note(at, KIB64);
    if (!range) continue;
    expect(range.to - (at + KIB64)).toBeLessThanOrEqual(8 * MIB);
    ranges.push(range);
  }
  for (const [i, range] of ranges.entries()) if (i > 0) expect(range.from).toBe(ranges[i - 1].to);
  expect(ranges[0].to - ranges[0].from).toBe(MIB);
  // Few and large once it is known to go on.
  expect(ranges.length).toBeLessThan(24);
  expect(ranges.at(-1)!.to).toBeGreaterThanOrEqual(64 * MIB);
});

test('a jump begins anew, and two reads alone are not a habit', () => {
  const ahead = new ReadAhead(8 * MIB);
  expect([0, 1, 2].map((i) => ahead.note(i * KIB64, KIB64) !== null)).toEqual([false, false, true]);
  expect([9, 10, 11].map((i) => ahead.note(i * MIB, KIB64))).toEqual([null, null, null]);
});

test('what was not fetched after all is asked for again', () => {
  const ahead = new ReadAhead(8 * MIB);
  for (let i = 0; i < 3; i++) ahead.note(i * KIB64, KIB64);
  ahead.fetchedUntil(3 * KIB64 + 4096);
  expect(ahead.note(3 * KIB64, KIB64)?.from).toBe(4 * KIB64);
});

test('a reader that goes on always has something asked for', () => {
  assertProperty(
    property(array(integer({ min: 1, max: 4096 }), { minLength: 3, maxLength: 200 }), (pages) => {
      const ahead = new ReadAhead(8 * MIB);
      let at = 0;
      let until = 0;
      for (const [i, count] of pages.entries()) {
        until = ahead.note(at, count * 256)?.to ?? until;
        at += count * 256;
        if (i >= 2) expect(until).toBeGreaterThan(at);
      }
    }),
  );
});
