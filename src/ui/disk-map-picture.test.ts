import { expect, it } from 'vitest';
import { mapCells, mapSums, mapWords } from './disk-map-picture.ts';

const map = (top: number[], frozen: number[]) => ({
  sizeBytes: 8 * 4096 * top.length,
  blockBytes: 4096,
  top: Uint32Array.from(top),
  frozen: Uint32Array.from(frozen),
});

it('gives each part the share of it that is stored', () => {
  expect(mapCells(map([8, 2, 0, 0], [0, 8, 4, 0]))).toEqual([
    { top: 1, frozen: 0 },
    { top: 0.25, frozen: 1 },
    { top: 0, frozen: 0.5 },
    { top: 0, frozen: 0 },
  ]);
});

it('never shows more than all of a part, whatever was counted', () => {
  expect(mapCells(map([9], [100]))).toEqual([{ top: 1, frozen: 1 }]);
});

it('sums the layers apart', () => {
  expect(mapSums(map([8, 2], [0, 1]))).toEqual({ topBytes: 40_960, frozenBytes: 4096 });
});

it('says in words what is stored and where', () => {
  const disk = { ...map([1, 0, 0, 0], [0, 8, 0, 0]), sizeBytes: 16 * 2 ** 30 };
  expect(mapWords(disk)).toBe(
    'Of the disk of 16 GB, 4.10 kB are in the top layer and 32.8 kB in frozen layers below it. ' +
      'About 50% of its parts hold something, the last at 50% of its length.',
  );
  expect(mapWords({ ...disk, top: new Uint32Array(4), frozen: new Uint32Array(4) })).toBe(
    'Nothing is stored of the disk of 16 GB.',
  );
});
