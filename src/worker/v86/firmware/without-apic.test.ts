import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { HOUSE_DISC, RealMachine } from '../testing/real-machine.ts';

let machine: RealMachine | undefined;
afterEach(() => machine?.dispose());

/** What the firmware left in the memory below 1 MiB and at its end. */
async function tables(options: { apic: boolean; acpi: boolean }) {
  machine = await RealMachine.build({
    memoryMiB: 32,
    acpi: options.acpi,
    disc: readFileSync(HOUSE_DISC),
    repairs: { apic: options.apic },
  });
  await machine.emulator.run();
  await machine.untilSerial('HOUSE READY');
  const { mem8 } = machine.internals.cpu;
  const low = Buffer.from(mem8.subarray(0xe0000, 0x100000));
  const rsdp = paragraphs(low, 'RSD PTR ');
  const listed: string[] = [];
  if (rsdp >= 0) {
    const rsdt = low.readUInt32LE(rsdp + 16);
    const all = Buffer.from(mem8.buffer, mem8.byteOffset, mem8.length);
    for (let at = rsdt + 36; at < rsdt + all.readUInt32LE(rsdt + 4); at += 4) {
      const table = all.readUInt32LE(at);
      listed.push(all.toString('latin1', table, table + 4));
      if (listed.at(-1) === 'APIC')
        listed.push(all.toString('hex', table + 44, table + all.readUInt32LE(table + 4)));
    }
  }
  return { listed, mp: paragraphs(low, '_MP_') >= 0 };
}

/** A structure with a right checksum of 16 bytes at least, at a multiple of 16. */
function paragraphs(memory: Buffer, signature: string): number {
  for (let at = 0; at < memory.length; at += 16) {
    if (memory.toString('latin1', at, at + signature.length) !== signature) continue;
    const length = signature === 'RSD PTR ' ? 20 : 16;
    if (memory.subarray(at, at + length).reduce((sum, byte) => (sum + byte) & 0xff, 0) === 0) return at;
  }
  return -1;
}

describe('the firmware’s tables', () => {
  it('name the APICs where they are, with the timer on pin 2, and no HPET', async () => {
    const { listed, mp } = await tables({ apic: true, acpi: true });
    expect(listed.filter((name) => name.length === 4)).toEqual(['FACP', 'APIC', 'WAET']);
    // Interrupt source override: bus 0, IRQ 0, to 2, as the bus has it.
    expect(listed.join(' ')).toContain('020a0000020000000000');
    expect(mp).toBe(true);
  });

  it.each([true, false])('name no APIC where there is none, ACPI %s', async (acpi) => {
    const { listed, mp } = await tables({ apic: false, acpi });
    expect(listed).toEqual(acpi ? ['FACP', 'WAET'] : []);
    expect(mp).toBe(false);
  });
});
