import { expect, it } from 'vitest';
import { addMoment, EMPTY_INDEX, reservePacks, type NewMoment } from './moment-index.ts';

const MOMENT: NewMoment = {
  label: '',
  kind: 'kept',
  createdAt: 0,
  pausedMs: 0,
  generation: null,
  packs: [],
  recordBytes: 0,
  identity: null,
  profile: null,
};

it('gives numbers of packs that were set aside and not used back, and never one that is used', () => {
  const reserved = reservePacks(EMPTY_INDEX, 10);
  const one = addMoment(reserved, { ...MOMENT, packs: [1, 2] }, written(1, 2));
  expect([one.nextPack, one.pending]).toEqual([3, null]);
  // A disk that is kept alone writes no packs and sets none aside.
  const two = addMoment(one, { ...MOMENT, kind: 'disk' }, new Map());
  expect(two.nextPack).toBe(3);
  expect(reservePacks(two, 1).pending).toEqual([3, 4]);
});

function written(...packs: number[]): Map<number, { bytes: number; pages: number }> {
  return new Map(packs.map((pack) => [pack, { bytes: 1, pages: 1 }]));
}
