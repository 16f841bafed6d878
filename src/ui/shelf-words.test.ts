import { expect, it } from 'vitest';
import type { ShelfMachine } from '../page/machine-shelf-model.ts';
import {
  diskSizeWords,
  hardwareWords,
  installRoomWords,
  lossWords,
  savedWords,
  storedWords,
} from './shelf-words.ts';

const MACHINE: ShelfMachine = {
  id: 'a',
  name: 'Windows 7',
  sizeBytes: 16 * 2 ** 30,
  base: null,
  committedAt: new Date(2026, 10, 23, 14, 3, 12).getTime(),
  ownBytes: 1_200_000_000,
  sharedBytes: 0,
  moments: { count: 0, storedBytes: 0, hasFirst: false },
  kept: { built: {}, chosen: {} },
  isInCase: false,
  on: 'nowhere',
  isStored: true,
};

it('counts a disk as its guest does', () => {
  expect(diskSizeWords(16 * 2 ** 30)).toBe('16 GB');
  expect(diskSizeWords(127 * 2 ** 30)).toBe('127 GB');
  expect(diskSizeWords(1.5 * 2 ** 30)).toBe('1.5 GB');
  expect(diskSizeWords(256 * 2 ** 20)).toBe('256 MB');
  expect(diskSizeWords(2 ** 21)).toBe('2 MB');
  expect(diskSizeWords(166_992)).toBe('164 kB');
  expect(diskSizeWords(1)).toBe('1 kB');
  expect(diskSizeWords(0)).toBe('0 kB');
});

it('tells own bytes from shared ones', () => {
  expect(storedWords({ ownBytes: 0, sharedBytes: 0 })).toBe('blank');
  expect(storedWords(MACHINE)).toBe('1.20 GB stored');
  expect(storedWords({ ownBytes: 0, sharedBytes: 4e8 })).toBe(
    '400 MB stored, all shared with other machines',
  );
  expect(storedWords({ ownBytes: 12, sharedBytes: 4e8 })).toBe(
    '12 bytes of its own, 400 MB shared with other machines',
  );
});

it('says a day only where it was not today', () => {
  const now = new Date(2026, 10, 23, 20).getTime();
  expect(savedWords(MACHINE.committedAt, now)).toBe(
    `last saved ${new Date(MACHINE.committedAt).toLocaleTimeString()}`,
  );
  expect(savedWords(MACHINE.committedAt, now + 86_400_000)).toContain('2026');
  expect(savedWords(0)).toBe('never saved');
});

it('names everything that is lost, and what is not', () => {
  expect(lossWords({ ...MACHINE, ownBytes: 0, committedAt: 0 })).toBe(
    'Nothing was ever written on its disk.',
  );
  expect(
    lossWords({ ...MACHINE, moments: { count: 2, storedBytes: 5e7, hasFirst: false }, sharedBytes: 4e8 }),
  ).toMatch(
    /^This is lost: 1\.20 GB on its disk and 2 saved moments \(50\.0 MB\), last saved .*\. 400 MB that other machines share stay with them\.$/,
  );
  expect(lossWords({ ...MACHINE, moments: { count: 1, storedBytes: 7, hasFirst: false } })).toMatch(
    /and 1 saved moment \(7 bytes\),/,
  );
  expect(lossWords({ ...MACHINE, ownBytes: 0, sharedBytes: 9 })).toBe(
    'Nothing is lost: 9 bytes that other machines share stay with them.',
  );
});

it('says what a machine is built with; what was set by hand counts more', () => {
  expect(
    hardwareWords({ built: { memoryMiB: 512, acpi: false, clock: 'utc' }, chosen: { acpi: true } }),
  ).toBe('512 MiB of memory, ACPI, clock in UTC');
  expect(hardwareWords({ built: {}, chosen: {} })).toBe('Built as its disc asks');
});

it('says what to do where an installation has no room', () => {
  const room = { name: 'Windows 7', needsBytes: { from: 8e9, to: 10e9 }, freeBytes: 3e9 };
  expect(installRoomWords({ ...room, verdict: 'too-little' })).toBe(
    'Installing Windows 7 stores about 8 to 10 GB in this browser, but it has room only for 3.00 GB. It would stop on the way: erase a machine you no longer need, or free space on this device.',
  );
  expect(installRoomWords({ ...room, freeBytes: 1e12, verdict: 'enough' })).toContain(
    'There is room: the browser tells of 1.00 TB.',
  );
  expect(installRoomWords({ ...room, verdict: 'tight' })).toContain('it may just fit');
  expect(installRoomWords({ ...room, verdict: 'disk-too-small' })).toContain('larger disk');
});
