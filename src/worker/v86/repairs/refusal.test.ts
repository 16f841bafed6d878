import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterEach, expect, it } from 'vitest';
import { RealMachine } from '../testing/real-machine.ts';
import { applyRepairs } from './apply.ts';

const pinned = () =>
  new WebAssembly.Module(readFileSync(createRequire(import.meta.url).resolve('v86/build/v86.wasm')));

let machine: RealMachine | undefined;
afterEach(() => machine?.dispose());

it('an engine without the patches is refused by name, before it has run anything', async () => {
  // As a server gives it that still has another version's file.
  machine = await RealMachine.build({ engine: pinned(), repairs: null, memoryMiB: 16 });
  const { cpu } = machine.internals;
  const unexpected = () => expect.unreachable();
  expect(() =>
    applyRepairs(machine!.emulator, {
      time: machine!.time,
      onPowerOff: unexpected,
      onHalted: unexpected,
      onReboot: unexpected,
      onDiscEject: unexpected,
      onDiscFailure: unexpected,
      onFatal: unexpected,
    }),
  ).toThrow(/The engine has no vitrine_\w+: it is not the patched one/);
  expect(cpu.instruction_counter[0]).toBe(0);
  expect(machine.internals.core.running).toBe(false);
});
