import { afterEach, describe, expect, it } from 'vitest';
import { bareProgram } from '../testing/bare-program.ts';
import { RealMachine } from '../testing/real-machine.ts';

let machine: RealMachine;
afterEach(() => machine.dispose());

describe('a guest', () => {
  it('gets its faults, hot and cold: idle instructions do nothing, a double fault takes its task gate, a triple fault resets', async () => {
    machine = await RealMachine.build({
      memoryMiB: 16,
      floppy: bareProgram('faults'),
      repairs: { jit: { enabled: true, maxPages: 1 } },
    });
    await machine.emulator.run();
    await machine.until(
      () => machine.serial.includes('END\n') || machine.events.some((e) => e.startsWith('fatal')),
    );
    expect(machine.serial.trim().split('\n')).toEqual([
      'idle 00000000',
      // An instruction of sixteen bytes, and one of a thousand.
      'vector 0000000d',
      'code 00000000',
      'vector 0000000d',
      'code 00000000',
      'faults 000003ea',
      // INT in virtual-8086 mode, with IOPL 0.
      'vector 0000000d',
      'code 00000000',
      'vector 0000000d',
      'code 00000302',
      'vector 00000006',
      'resume flag 00010000',
      'double fault',
      'reset',
      'vector 0000000e',
      'reset',
      'END',
    ]);
    expect(machine.events.filter((event) => event !== 'halted')).toEqual(['triple-fault', 'triple-fault']);
  });
});
