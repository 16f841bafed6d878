import { expect, it } from 'vitest';
import { RealMachine } from '../testing/real-machine.ts';

/** The BIOS data area's equipment word: bits 7 and 6 are the floppy drives beyond the first. */
const EQUIPMENT = 0x410;

it('there is one floppy drive, in the CMOS memory and in the equipment word that the firmware makes of it', async () => {
  const machine = await RealMachine.build();
  const { cpu } = machine.internals;
  try {
    cpu.io.port_write8(0x70, 0x10);
    expect(cpu.io.port_read8(0x71)).toBe(0x40);
    await machine.emulator.run();
    // Without anything to start from, the firmware ends in waiting for a key: the word is there before.
    const word = () => cpu.mem8[EQUIPMENT] | (cpu.mem8[EQUIPMENT + 1] << 8);
    while ((word() & 0x01) === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(word() & 0xc1).toBe(0x01);
  } finally {
    await machine.dispose();
  }
});
