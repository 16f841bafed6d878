import { expect, test } from 'vitest';
import { isSameImage } from './image-fingerprint.ts';

test.each([
  ['4096:1000:aa', '4096:1000:aa', true],
  ['4096::aa', '4096:1000:aa', true],
  ['4096:1000:aa', '4096::aa', true],
  ['4096:1000:aa', '4096:2000:aa', false],
  ['4096:1000:aa', '4096:1000:bb', false],
  ['4096::aa', '8192::aa', false],
  ['1:1:aa 2:2:bb', '1::aa 2::bb', true],
  ['1:1:aa 2:2:bb', '1:1:aa', false],
  ['4096:1000:aa', '', false],
  ['4096:1000:aa:cc', '4096:2000:aa:cc', true],
  ['4096:1000:aa:cc', '4096:1000:aa:dd', false],
  ['4096:1000:aa:cc', '4096:1000:aa', true],
  ['4096:1000:aa:cc', '4096:2000:aa', false],
])('%s and %s are of the same image: %s', (one, other, same) => {
  expect(isSameImage(one, other)).toBe(same);
  expect(isSameImage(other, one)).toBe(same);
});
