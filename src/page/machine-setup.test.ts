import { expect, it } from 'vitest';
import { readKeptProfile } from '../machine/kept-profile.ts';
import { MachineSetup } from './machine-setup.ts';

const XP = {
  verdict: 'runs' as const,
  bootable: true,
  system: { id: 'windows-xp' as const, name: 'Windows XP', architecture: 'x86' as const },
};
const SEVEN = { ...XP, system: { ...XP.system, id: 'windows-7' as const, name: 'Windows 7' } };
const KEPT = { built: { memoryMiB: 256, acpi: false }, chosen: { clock: 'utc' as const } };

it('builds a machine with a system as that was installed, whatever disc is in the tray', () => {
  const setup = new MachineSetup();
  setup.restore(KEPT, true);
  setup.plan(SEVEN);
  expect(setup.profile.value).toMatchObject({ memoryMiB: 256, acpi: false, clock: 'utc' });
  expect(setup.planned.value).toMatchObject({ memoryMiB: 256, acpi: false, clock: 'local' });
  const why = setup.reasons.value.filter(({ field }) => field === 'memoryMiB');
  expect(why).toEqual([
    { field: 'memoryMiB', message: 'The system on the disk of this machine was installed with it.' },
  ]);
});

it('builds a machine with a blank disk as the disc asks, with what was set by hand', () => {
  const setup = new MachineSetup();
  setup.restore(KEPT, false);
  setup.plan(XP);
  expect(setup.profile.value).toMatchObject({ memoryMiB: 512, acpi: false, clock: 'utc' });
});

it('what is set now counts more than what was kept', () => {
  const setup = new MachineSetup();
  setup.choose({ clock: 'local', memoryMiB: 300 });
  setup.restore(KEPT, true);
  setup.plan(null);
  expect(setup.profile.value).toMatchObject({ memoryMiB: 300, clock: 'local', acpi: false });
});

it('what was taken back does not come again at the next look', () => {
  const setup = new MachineSetup();
  setup.restore(KEPT, false);
  setup.chooseAsPlanned();
  setup.restore(KEPT, false);
  setup.plan(XP);
  expect(setup.profile.value.clock).toBe('local');
});

it('takes nothing of one machine to the next but its own name', () => {
  const setup = new MachineSetup();
  setup.choose({ memoryMiB: 300 });
  setup.restore(KEPT, true);
  setup.changeMachine('room-2');
  setup.plan(XP);
  expect(setup.profile.value).toMatchObject({ machineId: 'room-2', memoryMiB: 512, clock: 'local' });
});

it.each([
  ['a Windows 7 disc onto a blank disk', { built: {} }, false, SEVEN, false],
  ['a system that was installed with the 8259s', { built: { acpi: true, apic: false } }, true, 'disk', false],
  ['a system that was installed with the APICs', { built: { acpi: true, apic: true } }, true, 'disk', true],
  // Stored before there was a choice: the APICs came with ACPI, whatever disc is in the tray.
  ['a system of before', { built: { acpi: true } }, true, SEVEN, true],
  ['a system of before without ACPI', { built: { acpi: false } }, true, 'disk', false],
] as const)('builds for %s the interrupt controllers that it has', (_, stored, holdsSystem, start, apic) => {
  const setup = new MachineSetup();
  setup.restore(readKeptProfile(JSON.parse(JSON.stringify(stored))), holdsSystem);
  setup.plan(start);
  expect(setup.profile.value.apic).toBe(apic);
});
