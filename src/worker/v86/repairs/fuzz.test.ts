import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bareProgram } from '../testing/bare-program.ts';
import { RealMachine } from '../testing/real-machine.ts';

/** Of testing/programs/fuzz.asm: where the mode's number is, and the page of code. */
const MODE_AT = 0x320;
const AREA = { address: 0x2_0000, bytes: 0x1000 } as const;
const MODES = ['real mode', 'ring 0', 'ring 0 with paging', 'ring 3', 'virtual-8086 mode'];
const ESP = 4;
const TURNS = 3;
const RUNS = 12;

/** First bytes that lead far: prefixes, two-byte opcodes, flags, segments, far transfers, interrupts, the coprocessor, strings, ports. */
const FAR_LEADING = Buffer.from(
  '0f6667f0f2f3262e363e64658e9c9dcfcdcccef16263c8c9cacbea9afffef4fbd8d9dadbdcdddedfd46c6ea4aaf6f7c4c5e6eeef',
  'hex',
);
const byte = fc.nat(0xff);
const start = fc.constantFrom(...FAR_LEADING);
const instructions = fc.oneof(
  { weight: 3, arbitrary: start.map((first) => [first]) },
  { weight: 2, arbitrary: byte.map((value) => [value]) },
  { weight: 2, arbitrary: fc.tuple(byte, byte).map((rest) => [0x0f, ...rest]) },
  // MOV ECX, 4000h; something; LOOP: hot enough to be compiled.
  {
    weight: 1,
    arbitrary: fc
      .array(fc.oneof(byte, start), { minLength: 3, maxLength: 12 })
      .map((inner) => [0xb9, 0, 0x40, 0, 0, ...inner, 0xe2, (-inner.length - 2) & 0xff]),
  },
);
const page = fc
  .array(instructions, { minLength: 900, maxLength: 900, size: 'max' })
  .map((parts) => Uint8Array.from(parts.flat().slice(0, AREA.bytes)));
const registers = fc.array(fc.oneof(fc.nat(0xf_ffff), fc.integer()), { minLength: 8, maxLength: 8 });

describe.each(MODES.map((name, mode) => ({ name, mode })))(
  'whatever a guest executes in $name',
  ({ mode }) => {
    let machine: RealMachine;
    let state: ArrayBuffer;
    beforeAll(async () => {
      const floppy = bareProgram('fuzz');
      floppy[MODE_AT] = mode;
      machine = await RealMachine.build({
        memoryMiB: 8,
        floppy,
        repairs: { jit: { enabled: true, maxPages: 1 } },
      });
      await machine.emulator.run();
      await machine.untilSerial('R');
      await machine.emulator.stop();
      state = await machine.emulator.save_state();
    });
    afterAll(() => machine.dispose());

    it('does not end the engine', async () => {
      const before = machine.repairs!.getState();
      await fc.assert(
        fc.asyncProperty(page, registers, async (code, values) => {
          await machine.emulator.restore_state(state);
          machine.repairs!.setState(structuredClone(before));
          machine.events.length = 0;
          const { cpu, core } = machine.internals;
          cpu.write_blob(code, AREA.address);
          for (const [register, value] of values.entries()) if (register !== ESP) cpu.reg32[register] = value;
          core.running = true;
          for (let turn = 0; turn < TURNS; turn++) core.do_tick();
          core.running = false;
          // It may halt, reset or turn the machine off; each turn comes back, and the engine goes on.
          expect(machine.events.filter((event) => event.startsWith('fatal'))).toEqual([]);
        }),
        { seed: 7 + mode, numRuns: RUNS, endOnFailure: true },
      );
    });
  },
);
