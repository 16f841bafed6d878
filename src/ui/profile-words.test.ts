import { expect, it } from 'vitest';
import { DEFAULT_PROFILE } from '../machine/profile.ts';
import { profileGist, profileWords, SHOWN_FIELDS } from './profile-words.ts';

it('says every field of a machine, and the machine in a line', () => {
  expect(SHOWN_FIELDS.map((field) => profileWords(DEFAULT_PROFILE, field))).toEqual([
    '1024 MiB',
    '16 MiB',
    'on',
    'on',
    'local time',
    'the disc first',
  ]);
  expect(profileGist(DEFAULT_PROFILE)).toBe('1024 MiB, ACPI, disc first');
  expect(profileGist({ ...DEFAULT_PROFILE, acpi: false, bootOrder: 'disk-first' })).toBe(
    '1024 MiB, no ACPI, hard disk first',
  );
});
