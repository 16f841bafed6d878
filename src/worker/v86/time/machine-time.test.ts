import { afterEach, describe, expect, it } from 'vitest';
import { readPatchedEngine } from '../../../../scripts/engine/engine-patches.ts';
import type { Cpu } from '../internals.ts';
import { bareProgram } from '../testing/bare-program.ts';
import { RealMachine } from '../testing/real-machine.ts';
import { MachineTime } from './machine-time.ts';

const TSC_PER_MS = 1_000_000;
const PIT_TICKS_PER_MS = 1193.1816666;
const PM_TICKS_PER_MS = 3579.545;

let machine: RealMachine | undefined;
let giveBack = () => {};
afterEach(async () => {
  giveBack();
  await machine?.dispose();
  machine = undefined;
});

/** Time by the guest's own work, so that a busy computer changes nothing: so many instructions take a millisecond. */
class WorkTime {
  cpu: Cpu | null = null;
  #haltedMs = 0;
  #realMs = performance.now();

  readonly ms = (): number => {
    const real = performance.now();
    if (this.cpu?.in_hlt[0]) this.#haltedMs += HALTED_SPEED * (real - this.#realMs);
    this.#realMs = real;
    return (this.cpu?.instruction_counter[0] ?? 0) / INSTRUCTIONS_PER_MS + this.#haltedMs;
  };
}
const INSTRUCTIONS_PER_MS = 50_000;
/** A halted guest's time is so many times as fast as the computer's. */
const HALTED_SPEED = 4;

/** Starts a program of the bare machine and gives the lines that it writes, each a name and a number. */
async function run(
  program: 'calibrate' | 'ticks',
  shown: (ms: number) => number,
  lines = Infinity,
): Promise<[string, number][]> {
  const work = new WorkTime();
  const monotonic = () => shown(work.ms());
  machine = await RealMachine.build({ memoryMiB: 16, floppy: bareProgram(program), monotonic });
  work.cpu = machine.internals.cpu;
  takeUpstreamsClock(machine);
  await machine.emulator.run();
  const written = () => machine!.serial.split('\n').slice(0, -1);
  await machine.until(
    () => written().length >= lines || /END\n|exception|fatal/.test(machine!.serial + machine!.events.join()),
  );
  expect(machine.serial + machine.events.join()).not.toMatch(/exception|fatal/);
  return written()
    .filter((line) => line !== 'END')
    .slice(0, lines)
    .map((line) => {
      const at = line.lastIndexOf(' ');
      return [line.slice(0, at), Number.parseInt(line.slice(at + 1), 16)];
    });
}

/** Whatever of upstream's devices still asks its own clock (`src/main.js`, v86.microtick) stops the machine. */
function takeUpstreamsClock({ internals }: RealMachine): void {
  const upstream = internals.core.constructor as unknown as { microtick: () => number };
  const { microtick } = upstream;
  expect(microtick).toBeTypeOf('function');
  upstream.microtick = () => {
    throw new Error('A device takes its time from upstream’s clock.');
  };
  giveBack = () => (upstream.microtick = microtick);
}

describe('the engine', () => {
  it('imports one clock and no other', () => {
    const imports = WebAssembly.Module.imports(new WebAssembly.Module(readPatchedEngine()));
    // A version that takes its time by another import has another list: it must be replaced in `MachineTime.replaceIn` as well.
    expect(
      imports
        .filter(({ kind }) => kind === 'function')
        .map(({ name }) => name)
        .sort(),
    ).toEqual([
      'codegen_finalize',
      'console_log_from_wasm',
      'cpu_event_halt',
      'get_rand_int',
      'io_port_read16',
      'io_port_read32',
      'io_port_read8',
      'io_port_write16',
      'io_port_write32',
      'io_port_write8',
      'jit_clear_func',
      'microtick',
      'mmap_read32',
      'mmap_read8',
      'mmap_write128',
      'mmap_write16',
      'mmap_write32',
      'mmap_write64',
      'mmap_write8',
      'run_hardware_timers',
      'stop_idling',
    ]);
  });

  it('is not built where it takes its time from elsewhere', () => {
    const time = new MachineTime();
    expect(() => time.replaceIn({ env: { clock: () => 0 } })).toThrow('v86 imports no microtick');
    expect(time.replaceIn({ env: { microtick: () => 0, other: 1 } })).toEqual({
      env: { microtick: time.now, other: 1 },
    });
  });
});

describe('a guest', () => {
  it.each<[number, string, (ms: number) => number]>([
    [20, 'no steps', (ms) => ms],
    [40, 'steps of 1 ms', (ms) => Math.floor(ms)],
    [20, 'steps of 16.67 ms', (ms) => Math.floor((ms * 60) / 1000) * (1000 / 60)],
  ])(
    'that calibrates over 10 ms, %i times, is right to 0.5 % by each of its clocks, with %s',
    async (times, _, shown) => {
      const count = 2 * times * 6;
      const lines = await run('calibrate', shown, count);
      const perMs: Record<string, number> = {
        port61: PIT_TICKS_PER_MS,
        pit: PIT_TICKS_PER_MS,
        pm: PM_TICKS_PER_MS,
        apic: TSC_PER_MS,
        'rtc-interrupts': 1.024,
        'pit-interrupts': PIT_TICKS_PER_MS / 1193,
      };
      const worst = Object.fromEntries(Object.keys(perMs).map((name) => [name, 0]));
      expect(lines).toHaveLength(count);
      for (let i = 0; i < lines.length; i += 2) {
        const [[name, tsc], [, other]] = [lines[i], lines[i + 1]];
        const error = Math.abs(tsc / TSC_PER_MS / (other / perMs[name]) - 1);
        worst[name] = Math.max(worst[name], error);
      }
      expect(Math.max(...Object.values(worst)), JSON.stringify(worst)).toBeLessThan(0.005);
    },
    120_000,
  );

  it('loses no tick of any timer, busy or halted, with steps of 1 ms', async () => {
    const lines = await run('ticks', (ms) => Math.floor(ms));
    const perSecond: Record<string, number> = {
      'rtc-64': 64,
      'rtc-1024': 1024,
      'pit-100': (PIT_TICKS_PER_MS * 1000) / 11_932,
      'pit-1000': (PIT_TICKS_PER_MS * 1000) / 1193,
      'apic-100': 100,
      'apic-1000': 1000,
    };
    const wrong: string[] = [];
    for (let i = 0; i < lines.length; i += 2) {
      const [[name, ticks], [, passed]] = [lines[i], lines[i + 1]];
      const source = /^[a-z]+-\d+/.exec(name)![0];
      const due = (perSecond[source] * passed) / (PM_TICKS_PER_MS * 1000);
      // The first and the last are cut off anywhere.
      if (Math.abs(ticks - due) > 2) wrong.push(`${name}: ${ticks} of ${due.toFixed(1)}`);
    }
    expect(lines).toHaveLength(32);
    expect(wrong).toEqual([]);
  }, 180_000);
});
