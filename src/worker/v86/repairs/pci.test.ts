import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RealMachine } from '../testing/real-machine.ts';

let machine: RealMachine;
beforeEach(async () => {
  machine = await RealMachine.build({ disk: new Uint8Array(1 << 20), disc: new Uint8Array(2048) });
});
afterEach(() => machine.dispose());

/** The disk controller is device 1Eh. */
const at = (register: number) => {
  const { io } = machine.internals.cpu;
  io.port_write32(0xcf8, 0x8000_f000 | register | 0);
  return io;
};
const read = (register: number) => at(register).port_read32(0xcfc) >>> 0;

describe('the disk controller', () => {
  it('is in compatibility mode: no place for its channels, and no interrupt of PCI', () => {
    expect(read(0)).toBe(0x7010_8086);
    expect((read(8) >>> 8) & 5).toBe(0);
    for (const bar of [0x10, 0x14, 0x18, 0x1c]) {
      expect(read(bar), `register ${bar}`).toBe(0);
      at(bar).port_write32(0xcfc, -1);
      expect(read(bar), `register ${bar}, sized`).toBe(0);
      at(bar).port_write32(0xcfc, 0xc101);
      expect(read(bar), `register ${bar}, moved`).toBe(0);
    }
    expect((read(0x3c) >>> 8) & 0xff).toBe(0);
  });

  it('keeps its bus master’s place, which is sized and moved', () => {
    at(0x20).port_write32(0xcfc, -1);
    expect(read(0x20)).toBe(0xffff_fff1);
    at(0x20).port_write32(0xcfc, 0xc201);
    expect(read(0x20)).toBe(0xc201);
    const { io } = machine.internals.cpu;
    io.port_write32(0xc204, 0x0001_2340);
    expect(io.port_read32(0xc204)).toBe(0x0001_2340);
  });

  it('has its channels where they always are, also after a moment of when it had places for them', async () => {
    const { cpu } = machine.internals;
    const state = cpu.devices.pci.get_state();
    const spaces = state.slice(0, 256) as (Int32Array | undefined)[];
    const controller = spaces.find((space) => space?.[0] === 0x7010_8086)!;
    controller.set([0xc011, 0xc021, 0xc019, 0xc025], 4);
    cpu.devices.pci.set_state(state);
    expect(read(0x10)).toBe(0xc011);
    for (const status of [0x1f7, 0x177]) expect(cpu.io.port_read8(status)).not.toBe(0xff);
  });
});

describe('the header of every function', () => {
  const functions = () => {
    const found: number[] = [];
    for (let number = 0; number < 256; number++) {
      io().port_write32(0xcf8, 0x8000_0000 | (number << 8) | 0);
      if (io().port_read32(0xcfc) >>> 0 !== 0xffff_ffff) found.push(number);
    }
    return found;
  };
  const io = () => machine.internals.cpu.io;
  const select = (number: number, register: number) =>
    io().port_write32(0xcf8, 0x8000_0000 | (number << 8) | (register & 0xfc) | 0);
  const dword = (number: number, register: number) => {
    select(number, register);
    return io().port_read32(0xcfc) >>> 0;
  };
  const WAYS = [
    [
      'bytes',
      [0, 1, 2, 3].map(
        (byte) => (value: number) => io().port_write8(0xcfc + byte, (value >>> (8 * byte)) & 0xff),
      ),
    ],
    [
      'words',
      [0, 2].map(
        (byte) => (value: number) => io().port_write16(0xcfc + byte, (value >>> (8 * byte)) & 0xffff),
      ),
    ],
    ['dwords', [(value: number) => io().port_write32(0xcfc, value | 0)]],
  ] as const;

  it.each(WAYS)('says who it is, whatever is written there in %s', (_, writes) => {
    for (const number of functions())
      for (const register of [0x00, 0x08, 0x28, 0x2c, 0x34, 0x38]) {
        const before = dword(number, register);
        for (const value of [0, 0xffff_ffff, 0x1234_5678])
          for (const write of writes) {
            select(number, register);
            write(value);
          }
        expect(dword(number, register), `function ${number} register ${register}`).toBe(before);
      }
  });

  it.each(WAYS)('has a command that is kept and status bits that a one clears, in %s', (_, writes) => {
    for (const number of functions()) {
      const status = dword(number, 0x04) >>> 16;
      const { device_spaces: spaces } = machine.internals.cpu.devices.pci;
      // As a device would after an abort.
      spaces[number]![1] |= 0x3000_0000;
      const write = (value: number) => {
        for (const one of writes) {
          select(number, 0x04);
          one(value);
        }
        return dword(number, 0x04);
      };
      expect(write(0x0000_0003)).toBe(((status | 0x3000) * 0x1_0000 + 3) >>> 0);
      expect(write(0x1000_0107)).toBe(((status | 0x2000) * 0x1_0000 + 0x107) >>> 0);
      expect(write(0xffff_ffff)).toBe((status * 0x1_0000 + 0x107) >>> 0);
    }
  });

  it.each(WAYS)('keeps latency and interrupt line, but neither its type nor its pin, in %s', (_, writes) => {
    for (const number of functions()) {
      const [latency, interrupt] = [dword(number, 0x0c), dword(number, 0x3c)];
      for (const register of [0x0c, 0x3c])
        for (const write of writes) {
          select(number, register);
          write(0xa5a5_4020);
        }
      expect(dword(number, 0x0c)).toBe(((latency & 0xffff_0000) | 0x4020) >>> 0);
      expect(dword(number, 0x3c)).toBe(((interrupt & 0xffff_ff00) | 0x20) >>> 0);
    }
  });

  it.each(WAYS)('has an address register that is moved in %s, and ports that go with it', (_, writes) => {
    const CONTROLLER = 0xf0;
    for (const write of writes) {
      select(CONTROLLER, 0x20);
      write(0x0000_c20d);
    }
    expect(dword(CONTROLLER, 0x20)).toBe(0xc201);
    io().port_write32(0xc204, 0x0001_2340);
    expect(io().port_read32(0xc204)).toBe(0x0001_2340);
  });
});
