import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FLOPPY_BYTES = 1440 * 1024;

export const BARE_PROGRAMS = [
  'hot-loop',
  'faults',
  'interrupts',
  'stepping',
  'stepping-real',
  'fuzz',
  'calibrate',
  'ticks',
] as const;
export type BareProgram = (typeof BARE_PROGRAMS)[number];

/** A floppy that starts a program of the bare machine: testing/programs, assembled. */
export function bareProgram(name: BareProgram): Uint8Array<ArrayBuffer> {
  const floppy = new Uint8Array(FLOPPY_BYTES);
  floppy.set(readFileSync(fileURLToPath(new URL(`programs/${name}.bin`, import.meta.url))));
  return floppy;
}
