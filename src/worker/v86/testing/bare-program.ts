import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FLOPPY_BYTES = 1440 * 1024;

/** A floppy that starts a program of the bare machine: testing/programs, assembled. */
export function bareProgram(name: 'hot-loop' | 'faults'): Uint8Array<ArrayBuffer> {
  const floppy = new Uint8Array(FLOPPY_BYTES);
  floppy.set(readFileSync(fileURLToPath(new URL(`programs/${name}.bin`, import.meta.url))));
  return floppy;
}
