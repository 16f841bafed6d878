import { afterEach, expect, it } from 'vitest';
import { RealMachine } from '../testing/real-machine.ts';

let machine: RealMachine;
afterEach(() => machine.dispose());

it('names the processor', async () => {
  machine = await RealMachine.build({ memoryMiB: 16 });
  const { cpu } = machine.internals;
  const cpuid = cpu.jit_imports['instr_0FA2'] as () => void;
  const ask = (leaf: number) => {
    cpu.reg32[0] = leaf | 0;
    cpuid();
    const [eax, ecx, edx, ebx] = cpu.reg32;
    return Int32Array.of(eax, ebx, ecx, edx);
  };
  const name = [2, 3, 4].map((i) => Buffer.from(ask(0x8000_0000 + i).buffer).toString('latin1')).join('');
  expect(name.replace(/\0+$/u, '')).toBe('Vitrine Virtual Processor');
  expect(ask(0x8000_0000)[0] >>> 0).toBeGreaterThanOrEqual(0x8000_0004 & 0xf);
  expect(ask(0x4000_0000)[0]).toBe(0x4000_0000);
  expect(ask(1)[3] & (1 << 9)).toBe(1 << 9);
});
