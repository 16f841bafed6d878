import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { isFloppySize, LARGEST_FLOPPY_BYTES } from './floppy-sizes.ts';

it('takes the sizes that the engine has in its table of formats, and no others', () => {
  const engine = readFileSync(new URL('../../node_modules/v86/build/libv86.mjs', import.meta.url), 'utf8');
  const formats = [
    ...engine.matchAll(
      /drive_type:\d,\s*sectors:(?<sectors>\d+),\s*tracks:(?<tracks>\d+),\s*heads:(?<heads>\d)/gu,
    ),
  ].map(
    ({ groups }) => Number(groups!['sectors']) * Number(groups!['tracks']) * Number(groups!['heads']) * 512,
  );
  expect(formats.length).toBeGreaterThan(30);
  const taken = Array.from({ length: LARGEST_FLOPPY_BYTES / 512 + 100 }, (_, sectors) => sectors * 512);
  expect(taken.filter(isFloppySize)).toEqual([...new Set(formats)].sort((a, b) => a - b));
});
