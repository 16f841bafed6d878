import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { firmwareTables, parseFacts, type Facts } from '../../../../guest/conformance/facts.ts';
import { RealMachine } from '../testing/real-machine.ts';
import { machineUuid } from './smbios.ts';

const PROBE = fileURLToPath(new URL('../../../../guest/probe.iso', import.meta.url));
const MACHINE = '0f1e2d3c-4b5a-4678-8796-a5b4c3d2e1f0';

/** The compiler's remark that ACPI 6 has another word for a processor; systems of Windows 7's time want this one. */
const OLD_PROCESSOR = '3168';

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

  const compiler = spawnSync('iasl', ['-v']);
  describe.skipIf(compiler.error)(
    'in the reference compiler (iasl, acpiexec; skipped where they are not installed)',
    () => {
      const work = mkdtempSync(join(tmpdir(), 'firmware-tables-'));
      afterAll(() => rmSync(work, { recursive: true, force: true }));
      const run = (program: string, ...args: string[]) => {
        const { status, stdout, stderr } = spawnSync(program, args, { cwd: work, encoding: 'utf8' });
        return { status, text: `${stdout}${stderr}` };
      };

      it('compile clean from what they are taken apart to', () => {
        for (const [signature, bytes] of tables) {
          if (signature === 'FACS') continue; // it has no header of a table
          writeFileSync(join(work, `${signature}.aml`), bytes);
          expect(run('iasl', '-d', `${signature}.aml`).status, signature).toBe(0);
          const compiled = run('iasl', '-vw', OLD_PROCESSOR, '-p', `${signature}-again`, `${signature}.dsl`);
          expect(compiled.text, signature).toMatch(/ 0 Errors, 0 Warnings/);
        }
      });

      it('evaluate: what each device is, uses, and how PCI is routed', () => {
        writeFileSync(join(work, 'DSDT.aml'), tables.get('DSDT')!);
        const { text } = run('acpiexec', '-b', 'namespace;resources *', 'DSDT.aml');
        // Its own buffer is too small for the whole routing table; the table is looked at below.
        const complaints = text.split('\n').filter((line) => /ACPI Error|AE_[A-Z]/.test(line));
        expect(
          complaints.filter((line) => !/_PRT|buffer|AcpiSetCurrentResources failed: AE_NOT_FOUND/.test(line)),
        ).toEqual([]);
        for (const device of [
          'PCI0',
          'ISA_',
          'RTC_',
          'KBD_',
          'MOU_',
          'FDC0',
          'LPT1',
          'COM1',
          'MRES',
          'LNKA',
          'LNKS',
        ])
          expect(text, device).toContain(`${device} Device`);
        expect(text).not.toMatch(/COM2|HPET/);
        writeFileSync(join(work, 'routing.aml'), tables.get('DSDT')!);
        run('iasl', '-d', 'routing.aml');
        const source = readFileSync(join(work, 'routing.dsl'), 'latin1');
        expect(source.match(/0x00[01][0-9A-F]FFFF, *\n/g) ?? []).toHaveLength(31 * 4);
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
