import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { sectorBytes } from '../../../../guest/protocol.ts';
import { HOUSE_DISC, MemoryDrive, RealMachine } from '../testing/real-machine.ts';

/** A disk that counts its flushes and answers later, as one in a browser does. */
class LateDisk extends MemoryDrive {
  flushes = 0;

  override get(start: number, length: number, done: (bytes: Uint8Array) => void): void {
    setImmediate(() => super.get(start, length, done));
  }

  override set(start: number, bytes: Uint8Array, done: () => void): void {
    const copy = bytes.slice();
    setImmediate(() => super.set(start, copy, done));
  }

  async flush(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.flushes++;
  }
}

const machines: RealMachine[] = [];
const started = performance.now();
const utc = () => Date.UTC(2009, 9, 22, 10, 0, 0) + performance.now() - started;
async function build(
  disk = new LateDisk(new Uint8Array(4 << 20)),
  times?: object,
  monotonic?: () => number,
): Promise<RealMachine> {
  const machine = await RealMachine.build({
    memoryMiB: 32,
    disc: readFileSync(HOUSE_DISC),
    disk,
    repairs: { clock: utc, timezoneOffsetMinutes: () => 240, ...times },
    ...(monotonic && { monotonic }),
  });
  machines.push(machine);
  return machine;
}
async function boot(disk?: LateDisk): Promise<RealMachine> {
  const machine = await build(disk);
  await machine.emulator.run();
  await machine.untilSerial('HOUSE READY');
  return machine;
}
const ask = (machine: RealMachine, line: string) => machine.command(`${line}\n`, /^(OK|ERR) .*\r\n/m);

afterEach(async () => {
  for (const machine of machines.splice(0)) await machine.dispose();
});

describe('the house disc', () => {
  it('finds ACPI as its tables say, and a quiet SCI', async () => {
    const machine = await boot();
    const answer = await ask(machine, 'acpi');
    expect(answer).toContain('PM1_STS write-1-to-clear');
    expect(answer).toContain('GPE0_STS0 00 write-1-to-clear GPE0_EN0 00 stored');
    expect(answer).toContain('PCIHP up 00000000 down 00000000 eject 00000000 removable 00000000');
    expect(answer).toMatch(/CPUHP 010{62}/);
    expect(answer).toContain('SCI 0 interrupts in 250 ms quiet');
    expect(machine.serial.match(/^PCI /gm)).toHaveLength(5);
  });

  it('reads local time, sets it, and finds it set after a reset', async () => {
    const machine = await boot();
    expect(await ask(machine, 'rtc')).toMatch(/OK 2009-10-22 06:0\d:/);
    expect(await ask(machine, 'setrtc 2012-02-29 23:59:58')).toContain('reads 2012-02-29 23:59:58');
    await machine.command('reboot\n', /OK[^]*HOUSE READY/);
    expect(await ask(machine, 'rtc')).toMatch(/OK 2012-0(2-29 23:59:5|3-01 00:0)/);
  });

  it('gets every tick of the clock, though several fall due between two looks at it', async () => {
    // Time by the guest's own instructions: a second is twenty million, and the loop looks every hundred thousand.
    let instructions: ArrayLike<number> = [0];
    const ms = () => instructions[0] / 20_000;
    const machine = await build(undefined, { clock: () => Date.UTC(2009, 9, 22) + ms() }, ms);
    instructions = machine.internals.cpu.instruction_counter;
    await machine.emulator.run();
    await machine.untilSerial('HOUSE READY');
    const [, ticks] = /irq8 (\d+) expected 2048/.exec(await ask(machine, 'ticks 1024 2'))!;
    expect(Number(ticks)).toBeGreaterThan(2020);
    expect(Number(ticks)).toBeLessThan(2080);
  });

  it.each(['on', 'off'])('writes, flushes and reads its disk, DMA %s', async (dma) => {
    const disk = new LateDisk(new Uint8Array(4 << 20));
    const machine = await boot(disk);
    expect(await ask(machine, `dma disk ${dma}`)).toContain('OK');
    expect(await ask(machine, 'write 100 40 7')).toContain('OK');
    const before = disk.flushes;
    expect(await ask(machine, 'flush')).toContain('OK');
    expect(disk.flushes).toBe(before + 1);
    expect(await ask(machine, 'verify 100 40 7')).toContain('OK');
    expect(disk.bytes.slice(139 * 512, 140 * 512)).toEqual(sectorBytes(139, 7));
  });

  it('sees the disc change under it', async () => {
    const machine = await boot();
    expect(await ask(machine, 'disc')).toContain('label VITRINE_HOUSE');
    machine.internals.cpu.devices.cdrom.eject();
    expect(await ask(machine, 'disc')).not.toContain('label VITRINE_HOUSE');
    machine.internals.cpu.devices.cdrom.set_cdrom(new MemoryDrive(readFileSync(HOUSE_DISC)));
    expect(await ask(machine, 'disc')).toContain('label VITRINE_HOUSE');
  });

  it('goes on in another machine, with its clock, from a saved state', async () => {
    const first = await boot();
    await ask(first, 'setrtc 2012-02-29 12:00:00');
    await ask(first, 'counter start');
    await first.emulator.stop();
    await first.repairs!.settled();
    const state = await first.emulator.save_state();
    const repairs = structuredClone(first.repairs!.getState());
    const second = await build();
    await second.emulator.restore_state(state);
    second.repairs!.setState(repairs);
    await second.emulator.run();
    expect(await ask(second, 'counter get')).toContain('running');
    expect(await ask(second, 'rtc')).toMatch(/OK 2012-02-29 12:0\d:/);
    expect(second.events).toEqual([]);
  });

  it('turns the machine off', async () => {
    const machine = await boot();
    machine.emulator.serial0_send('poweroff\n');
    await machine.untilEvent('power-off');
    expect(machine.events).toEqual(['power-off']);
  });
});
