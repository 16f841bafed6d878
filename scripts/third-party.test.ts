import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { thirdPartyText } from './third-party.mjs';

it('THIRD-PARTY names every dependency that is shipped, at the version that is shipped', () => {
  expect(readFileSync(new URL('../THIRD-PARTY', import.meta.url), 'utf8')).toBe(thirdPartyText());
});
