import { afterEach, describe, expect, it } from 'vitest';
import { bareProgram } from '../testing/bare-program.ts';
import { RealMachine } from '../testing/real-machine.ts';

let machine: RealMachine;
afterEach(() => machine.dispose());

/** What a program prints, in lines without their spaces. */
async function outputOf(program: Parameters<typeof bareProgram>[0], end: RegExp): Promise<string[]> {
  machine = await RealMachine.build({
    memoryMiB: 16,
    floppy: bareProgram(program),
    repairs: { jit: { enabled: true, maxPages: 1 } },
  });
  await machine.emulator.run();
  await machine.until(
    () => end.test(machine.serial) || machine.events.some((event) => /fatal|fault/.test(event)),
  );
  expect(machine.events.filter((event) => event !== 'halted')).toEqual([]);
  return machine.serial
    .trim()
    .split('\n')
    .map((line) => line.trim());
}

describe('the trap flag', () => {
  it('traps behind each instruction, interpreted and compiled; INT1 and BOUND raise their exceptions', async () => {
    const twice = (name: string, ...counts: string[]) => [name, ...counts, name, ...counts];
    // The counts and sums of the first four and of those with a fault are what a Pentium III of QEMU's says to the same program; it has none
    // behind STI, where a processor traps.
    expect(await outputOf('stepping', /END\n/)).toEqual([
      ...twice('popf', 'traps 00000006', 'sum 00000065'),
      ...twice('iret', 'traps 00000004', 'sum 00000057'),
      ...twice('strings', 'traps 0000000c', 'sum 00000176'),
      ...twice('compare', 'traps 0000000c', 'sum 0000019d'),
      ...twice('stack', 'traps 00000006', 'sum 00000091'),
      ...twice('software', 'traps 00000005', 'sum 0000004b'),
      'others 00000001',
      ...twice('faulting', 'traps 00000004', 'sum 0000003d'),
      'others 00000001',
      ...twice('interrupted', 'traps 00000006', 'sum 00000107'),
      'others 00000001',
      'traps before the interrupt 00000002',
      'int1 00009c40',
      'single steps 00000000',
      'bound within 00000000',
      'bound beyond 0001d4c0',
      'vector 00000005',
      'vector 00000006',
      'END',
    ]);
  });

  it('traps in real mode, and ends a HLT', async () => {
    expect(await outputOf('stepping-real', /\n/)).toEqual(['M']);
  });
});
