import { expect, it } from 'vitest';
import { MemorySource } from '../bytes/byte-source.ts';
import { makeProgram } from './disk-images/testing/make-disks.ts';
import type { FileVolume } from './file-volume.ts';
import { findWindows } from './partitions-windows.ts';
import { HAL_HARDWARE } from './windows-hal.ts';

type Version = readonly [number, number, number, number];
const XP: Version = [5, 1, 2600, 5512];
const VISTA: Version = [6, 0, 6002, 18005];
const SEVEN: Version = [6, 1, 7601, 17514];
const X86 = 0x14c;
const X64 = 0x8664;

/** Which hardware goes with a Windows whose `System32` has these programs, each with the name that it was made as. */
async function hardwareOf(version: Version, madeAs: Record<string, string | Uint8Array>, machine = X86) {
  const files = new Map<string, Uint8Array>([['ntoskrnl.exe', makeProgram(machine, version)]]);
  for (const [name, made] of Object.entries(madeAs)) {
    files.set(name, made instanceof Uint8Array ? made : makeProgram(machine, version, made));
  }
  const volume: FileVolume = {
    async openFile(path) {
      const bytes = path.slice(0, 2).join('/') === 'Windows/System32' && files.get(path[2]);
      return bytes ? new MemorySource(bytes, path.join('/')) : null;
    },
  };
  const windows = await findWindows(volume);
  expect(windows).toMatchObject({ version: version.join('.') });
  return windows!.hal && HAL_HARDWARE[windows!.hal];
}

it.each([
  ['hal.dll', { acpi: false, apic: false }],
  ['halapic.dll', { acpi: false, apic: true }],
  ['halmps.dll', { acpi: false, apic: true }],
  ['halacpi.dll', { acpi: true, apic: false }],
  ['HALAACPI.DLL', { acpi: true, apic: true }],
  ['halmacpi.dll', { acpi: true, apic: true }],
  // Of another maker, or without a name.
  ['halsp.dll', null],
  ['', null],
])('a Windows XP whose hal.dll was made as %s has its hardware', async (name, expected) => {
  expect(await hardwareOf(XP, { 'hal.dll': name, 'halacpi.dll': 'halacpi.dll' })).toEqual(expected);
});

it('a Windows 7 that has both chooses by the tables at every start: the 8259s, whatever it was installed with', async () => {
  const installed = { 'hal.dll': 'halmacpi.dll', 'halmacpi.dll': 'halmacpi.dll' };
  expect(await hardwareOf(SEVEN, { ...installed, 'halacpi.dll': 'halacpi.dll' })).toEqual({
    acpi: true,
    apic: false,
  });
  expect(await hardwareOf(SEVEN, installed)).toEqual({ acpi: true, apic: true });
});

it('a Windows Vista keeps to what it was installed with', async () => {
  const both = { 'halacpi.dll': 'halacpi.dll', 'halmacpi.dll': 'halmacpi.dll' };
  expect(await hardwareOf(VISTA, { ...both, 'hal.dll': 'halacpi.dll' })).toEqual({ acpi: true, apic: false });
  expect(await hardwareOf(VISTA, { ...both, 'hal.dll': 'halmacpi.dll' })).toEqual({ acpi: true, apic: true });
});

it('says nothing of a 64-bit Windows, whose one file is called hal.dll on every PC', async () => {
  expect(await hardwareOf(SEVEN, { 'hal.dll': 'hal.dll' }, X64)).toBeNull();
});

it('damage in that file alone leaves the rest of what is found', async () => {
  const damaged = makeProgram(X86, XP, 'halacpi.dll');
  // The version resource leads behind its section.
  new DataView(damaged.buffer).setUint32(300_032 + 28, 0x8fff_0000, true);
  expect(await hardwareOf(XP, { 'hal.dll': damaged })).toBeNull();
});
