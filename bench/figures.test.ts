import { expect, test } from 'vitest';
import { judge, markdownTable, median, quantile, type Figure } from './figures.ts';

const BOOT: Figure = {
  name: 'boot',
  unit: 's',
  ours: [16, 14, 30, 15, 14.5],
  plain: [22, 21, 23, 60, 20],
  target: { kind: 'ratio', bound: 'at-most', value: 0.7 },
};

test('the median is the middle value whatever the order, and outliers do not move it', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median(BOOT.plain)).toBe(22);
  expect(() => median([])).toThrow(RangeError);
});

test('a quantile lies between its neighbours', () => {
  const values = Array.from({ length: 101 }, (_, i) => 100 - i);
  expect(quantile(values, 0.95)).toBe(95);
  expect(quantile([10, 20], 0.25)).toBe(12.5);
});

test('a ratio is judged at its bound, on the right side', () => {
  expect(judge(BOOT)).toMatchObject({ oursMedian: 15, plainMedian: 22, met: true });
  expect(judge({ ...BOOT, ours: [15.41] }).met).toBe(false);
  expect(judge({ ...BOOT, ours: [23], target: { kind: 'ratio', bound: 'at-least', value: 1.15 } }).met).toBe(
    false,
  );
});

test('a figure without a plain side has no ratio, and is judged by its own value', () => {
  const script: Figure = {
    name: 'script',
    unit: 'kB',
    ours: [80.5],
    plain: [],
    target: { kind: 'value', bound: 'at-most', value: 80 },
  };
  expect(judge(script)).toMatchObject({ ratio: null, plainMedian: null, met: false });
  expect(judge({ ...script, target: null }).met).toBeNull();
});

test('the table says what was met and what was missed', () => {
  const table = markdownTable([judge(BOOT), judge({ ...BOOT, name: 'slow', ours: [22] })]);
  expect(table).toBe(
    [
      '| figure | ours | plain v86 | ratio | target |  |',
      '| --- | ---: | ---: | ---: | ---: | ---: |',
      '| boot | 15.0 s | 22.0 s | 0.68 | ≤ 0.70 × | met |',
      '| slow | 22.0 s | 22.0 s | 1.00 | ≤ 0.70 × | **missed** |',
    ].join('\n'),
  );
});
