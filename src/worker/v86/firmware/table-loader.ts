/**
 * The script by which SeaBIOS loads tables that it did not make: QEMU's "linker/loader" (`docs/specs` and
 * `hw/acpi/bios-linker-loader.c` there; SeaBIOS 1.12.1 `src/fw/romfile_loader.c`). Commands of 128 bytes: allocate a
 * file in memory, raise a pointer by where a file came to lie, make a sum zero.
 */
import { dword, type Term } from './aml.ts';

const COMMAND_BYTES = 128;
const NAME_BYTES = 56;

/** High memory, which the memory map keeps from the system; or the segment where a system looks for anchors. */
export type Zone = 'high' | 'anchors';

const fileName = (file: string): Term => {
  if (file.length >= NAME_BYTES) throw new RangeError(`${file} is too long a name for the firmware`);
  return Array.from({ length: NAME_BYTES }, (_, i) => (i < file.length ? file.charCodeAt(i) : 0));
};

export const allocate = (file: string, alignBytes: number, zone: Zone): Term => [
  ...dword(1),
  ...fileName(file),
  ...dword(alignBytes),
  zone === 'high' ? 1 : 2,
];

/** The four bytes at `offset` of `file`, an offset in `target`, become an address. */
export const raisePointer = (file: string, target: string, offset: number): Term => [
  ...dword(2),
  ...fileName(file),
  ...fileName(target),
  ...dword(offset),
  4,
];

/** The byte at `offset` makes the sum from `start` on zero. */
export const makeSum = (file: string, offset: number, start: number, bytes: number): Term => [
  ...dword(3),
  ...fileName(file),
  ...dword(offset),
  ...dword(start),
  ...dword(bytes),
];

export function loaderScript(...commands: Term[]): Uint8Array {
  const script = new Uint8Array(commands.length * COMMAND_BYTES);
  for (const [index, command] of commands.entries()) script.set(command, index * COMMAND_BYTES);
  return script;
}
