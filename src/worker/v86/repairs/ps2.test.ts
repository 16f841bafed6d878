import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Io } from '../internals.ts';
import { RealMachine } from '../testing/real-machine.ts';

let machine: RealMachine;
let io: Io;
let lights: number[];

beforeEach(async () => {
  lights = [];
  machine = await RealMachine.build({ repairs: { onKeyLights: (on) => void lights.push(on) } });
  io = machine.internals.cpu.io;
});
afterEach(() => machine.dispose());

/** All that the controller has to give, in hex. */
function read(): string {
  const bytes: string[] = [];
  while (io.port_read8(0x64) & 1) bytes.push(io.port_read8(0x60).toString(16).padStart(2, '0'));
  return bytes.join(' ');
}

/** Writes "64:d4 60:e9" and reads the answer. */
function ask(writes: string): string {
  for (const write of writes.split(' ')) {
    const [port, value] = write.split(':').map((text) => Number.parseInt(text, 16));
    io.port_write8(port, value);
  }
  return read();
}

describe('the 8042 and its devices', () => {
  it.each([
    ['the output port', '64:d0', 'cf'],
    ['the input port', '64:c0', '80'],
    ['the loop into the keyboard’s buffer', '64:d2 60:5a', '5a'],
    ['the loop into the mouse’s buffer', '64:d3 60:a5', 'a5'],
    ['self test', '64:aa', '55'],
    ['keyboard reset', '60:ff', 'fa aa'],
    ['keyboard echo', '60:ee', 'ee'],
    ['keyboard id', '64:60 60:05 60:f2', 'fa ab 83'],
    ['keyboard id under translation', '64:60 60:45 60:f2', 'fa ab 41'],
    ['scan code set', '64:60 60:05 60:f0 60:00', 'fa 02'],
    ['scan code set under translation', '64:60 60:45 60:f0 60:00', 'fa 41'],
    ['a keyboard’s command of set 3', '60:fa', 'fa'],
    ['a keyboard’s command that is not there', '60:e5', 'fe'],
    ['mouse status', '64:d4 60:ff 64:d4 60:e9', 'fa 00 02 64'],
    [
      'mouse status with the wheel on',
      '64:d4 60:f3 64:d4 60:c8 64:d4 60:f3 64:d4 60:64 64:d4 60:f3 64:d4 60:50 64:d4 60:e9',
      'fa 00 02 50',
    ],
    ['mouse status while it reports, 2:1', '64:d4 60:e7 64:d4 60:f4 64:d4 60:e9', 'fa 30 02 64'],
    ['wrap mode echoes', '64:d4 60:ee 64:d4 60:42', '42'],
    ['wrap mode ends', '64:d4 60:ee 64:d4 60:ec 64:d4 60:f2', 'fa 00'],
    ['a mouse’s command that is not there', '64:d4 60:e1', 'fe'],
  ])('answer as a PC does: %s', (_, writes, answer) => {
    expect(ask(writes)).toBe(answer);
  });

  it('tell the system flag after the self test, and which port was written last', () => {
    expect(io.port_read8(0x64) & 0x0c).toBe(0);
    ask('64:aa');
    expect(io.port_read8(0x64)).toBe(0x1c);
    ask('60:ee');
    expect(io.port_read8(0x64)).toBe(0x14);
  });

  it('know the keyboard’s lights, which a reset of it or of the machine puts out', () => {
    expect(ask('60:ed 60:02')).toBe('fa fa');
    ask('60:ed 60:06');
    ask('60:ed 60:06');
    ask('60:ff');
    ask('60:ed 60:04');
    machine.internals.cpu.reboot_internal();
    expect(lights).toEqual([2, 6, 0, 4, 0]);
  });

  it('keep it all in a moment, and open one that was saved before', () => {
    ask('60:ed 60:04');
    ask('64:d4 60:ee');
    const { repairs } = machine;
    const state = repairs!.getState();
    machine.internals.cpu.reboot_internal();
    repairs!.setState(state);
    expect(lights).toEqual([4, 0, 4]);
    expect(ask('64:d4 60:42')).toBe('42');
    const { ps2: _, ...older } = state;
    repairs!.setState(older);
    expect(lights.at(-1)).toBe(0);
  });
});
