import { expect, it } from 'vitest';
import {
  addMoment,
  changeMoment,
  EMPTY_INDEX,
  pinFirst,
  reservePacks,
  type NewMoment,
} from './moment-index.ts';

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

it('keeps a checkpoint that was pinned or named when the next one comes', () => {
  const checkpoint = { ...MOMENT, kind: 'checkpoint' } as const;
  const kinds = (index: typeof EMPTY_INDEX) => index.moments.map(({ id, kind }) => `${id} ${kind}`);
  const one = addMoment(EMPTY_INDEX, checkpoint, new Map());
  expect(kinds(addMoment(one, checkpoint, new Map()))).toEqual(['m2 checkpoint']);
  const pinned = addMoment(pinFirst(one, 'm1'), checkpoint, new Map());
  expect(kinds(pinned)).toEqual(['m1 kept', 'm2 checkpoint']);
  expect(pinned.moments[0].isFirst).toBe(true);
  const named = addMoment(changeMoment(one, 'm1', { label: 'mine' }), checkpoint, new Map());
  expect(kinds(named)).toEqual(['m1 kept', 'm2 checkpoint']);
});

function written(...packs: number[]): Map<number, { bytes: number; pages: number }> {
  return new Map(packs.map((pack) => [pack, { bytes: 1, pages: 1 }]));
}
