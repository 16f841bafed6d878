import type { Cpu } from '../internals.ts';

/** Drive types, A: in the upper half and B: in the lower (IBM PC AT Technical Reference, CMOS 10h). */
const FLOPPY_DRIVES = 0x10;
const DRIVE_A_ONLY = 0xf0;

/**
 * One floppy drive, of which the firmware makes the equipment word. Upstream (`src/floppy.js`) always announces two, where only the first can have a
 * disk: Windows shows and polls an empty B:.
 */
export function applyCmosRepair({ devices: { rtc } }: Cpu): void {
  rtc.cmos_data[FLOPPY_DRIVES] &= DRIVE_A_ONLY;
}
