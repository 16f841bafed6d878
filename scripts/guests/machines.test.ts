import { expect, it } from 'vitest';
import { MACHINES, nameOf } from './machines.ts';

it('has each guest with either interrupt controllers, with ACPI and without, from all that it starts from', () => {
  const names = MACHINES.map(nameOf);
  expect(new Set(names).size).toBe(names.length);
  for (const guest of ['OpenBSD from floppy', 'OpenBSD from disk', 'Linux from disc', 'Linux from disk']) {
    const own = names.filter((name) => name.startsWith(`${guest}, `));
    for (const hardware of ['ACPI, APIC', 'ACPI, 8259', 'no ACPI, APIC', 'no ACPI, 8259']) {
      expect(own.filter((name) => name.startsWith(`${guest}, ${hardware}`)).length).toBeGreaterThan(1);
    }
  }
});
