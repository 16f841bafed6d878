/**
 * What a PC says of itself to a system that asks who made it: the SMBIOS structures (System Management BIOS reference
 * specification 2.4) and the entry point before them. SeaBIOS copies both into memory and fills in address and sums.
 */
import { xxh32 } from '../../../disk/xxh32.ts';
import { ascii, dword, word, type Term } from './aml.ts';
import type { PcDescription } from './pc-description.ts';

const VERSION = { major: 2, minor: 4 } as const;
const MIB = 1024 * 1024;
const UNKNOWN = 2;

/** By which a structure is named in others; there is one of each type. */
const handle = (type: number): Term => word(0x100 + type);
const NO_HANDLE = word(0xffff);
/** Errors of the memory are not counted (7.17, 7.18). */
const NO_ERROR_HANDLE = word(0xfffe);
const MEMORY_ARRAY = 16;

/** A structure: its formatted part, then its strings, each ended by a zero, and a zero more. */
function structure(type: number, formatted: Term, strings: readonly string[] = []): Term {
  const text = strings.flatMap((string) => [...ascii(string), 0]);
  return [type, 4 + formatted.length, ...handle(type), ...formatted, ...(text.length ? text : [0]), 0];
}

/** The structures of this machine. The numbers in them that count from 1 are those of the strings behind. */
function structures(pc: PcDescription): Term[] {
  const memory = pc.memoryBytes / MIB;
  return [
    structure(
      0, // BIOS (7.1)
      [1, 2, ...word(0xe800), 3, 1, ...dword(BIOS_CHARACTERISTICS), ...dword(0), 0, 0, 1, 12, 0xff, 0xff],
      ['SeaBIOS', '1.12.1', '01/01/2019'],
    ),
    structure(
      1, // system (7.2), woken by its power switch
      [1, 2, 0, 3, ...machineUuid(pc.machineId), 6, 0, 4],
      ['Vitrine', 'Vitrine PC', pc.machineId.slice(0, 64), 'Exhibit'],
    ),
    structure(
      3, // case (7.4): a desktop, safe in every state
      [1, 3, 0, 0, 0, 3, 3, 3, UNKNOWN, ...dword(0), 0, 0, 0, 0],
      ['Vitrine'],
    ),
    structure(
      4, // processor (7.5): central, enabled, in a socket, without the cores of version 2.5
      [1, 3, 1, 2, ...processorId(pc), 3, 0, ...word(0), ...word(1000), ...word(1000), 0x41, 1]
        .concat(NO_HANDLE, NO_HANDLE, NO_HANDLE)
        .concat([0, 0, 0]),
      ['CPU 0', 'GenuineIntel', 'v86'],
    ),
    structure(
      MEMORY_ARRAY, // (7.17): on the board, for the system, no correction
      [3, 3, 3, ...dword(pc.memoryBytes / 1024), ...NO_ERROR_HANDLE, ...word(1)],
    ),
    structure(
      17, // memory module (7.18), in megabytes
      [
        ...handle(MEMORY_ARRAY),
        ...NO_ERROR_HANDLE,
        ...word(64),
        ...word(64),
        ...word(memory),
        9,
        0,
        1,
        0,
        7,
        ...word(OTHER_DETAIL),
      ].concat(word(0), [2, 0, 0, 0]),
      ['DIMM 0', 'Vitrine'],
    ),
    structure(
      19, // where the array is in the address space (7.20), in KiB
      [...dword(0), ...dword(pc.memoryBytes / 1024 - 1), ...handle(MEMORY_ARRAY), 1],
    ),
    structure(32, [0, 0, 0, 0, 0, 0, 0]), // how it started (7.33): without an error
    structure(127, []), // the end
  ];
}

/** PCI, starts from a CD, the drive can be chosen, EDD, and services by INT 10h and 13h (7.1.1). */
const BIOS_CHARACTERISTICS = ((1 << 7) | (1 << 15) | (1 << 16) | (1 << 19)) >>> 0;

/** Of a memory module (7.18.3): of none of the kinds that have a name. */
const OTHER_DETAIL = 2;

/** What CPUID leaf 1 says of the processor: EAX and EDX (upstream `src/rust/cpu/misc_instr.rs`, cpuid). */
const processorId = ({ apic }: PcDescription): Term => [
  ...dword(0x673),
  ...dword(apic ? 0x0780ab79 : 0x0780ab79 & ~HAS_APIC),
];
const HAS_APIC = 1 << 9;

/**
 * The UUID that this machine has for its system, always the same: its own name where that is one, else made of it.
 * The first three fields are little endian (7.2.1).
 */
export function machineUuid(machineId: string): Term {
  const hex = machineId.replaceAll('-', '').toLowerCase();
  const bytes = /^[0-9a-f]{32}$/.test(hex) ? fromHex(hex) : fromName(machineId);
  const swapped = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
  return swapped.map((index) => bytes[index]);
}

const fromHex = (hex: string): number[] =>
  Array.from({ length: 16 }, (_, i) => Number.parseInt(hex.slice(i * 2, i * 2 + 2), 16));

/** RFC 9562, version 8: a UUID whose bits are one's own. */
function fromName(machineId: string): number[] {
  const name = new TextEncoder().encode(machineId);
  const words = new Uint32Array(Math.ceil(name.length / 4));
  new Uint8Array(words.buffer).set(name);
  const bytes = [1, 2, 3, 4].flatMap((seed) => [...dword(xxh32(words, seed))]);
  bytes[6] = (bytes[6] & 0x0f) | 0x80;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return bytes;
}

export interface SmbiosFiles {
  readonly anchor: Uint8Array;
  readonly tables: Uint8Array;
}

export function smbiosFiles(pc: PcDescription): SmbiosFiles {
  const parts = structures(pc);
  const tables = Uint8Array.from(parts.flat());
  const longest = Math.max(...parts.map((part) => part.length));
  const anchor = Uint8Array.from([
    ...ascii('_SM_'),
    0, // the firmware makes both sums
    31,
    VERSION.major,
    VERSION.minor,
    ...word(longest),
    0,
    0,
    0,
    0,
    0,
    0,
    ...ascii('_DMI_'),
    0,
    ...word(tables.length),
    ...dword(0), // where the firmware puts them
    ...word(parts.length),
    (VERSION.major << 4) | VERSION.minor,
  ]);
  return { anchor, tables };
}
