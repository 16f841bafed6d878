import { expect, it } from 'vitest';
import { checkMachine, type MachineIdentity } from './machine-identity.ts';

const PRESENT: MachineIdentity = {
  engine: '1',
  memoryMiB: 512,
  videoMemoryMiB: 16,
  acpi: true,
  apic: true,
  clock: 'local',
  diskBytes: null,
  disc: null,
};
const { apic: _, ...BEFORE } = PRESENT;

it('a moment from before there was a choice goes on with the APICs where it had ACPI, and in no other machine', () => {
  expect(() => checkMachine(BEFORE, PRESENT)).not.toThrow();
  expect(() => checkMachine(BEFORE, { ...PRESENT, apic: false })).toThrow(/APIC setting/u);
  const without = { ...BEFORE, acpi: false };
  expect(() => checkMachine(without, { ...PRESENT, acpi: false, apic: false })).not.toThrow();
  expect(() => checkMachine(without, { ...PRESENT, acpi: false })).toThrow(/APIC setting/u);
});

it('a moment of a machine with the 8259s alone goes on in such a machine only', () => {
  const pic = { ...PRESENT, apic: false };
  expect(() => checkMachine(pic, pic)).not.toThrow();
  expect(() => checkMachine(pic, PRESENT)).toThrow(/APIC setting/u);
});
