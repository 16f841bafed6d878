import { expect, it } from 'vitest';
import { LONGEST_NAME, nameOfCopy } from './machine-shelf-model.ts';

it('names a copy as no machine is named yet', () => {
  expect(nameOfCopy('Windows 7', ['Windows 7'])).toBe('Windows 7, copy');
  expect(nameOfCopy('Windows 7', ['Windows 7', 'Windows 7, copy'])).toBe('Windows 7, copy 2');
  expect(nameOfCopy('Windows 7, copy', ['Windows 7, copy'])).toBe('Windows 7, copy 2');
  expect(nameOfCopy('Windows 7, copy 2', [])).toBe('Windows 7, copy');
});

it('keeps a copy’s name as short as any other', () => {
  const long = 'x'.repeat(LONGEST_NAME);
  expect(nameOfCopy(long, [])).toHaveLength(LONGEST_NAME);
  expect(nameOfCopy(long, [])).toMatch(/, copy$/);
});
