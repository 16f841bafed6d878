import fc from 'fast-check';
import { expect, it } from 'vitest';
import { holdsSystem, keepProfile, readHardware, readKeptProfile } from './kept-profile.ts';
import { checkProfile } from './profile-limits.ts';
import { DEFAULT_PROFILE } from './profile.ts';

const NOTHING = { chosen: {}, built: {} };

it('keeps what the visitor set and what the machine was built with, and reads it back', () => {
  const profile = { ...DEFAULT_PROFILE, memoryMiB: 512, acpi: false, machineId: 'room-2' };
  const kept = keepProfile(NOTHING, {
    profile,
    chosen: { memoryMiB: 512, machineId: 'room-2' },
    holdsSystem: false,
  });
  expect(kept).toEqual({
    chosen: { memoryMiB: 512 },
    built: { memoryMiB: 512, videoMemoryMiB: 16, acpi: false, apic: true, clock: 'local' },
  });
  expect(readKeptProfile(JSON.parse(JSON.stringify(kept)))).toEqual(kept);
});

it.each([true, false])(
  'knows that a machine built before had the APICs where it had ACPI, which was %s',
  (acpi) => {
    expect(readKeptProfile({ chosen: {}, built: { memoryMiB: 512, acpi } }).built).toEqual({
      memoryMiB: 512,
      acpi,
      apic: acpi,
    });
    const other = { memoryMiB: 512, acpi, apic: !acpi };
    expect(readKeptProfile({ chosen: {}, built: other }).built).toEqual(other);
  },
);

it('reads the hardware of a moment that was saved before machines could be without APICs, and no other that lacks a part', () => {
  const hardware = { memoryMiB: 512, videoMemoryMiB: 16, acpi: true, clock: 'local' };
  expect(readHardware(hardware)).toEqual({ ...hardware, apic: true });
  expect(readHardware({ ...hardware, apic: false })).toEqual({ ...hardware, apic: false });
  expect(readHardware({ ...hardware, apic: 'yes' })).toBeNull();
});

it('leaves the hardware of an installed system as it was, whatever disc is started once', () => {
  const before = { chosen: {}, built: { memoryMiB: 512, acpi: false } };
  const now = { profile: DEFAULT_PROFILE, chosen: { clock: 'utc' as const }, holdsSystem: true };
  expect(keepProfile(before, now)).toEqual({ chosen: { clock: 'utc' }, built: before.built });
});

it('reads anything that may be stored as something a machine can be built with', () => {
  fc.assert(
    fc.property(fc.anything(), fc.anything(), (chosen, built) => {
      const kept = readKeptProfile({ chosen, built });
      expect(checkProfile(kept.chosen)).toEqual([]);
      expect(checkProfile(kept.built)).toEqual([]);
    }),
  );
  expect(readKeptProfile({ chosen: { memoryMiB: 1e9, acpi: true }, built: 'x' })).toEqual({
    chosen: { acpi: true },
    built: {},
  });
  expect(readKeptProfile(null)).toEqual(NOTHING);
});

it('takes a disk for one with a system by what is on it, or what it stands on', () => {
  expect(holdsSystem({ base: null, ownBytes: 4096, sharedBytes: 0 })).toBe(false);
  expect(holdsSystem({ base: null, ownBytes: 1e9, sharedBytes: 0 })).toBe(true);
  expect(holdsSystem({ base: null, ownBytes: 0, sharedBytes: 1e9 })).toBe(true);
  expect(holdsSystem({ base: { name: 'xp.vhd' }, ownBytes: 0, sharedBytes: 0 })).toBe(true);
});
