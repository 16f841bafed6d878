import type { Cpu } from '../internals.ts';

/** SeaBIOS's file `etc/system-states`: for S0 to S5 bit 7 says "offered", the low bits are the SLP_TYP. */
const SYSTEM_STATES = Uint8Array.of(0x80, 0, 0, 0, 0, 0x80);

/**
 * Tells the firmware, through the configuration files it asks for (upstream serves `option_roms` as such, in
 * the handlers of ports 0x510 and 0x511 in `src/cpu.js`), that this machine is on or off and does not sleep.
 * Without the file SeaBIOS 1.12.1 reads memory it no longer owns and offers S3: a guest that suspends itself
 * after half an hour then waits for a wake-up that upstream cannot give.
 */
export function applyFirmwareSettings(cpu: Cpu): void {
  const name = 'etc/system-states';
  if (!cpu.option_roms.some((file) => file.name === name))
    cpu.option_roms.push({ name, data: SYSTEM_STATES });
}
