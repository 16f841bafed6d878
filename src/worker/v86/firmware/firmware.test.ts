import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  acpicaIsThere,
  compilerComplaints,
  disassembled,
  evaluateAll,
} from '../../../../guest/conformance/acpica.ts';
import { firmwareTables, parseFacts, type Facts } from '../../../../guest/conformance/facts.ts';
import { RealMachine } from '../testing/real-machine.ts';
import { machineUuid } from './smbios.ts';

const PROBE = fileURLToPath(new URL('../../../../guest/probe.iso', import.meta.url));
const MACHINE = '0f1e2d3c-4b5a-4678-8796-a5b4c3d2e1f0';

/** What the probe disc finds in a machine's memory, as far as the tables. */
async function probeTables(acpi: boolean): Promise<Facts> {
  const machine = await RealMachine.build({
    acpi,
    disc: new Uint8Array(readFileSync(PROBE)),
    repairs: { machineId: MACHINE },
  });
  await machine.emulator.run();
  await machine.untilSerial('anchor.model');
  const facts = parseFacts(`${machine.serial}\r\nPROBE END\r\n`);
  await machine.dispose();
  return facts;
}

const valueOf = (facts: Facts, key: string) => {
  const answer = facts.get(key);
  return answer?.kind === 'fact' ? answer.value : null;
};

describe('the tables of our PC', () => {
  let facts: Facts;
  let tables: Map<string, Uint8Array>;
  beforeAll(async () => {
    facts = await probeTables(true);
    tables = firmwareTables(facts);
  }, 60_000);

  it('are what the firmware gives the system, with right sums', () => {
    expect(valueOf(facts, 'acpi.root')).toBe('revision 0, checksum right');
    expect(valueOf(facts, 'acpi.tables')).toBe('FACP APIC WAET');
    for (const table of ['FACP', 'DSDT', 'APIC', 'WAET'])
      expect(valueOf(facts, `acpi.${table}`), table).toBe('revision 1, checksum right');
    expect(Buffer.from(tables.get('DSDT')!.subarray(10, 24)).toString('latin1')).toBe('VITRINVTRNDSDT');
    expect(valueOf(facts, 'fadt.century')).toBe('32');
    expect(valueOf(facts, 'mp.table')).toBe('checksum right, apic at fee00000');
    expect(valueOf(facts, 'pir.tables')).toBe('1');
    expect(valueOf(facts, 'pir.checksum')).toBe('right');
  });

  it('give the system the machine’s own UUID and its memory', () => {
    expect(valueOf(facts, 'smbios.entry')).toBe('version 2.4, checksum right, inner right');
    for (const type of [0, 1, 3, 4, 16, 17, 19, 32, 127])
      expect(valueOf(facts, `smbios.type${type}`), `type ${type}`).not.toBeNull();
  });

  describe.skipIf(!acpicaIsThere())(
    'in the reference compiler (iasl, acpiexec; skipped where they are not installed)',
    () => {
      it('compile clean from what they are taken apart to', () => {
        expect(compilerComplaints(tables)).toEqual([]);
      });

      it('evaluate: the state of each device, what it uses, and how PCI is routed', () => {
        const answers = evaluateAll(tables.get('DSDT')!, ['_STA', '_CRS', '_PRT']);
        expect(answers.filter(({ failed }) => failed)).toEqual([]);
        for (const device of ['LNKA', 'LNKS', 'PCI0', 'RTC', 'KBD', 'MOU', 'FDC0', 'LPT1', 'COM1', 'MRES'])
          expect(
            answers.some(({ path }) => path.endsWith(`.${device}._CRS`)),
            device,
          ).toBe(true);
        expect(answers.filter(({ path }) => /COM2|HPET/.test(path))).toEqual([]);
        expect(answers.find(({ path }) => path.endsWith('.PCI0._PRT'))?.result).toContain('Package');
        // The fixed table says that C2 and C3 are not there.
        expect(disassembled(tables.get('DSDT')!)).toMatch(/Processor \(CPU0, 0x00, 0x00000000, 0x00\)/);
        // Four pins of each device but the two bridges.
        expect(disassembled(tables.get('DSDT')!).match(/0x00[01][0-9A-F]FFFF, *\n/g) ?? []).toHaveLength(
          30 * 4,
        );
      });
    },
  );
});

describe('a machine without ACPI', () => {
  it('has no ACPI tables, no MP table, for it has no APIC, and an SMBIOS', async () => {
    const facts = await probeTables(false);
    expect(valueOf(facts, 'acpi.root')).toBe('absent');
    expect(valueOf(facts, 'smbios.entry')).toContain('checksum right');
    expect(valueOf(facts, 'mp.pointer')).toBe('absent');
    expect(valueOf(facts, 'pir.tables')).toBe('1');
  });
});

describe('the UUID of a machine', () => {
  it('is its name where that is one, its first fields little endian', () => {
    expect(Buffer.from(machineUuid(MACHINE)).toString('hex')).toBe('3c2d1e0f5a4b78468796a5b4c3d2e1f0');
  });

  it('is made of any other name, always the same and another for another', () => {
    const uuid = Buffer.from(machineUuid('default'));
    expect(uuid).toEqual(Buffer.from(machineUuid('default')));
    expect(uuid).not.toEqual(Buffer.from(machineUuid('defaulu')));
    expect([uuid[7] >> 4, uuid[8] >> 6]).toEqual([8, 2]);
  });
});
