import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryDrive, RealMachine } from '../testing/real-machine.ts';

const MEMORY = 64 * 1024 * 1024;
let machine: RealMachine;

beforeEach(async () => {
  machine = await RealMachine.build();
});
afterEach(() => machine.dispose());

/** Where memory ends and beyond, at both ends of 32 bits; upstream's addresses are negative from 2 GiB on. */
const OUTSIDE = [MEMORY, 0x7fff_ffff, -0x8000_0000, 0xe000_0000, 0xfee0_0000, -16];

describe('memory', () => {
  it('loses what a device writes where there is none', () => {
    const { cpu } = machine.internals;
    const before = cpu.mem8.slice(-4096);
    for (const address of OUTSIDE) cpu.write_blob(new Uint8Array(1024).fill(0x5a), address);
    expect(cpu.mem8.slice(-4096)).toEqual(before);
    cpu.write_blob(new Uint8Array(1024).fill(0x5a), MEMORY - 8);
    expect(Array.from(cpu.mem8.slice(-9))).toEqual([0, ...Array.from({ length: 8 }, () => 0x5a)]);
  });

  it('reads as ones where there is none', () => {
    const { cpu } = machine.internals;
    cpu.mem8.fill(0x33, MEMORY - 2);
    for (const address of OUTSIDE) expect(Array.from(cpu.read_blob(address, 2))).toEqual([0xff, 0xff]);
    expect(Array.from(cpu.read_blob(MEMORY - 2, 4))).toEqual([0x33, 0x33, 0xff, 0xff]);
    expect(Array.from(cpu.read_blob(MEMORY - 2, 2))).toEqual([0x33, 0x33]);
  });

  it.each([0x04, 0x80, 0xff])(
    'is as much for the DMA controller, whose page register has %i on top',
    (page) => {
      const { io, devices } = machine.internals.cpu;
      // Channel 2, the floppy drive's: 16 bytes at page:000000 (its page registers are 81h and, the high one, 481h: 82374EB §3.2).
      io.port_write8(0x0c, 0);
      for (const [port, value] of [
        [0x04, 0],
        [0x04, 0],
        [0x05, 15],
        [0x05, 0],
        [0x81, 0],
        [0x481, page],
      ])
        io.port_write8(port, value);
      const dma = devices.dma as unknown as Record<
        'do_read' | 'do_write',
        (
          medium: MemoryDrive,
          start: number,
          length: number,
          channel: number,
          done: (failed: boolean) => void,
        ) => void
      >;
      const floppy = new MemoryDrive(new Uint8Array(1024));
      const ends: boolean[] = [];
      dma.do_read(floppy, 0, 16, 2, (failed) => ends.push(failed));
      expect(ends).toEqual([false]);
      machine.internals.cpu.mem8.fill(0x44, -0x100_0000);
      io.port_write8(0x04, 0);
      io.port_write8(0x04, 0);
      dma.do_write(floppy, 0, 16, 2, (failed) => ends.push(failed));
      expect(ends).toEqual([false, false]);
      expect(floppy.bytes.subarray(0, 16).every((byte) => byte === 0xff)).toBe(true);
      expect(floppy.bytes[16]).toBe(0);
    },
  );
});
