import type { Cpu } from '../internals.ts';
import { acpiFile, CHECKSUM_OFFSET, ROOT_POINTER, rootPointer } from './acpi-tables.ts';
import { putRightAfterPost } from './after-post.ts';
import { describePc } from './pc-description.ts';
import { smbiosFiles } from './smbios.ts';
import { allocate, loaderScript, makeSum, raisePointer } from './table-loader.ts';

const TABLES = 'etc/acpi/tables';
const ROOT = 'etc/acpi/rsdp';

/** SeaBIOS's file `etc/system-states`: for S0 to S5 bit 7 says "offered", the low bits are the SLP_TYP. */
const SYSTEM_STATES = Uint8Array.of(0x80, 0, 0, 0, 0, 0x80);

/** Its file `etc/irq0-override`: its MP table says that the timer's line is pin 2 of the I/O APIC, as on every PC. */
const IRQ0_OVERRIDE = Uint8Array.of(1);

/**
 * Tells the firmware, through the configuration files it asks for (upstream serves `option_roms` as such, in the
 * handlers of ports 0x510 and 0x511 in `src/cpu.js`), what this machine is: its ACPI tables and SMBIOS structures in
 * place of those that SeaBIOS 1.12.1 makes for QEMU's PC of 2018, and that it is on or off and does not sleep.
 */
export function applyFirmware(cpu: Cpu, options: { apic: boolean; machineId: string }): void {
  const pc = describePc(cpu, options);
  const { anchor, tables } = smbiosFiles(pc);
  putRightAfterPost(cpu, options);
  serve(cpu, 'etc/system-states', SYSTEM_STATES);
  serve(cpu, 'etc/smbios/smbios-anchor', anchor);
  serve(cpu, 'etc/smbios/smbios-tables', tables);
  if (options.apic) serve(cpu, 'etc/irq0-override', IRQ0_OVERRIDE);
  if (!cpu.devices.acpi) return;
  const file = acpiFile(pc);
  serve(cpu, TABLES, file.bytes);
  serve(cpu, ROOT, rootPointer(file.rootOffset));
  serve(
    cpu,
    'etc/table-loader',
    loaderScript(
      allocate(ROOT, 16, 'anchors'),
      allocate(TABLES, 64, 'high'),
      ...file.pointers.map(({ atOffset }) => raisePointer(TABLES, TABLES, atOffset)),
      ...file.tables.map(({ offset, bytes }) => makeSum(TABLES, offset + CHECKSUM_OFFSET, offset, bytes)),
      raisePointer(ROOT, TABLES, ROOT_POINTER.tableOffset),
      makeSum(ROOT, ROOT_POINTER.checksumOffset, 0, ROOT_POINTER.bytes),
    ),
  );
}

/** A file of this name that somebody served before is replaced. */
function serve(cpu: Cpu, name: string, data: Uint8Array): void {
  const there = cpu.option_roms.find((file) => file.name === name);
  if (there) there.data = data;
  else cpu.option_roms.push({ name, data });
}
