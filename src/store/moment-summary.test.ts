import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EMPTY_INDEX, type MomentEntry } from '../snapshot/moment-index.ts';
import { summarizeMoments } from './moment-summary.ts';

const moment = (id: string, kind: MomentEntry['kind']): MomentEntry => ({
  id,
  label: '',
  kind,
  parent: null,
  createdAt: 0,
  pausedMs: 0,
  generation: null,
  isFirst: false,
  packs: [1],
  recordBytes: 1000,
  identity: null,
  profile: null,
});
const record = (index: object) => ({ version: 1, format: 1, json: JSON.stringify(index), checksum: '' });

it('counts what was kept, and the bytes of everything', () => {
  const moments = [moment('1', 'kept'), moment('2', 'checkpoint'), moment('3', 'before')];
  const packs = { 1: [4_000_000, 1000], 2: [500_000, 120] };
  expect(summarizeMoments(record({ ...EMPTY_INDEX, moments, packs }))).toEqual({
    count: 2,
    storedBytes: 4_503_000,
    hasFirst: false,
  });
});

it('tells whether there is a first state', () => {
  const moments = [moment('1', 'kept'), { ...moment('2', 'kept'), isFirst: true }];
  expect(summarizeMoments(record({ ...EMPTY_INDEX, moments })).hasFirst).toBe(true);
});

it('reads nothing from what is nothing', () => {
  const nothing = { count: 0, storedBytes: 0, hasFirst: false };
  expect(summarizeMoments(undefined)).toEqual(nothing);
  expect(summarizeMoments(record(EMPTY_INDEX))).toEqual(nothing);
  expect(summarizeMoments({ json: '{"moments":[{}' })).toEqual(nothing);
});

it('gives figures whatever is stored', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.anything(),
        fc.json().map((json) => ({ json })),
      ),
      (stored) => {
        const { count, storedBytes } = summarizeMoments(stored);
        expect(count).toBeGreaterThanOrEqual(0);
        expect(storedBytes).not.toBeNaN();
      },
    ),
  );
});
