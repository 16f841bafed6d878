import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { ENGINE_SLOTS } from '../engine-slots.ts';
import { channelDefer } from './scheduler.ts';
import { HOUSE_DISC, RealMachine } from '../testing/real-machine.ts';

let machine: RealMachine;
afterEach(() => machine.dispose());
const house = () => readFileSync(HOUSE_DISC);

describe('the loop', () => {
  it('runs a guest, stops, and runs on', async () => {
    machine = await RealMachine.build({ disc: house() });
    await machine.emulator.run();
    await machine.untilSerial('HOUSE READY');
    await machine.emulator.stop();
    const counter = machine.internals.cpu.instruction_counter[0];
    await new Promise((resolve) => setImmediate(resolve));
    expect(machine.internals.cpu.instruction_counter[0]).toBe(counter);
    await machine.emulator.run();
    expect(await machine.command('rtc\n', /^OK .*\r\n/m)).toMatch(/OK \d{4}-/);
  });

  it('runs one by a MessageChannel, as in a browser', async () => {
    const channel = channelDefer();
    machine = await RealMachine.build({ disc: house(), repairs: { defer: channel.defer } });
    await machine.emulator.run();
    await machine.untilSerial('HOUSE READY');
    expect(await machine.command('spin 1000\n', /^OK .*\r\n/m)).toContain('OK');
    channel.close();
  });

  it('lets a busy guest have several slices before it gives its thread away', async () => {
    let turns = 0;
    const defer = (callback: () => void) => {
      turns++;
      setImmediate(callback);
    };
    machine = await RealMachine.build({ disc: house(), repairs: { defer } });
    const { cpu } = machine.internals;
    let slices = 0;
    const slice = cpu.main_loop.bind(cpu);
    cpu.main_loop = () => {
      slices++;
      return slice();
    };
    await machine.emulator.run();
    await machine.untilSerial('HOUSE READY');
    const before = { turns, slices };
    await machine.command('spin 20000000\n', /^OK .*\r\n/m);
    expect(slices - before.slices).toBeGreaterThan(1.5 * (turns - before.turns));
    expect(turns).toBeGreaterThan(before.turns + 5);
  });

  it('passes the compiler’s settings on', async () => {
    machine = await RealMachine.build({ repairs: { jit: { enabled: true, maxPages: 2 } } });
    const get = machine.internals.cpu.wm.exports['get_jit_config'] as (index: number) => number;
    expect([get(0), get(1)]).toEqual([0, 2]);
  });

  it('says that a processor halted with interrupts off', async () => {
    machine = await RealMachine.build({ disc: house() });
    await machine.emulator.run();
    await machine.untilSerial('HOUSE READY');
    machine.emulator.serial0_send('halt\n');
    await machine.untilEvent('halted');
    expect(machine.events).toEqual(['halted']);
  });

  it('ends with the detail when a device throws, and enters the engine no more', async () => {
    machine = await RealMachine.build({ disc: house() });
    const { cpu } = machine.internals;
    cpu.devices.pit.timer = () => {
      throw new TypeError('a broken device');
    };
    await machine.emulator.run();
    await machine.untilEvent('fatal');
    expect(machine.events).toHaveLength(1);
    expect(machine.events[0]).toContain('engine/trap');
    expect(machine.events[0]).toContain('a broken device');
    expect(machine.emulator.is_running()).toBe(false);
    cpu.device_raise_irq(1);
    expect(machine.irqLine(1)).toBe(false);
  });

  it('ends with the detail when the processor traps', async () => {
    machine = await RealMachine.build({ disc: house() });
    // A trap that no guest can cause: a call through an empty entry of the engine's table.
    machine.internals.cpu.wm.wasm_table.set(ENGINE_SLOTS.deliver, null);
    await machine.emulator.run();
    await machine.untilEvent('fatal');
    expect(machine.events).toHaveLength(1);
    expect(machine.events[0]).toMatch(/engine\/trap.*RuntimeError/);
    expect(machine.emulator.is_running()).toBe(false);
  });
});
