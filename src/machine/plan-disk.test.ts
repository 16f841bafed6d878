import { expect, it } from 'vitest';
import { decideStart, hardwareForDisk } from './plan-disk.ts';

const NOTHING = { disc: false, floppy: false, diskBoots: false, houseDisc: true };

it('starts what the visitor put in, then a disk that starts, and the house disc only where nothing else does', () => {
  expect(decideStart(NOTHING)).toBe('house-disc');
  expect(decideStart({ ...NOTHING, houseDisc: false })).toBe('nothing');
  expect(decideStart({ ...NOTHING, diskBoots: true })).toBe('disk');
  expect(decideStart({ ...NOTHING, diskBoots: true, floppy: true })).toBe('floppy');
  expect(decideStart({ ...NOTHING, diskBoots: true, floppy: true, disc: true })).toBe('disc');
});

it('builds what the system on a prepared disk expects', () => {
  const windows = (version: string) => ({
    name: 'Windows',
    version,
    architecture: 'x86' as const,
    hal: null,
    partition: 0,
    hibernated: false,
  });
  const seven = { windows: windows('6.1.7601.17514'), profile: { memoryMiB: 1024, acpi: true } };
  expect(hardwareForDisk(seven)).toMatchObject({ memoryMiB: 1024, acpi: true, clock: 'local' });
  const xp = { windows: windows('5.1.2600.5512'), profile: {} };
  expect(hardwareForDisk(xp)).toMatchObject({ memoryMiB: 512, acpi: true });
  const old = { windows: windows('4'), profile: { memoryMiB: 128 } };
  expect(hardwareForDisk(old)).toMatchObject({ memoryMiB: 128, videoMemoryMiB: 8, acpi: true });
  const standardPc = { windows: windows('5.1.2600.5512'), profile: { acpi: false, apic: false } };
  expect(hardwareForDisk(standardPc)).toMatchObject({ acpi: false, apic: false });
  expect(hardwareForDisk({ windows: null, profile: {} })).toMatchObject({ memoryMiB: 1024, acpi: true });
});
