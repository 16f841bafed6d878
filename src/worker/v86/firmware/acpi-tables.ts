/**
 * The ACPI tables of our PC, as one file that the firmware loads, and the pointer to them (ACPI 1.0b for the fixed
 * table and its control structure, as QEMU's `pc` has them; ACPI 2.0 for the interrupt controllers' table).
 */
import { ascii, dword, word, type Term } from './aml.ts';
import { dsdtBody, PM_BLOCK, SCI_IRQ } from './dsdt.ts';
import type { PcDescription } from './pc-description.ts';

/** A pointer in the file, to be raised by where the file comes to lie. */
export interface Pointer {
  readonly atOffset: number;
}

/** A table in the file whose ninth byte must make its sum zero. */
export interface TablePlace {
  readonly signature: string;
  readonly offset: number;
  readonly bytes: number;
}

export interface AcpiFile {
  readonly bytes: Uint8Array;
  readonly tables: readonly TablePlace[];
  readonly pointers: readonly Pointer[];
  readonly rootOffset: number;
}

const HEADER_BYTES = 36;
/** Of every table with a header: the byte that makes the sum zero (ACPI 5.2.5). */
export const CHECKSUM_OFFSET = 9;
const MAKER = 'VITRIN';

function table(signature: string, revision: number, body: Term): Uint8Array {
  const text = (letters: string, length: number) => ascii(letters.padEnd(length, ' '));
  const header = [
    ...text(signature, 4),
    ...dword(HEADER_BYTES + body.length),
    revision,
    0, // the sum: the firmware makes it, after the pointers
    ...text(MAKER, 6),
    ...text(`VTRN${signature}`, 8),
    ...dword(1),
    ...text('VTRN', 4),
    ...dword(1),
  ];
  return Uint8Array.from([...header, ...body]);
}

/** The control structure that firmware and system share; it has no sum and lies on 64 bytes. */
function facs(): Uint8Array {
  const bytes = new Uint8Array(64);
  bytes.set(ascii('FACS'));
  bytes.set(dword(bytes.length), 4);
  return bytes;
}

/** Of the fixed table: where its two pointers are. */
const FADT_FACS = 36;
const FADT_DSDT = 40;

/** WBINVD works, C1 works, no sleep button, the clock wakes from S4, the PM timer is the clock to count by. */
const FADT_FLAGS = 0x80a5;
/** A latency that says that the state is not there (ACPI 1.0b, 5.2.5). */
const NO_STATE_LATENCY = 0xfff;

function fadt(): Uint8Array {
  return table('FACP', 1, [
    ...dword(0), // FACS
    ...dword(0), // DSDT
    1, // two 8259s
    0, // no preferred profile
    ...word(SCI_IRQ),
    ...dword(0xb2), // SMI command port, and what hands ACPI over and back
    0xf1,
    0xf0,
    0,
    0,
    ...dword(PM_BLOCK),
    ...dword(0),
    ...dword(PM_BLOCK + 4),
    ...dword(0),
    ...dword(0),
    ...dword(PM_BLOCK + 8),
    ...dword(0xafe0),
    ...dword(0),
    4, // bytes of: PM1 events, PM1 control, PM2, timer, GPE0, GPE1
    2,
    0,
    4,
    4,
    0,
    0,
    0,
    ...word(NO_STATE_LATENCY),
    ...word(NO_STATE_LATENCY),
    ...word(0),
    ...word(0),
    0,
    0,
    0,
    0,
    0x32, // the clock chip's byte for the century
    ...word(0),
    0,
    ...dword(FADT_FLAGS),
  ]);
}

/** Interrupts that are levels, high: PCI's and the SCI's. */
const LEVEL_HIGH = 0x0d;

function madt(): Uint8Array {
  const processor: Term = [0, 8, 0, 0, ...dword(1)];
  const ioApic: Term = [1, 12, 0, 0, ...dword(0xfec00000), ...dword(0)];
  const override = (line: number): Term => [2, 10, 0, line, ...dword(line), ...word(LEVEL_HIGH)];
  // The timer is an edge, and at pin 2: `src/worker/v86/interrupts/io-apic.ts`.
  const timer: Term = [2, 10, 0, 0, ...dword(2), ...word(0)];
  const nmiAtLint1: Term = [4, 6, 0xff, ...word(0), 1];
  return table('APIC', 1, [
    ...dword(0xfee00000),
    ...dword(1), // and two 8259s
    ...processor,
    ...ioApic,
    ...timer,
    ...[5, SCI_IRQ, 10, 11].flatMap((line) => override(line)),
    ...nmiAtLint1,
  ]);
}

/** Windows' own table of chips that are not faulty: the PM timer is read once and not three times. */
function waet(): Uint8Array {
  const PM_TIMER_IS_GOOD = 2;
  return table('WAET', 1, dword(PM_TIMER_IS_GOOD));
}

/** All tables in one file, the control structure first: it is loaded at a multiple of 64. */
export function acpiFile(pc: PcDescription): AcpiFile {
  const parts: { signature: string; offset: number; data: Uint8Array }[] = [];
  let end = 0;
  const add = (signature: string, data: Uint8Array): number => {
    const offset = (end + 15) & ~15;
    parts.push({ signature, offset, data });
    end = offset + data.length;
    return offset;
  };
  const facsAt = add('FACS', facs());
  const dsdtAt = add('DSDT', table('DSDT', 1, dsdtBody(pc)));
  const fadtAt = add('FACP', fadt());
  const listed = [fadtAt, ...(pc.apic ? [add('APIC', madt())] : []), add('WAET', waet())];
  const rootOffset = add(
    'RSDT',
    table(
      'RSDT',
      1,
      listed.flatMap((offset) => dword(offset)),
    ),
  );

  const bytes = new Uint8Array(end);
  for (const { offset, data } of parts) bytes.set(data, offset);
  bytes.set(dword(facsAt), fadtAt + FADT_FACS);
  bytes.set(dword(dsdtAt), fadtAt + FADT_DSDT);
  const pointers = [fadtAt + FADT_FACS, fadtAt + FADT_DSDT];
  for (const index of listed.keys()) pointers.push(rootOffset + HEADER_BYTES + 4 * index);
  return {
    bytes,
    rootOffset,
    pointers: pointers.map((atOffset) => ({ atOffset })),
    tables: parts
      .filter(({ signature }) => signature !== 'FACS')
      .map(({ signature, offset, data }) => ({ signature, offset, bytes: data.length })),
  };
}

/** Where the root pointer of revision 0 has its sum and the address of the root table; its length. */
export const ROOT_POINTER = { checksumOffset: 8, tableOffset: 16, bytes: 20 } as const;

export function rootPointer(rootOffset: number): Uint8Array {
  return Uint8Array.from([...ascii('RSD PTR '), 0, ...ascii(MAKER), 0, ...dword(rootOffset)]);
}
