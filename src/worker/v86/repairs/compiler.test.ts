import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { HOUSE_DISC, RealMachine } from '../testing/real-machine.ts';

let machine: RealMachine;
afterEach(() => machine.dispose());

describe('hot code of the guest', () => {
  it('is there before the next slice', async () => {
    machine = await RealMachine.build({ disc: readFileSync(HOUSE_DISC) });
    const { core, cpu } = machine.internals;
    const course: string[] = [];
    const write = cpu.codegen_finalize.bind(cpu);
    const finish = cpu.codegen_finalize_finished.bind(cpu);
    const slice = cpu.main_loop.bind(cpu);
    cpu.codegen_finalize = (...module) => {
      course.push(`written ${module[0]}`);
      write(...module);
    };
    cpu.codegen_finalize_finished = (...module) => {
      course.push(`there ${module[0]}`);
      finish(...module);
    };
    cpu.main_loop = () => {
      course.push('slice');
      return slice();
    };
    await machine.emulator.run();
    await machine.untilSerial('HOUSE READY');
    await machine.command('spin 1000\n', /^OK .*\r\n/m);
    await machine.emulator.stop();
    expect(core.running).toBe(false);

    const written = course.filter((step) => step.startsWith('written'));
    expect(written.length).toBeGreaterThan(0);
    // After each module that was written comes, with nothing between, that it is there.
    const pairs = course.flatMap((step, i) => (step.startsWith('written') ? [[step, course[i + 1]]] : []));
    expect(pairs).toEqual(written.map((step) => [step, step.replace('written', 'there')]));
  });
});
