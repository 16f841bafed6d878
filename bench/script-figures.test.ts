import { expect, test } from 'vitest';
import { figureOfLine } from './script-figures.ts';

test('a line of JSON is a figure with its target', () => {
  const line = JSON.stringify({ name: 'disc report', value: 120, unit: 'ms', target: '<= 300' });
  expect(figureOfLine(line)).toEqual({
    name: 'disc report',
    unit: 'ms',
    ours: [120],
    plain: [],
    target: { kind: 'value', bound: 'at-most', value: 300 },
  });
  expect(figureOfLine('{"name":"a","value":1,"unit":"ratio","target":">= 0.8"}')?.target).toEqual({
    kind: 'value',
    bound: 'at-least',
    value: 0.8,
  });
  expect(figureOfLine('{"figure":"cache","value":70,"unit":"MiB","target":"≤ 64 + 16"}')).toMatchObject({
    name: 'cache',
    target: { bound: 'at-most', value: 80 },
  });
  expect(figureOfLine('{"name":"a","value":1,"unit":"s","target":""}')?.target).toBeNull();
});

test('other lines are none, and a target that nobody can judge is refused', () => {
  expect(figureOfLine('values {"valueKiB":4}')).toBeNull();
  expect(figureOfLine('{"valueKiB":4}')).toBeNull();
  expect(() => figureOfLine('{"name":"a","value":1,"unit":"s","target":"fast"}')).toThrow('fast');
});
