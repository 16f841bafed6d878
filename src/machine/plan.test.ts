import { describe, expect, it } from 'vitest';
import type { DetectedSystem, SystemId } from '../media/disc-systems.ts';
import { adviseProfile, planMachine } from './plan.ts';
import { checkProfile } from './profile-limits.ts';
import { DEFAULT_PROFILE } from './profile.ts';

const disc = (id: SystemId | null) => ({
  verdict: 'may-run' as const,
  bootable: true,
  system: id && ({ id, name: 'It', architecture: 'x86' } satisfies DetectedSystem),
});

const ALL_SYSTEMS: (SystemId | null)[] = [
  ...(['windows-11', 'windows-7', 'windows-vista', 'windows-server', 'windows-pe', 'windows-2003'] as const),
  ...(['windows-xp', 'windows-2000', 'windows-nt4', 'windows-me', 'windows-98', 'windows-95'] as const),
  ...(['dos', 'linux', 'bsd', 'reactos', 'haiku', 'memory-test', 'mac-os', 'house', 'other', null] as const),
];

describe('planMachine', () => {
  it.each(ALL_SYSTEMS)(
    'plans a machine that can be built for %s, each decided field with its reason',
    (id) => {
      const { profile, reasons } = planMachine(disc(id));
      expect(checkProfile(profile)).toEqual([]);
      expect(reasons.map(({ field }) => field).sort()).toEqual(
        ['acpi', 'apic', 'bootOrder', 'clock', 'memoryMiB', 'videoMemoryMiB'].sort(),
      );
      expect(reasons.every(({ message }) => message.length > 10)).toBe(true);
      expect(adviseProfile(profile, disc(id))).toEqual([]);
    },
  );

  it('gives Windows 7 and Vista 1 GB, ACPI and local time', () => {
    for (const id of ['windows-7', 'windows-vista'] as const) {
      expect(planMachine(disc(id)).profile).toMatchObject({ memoryMiB: 1024, acpi: true, clock: 'local' });
    }
  });

  it('gives Windows 7, Vista and what is older the 8259s alone, and says why; others get the APICs', () => {
    for (const id of ['windows-7', 'windows-vista', 'windows-xp', 'dos', 'reactos'] as const) {
      const { profile, reasons } = planMachine(disc(id));
      expect(profile.apic).toBe(false);
      expect(reasons.find(({ field }) => field === 'apic')!.message).toContain('8259');
    }
    for (const id of ['linux', 'bsd', 'house'] as const)
      expect(planMachine(disc(id)).profile.apic).toBe(true);
  });

  it('leaves ACPI off for XP, 2000, 98 and DOS, and keeps 98 below its memory limit', () => {
    for (const id of ['windows-xp', 'windows-2000', 'windows-98', 'dos'] as const) {
      expect(planMachine(disc(id)).profile.acpi).toBe(false);
    }
    expect(planMachine(disc('windows-98')).profile.memoryMiB).toBeLessThanOrEqual(480);
  });

  it('gives Linux UTC', () => {
    expect(planMachine(disc('linux')).profile.clock).toBe('utc');
  });

  it('starts from the hard disk where the disc cannot be started', () => {
    expect(planMachine({ ...disc(null), bootable: false }).profile.bootOrder).toBe('disk-first');
    expect(planMachine(disc(null)).profile.bootOrder).toBe('disc-first');
  });

  it('keeps the machine that it is planned for', () => {
    const base = { ...DEFAULT_PROFILE, machineId: 'room-2' };
    expect(planMachine(disc('windows-xp'), base).profile.machineId).toBe('room-2');
  });
});

describe('adviseProfile', () => {
  it('warns of what Windows 7 does not do without', () => {
    const profile = { ...DEFAULT_PROFILE, memoryMiB: 256, acpi: false, clock: 'utc' as const };
    expect(adviseProfile(profile, disc('windows-7')).map(({ field }) => field)).toEqual([
      'memoryMiB',
      'acpi',
      'clock',
    ]);
  });
});
