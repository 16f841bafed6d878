import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RealMachine } from '../testing/real-machine.ts';

const IRQ = 8;
/** The chip counts its periodic flag whether or not anybody wants the interrupt. */
const PERIODIC = 0x40;
let machine: RealMachine;
/** The world's time; the monotonic clock runs with it unless a test moves one alone. */
let utc = 0;
let mono = 0;
let zoneMinutes = -120;

async function build(rtcOffsetMs = 0): Promise<void> {
  machine = await RealMachine.build({
    repairs: {
      clock: () => utc,
      timezoneOffsetMinutes: () => zoneMinutes,
      rtcOffsetMs,
    },
    monotonic: () => mono,
  });
  set(0x0b, 0x02);
}

beforeEach(async () => {
  utc = Date.UTC(2009, 9, 22, 12, 34, 56, 100);
  mono = 5000;
  zoneMinutes = -120;
  await build();
});
afterEach(async () => {
  // One that was told of a start would be waited for.
  machine.internals.core.bus.send('emulator-stopped');
  await machine.dispose();
});

const pass = (ms: number) => {
  utc += ms;
  mono += ms;
};
const tick = () => machine.internals.cpu.devices.rtc.timer(mono, false);
const get = (register: number) => {
  machine.internals.cpu.io.port_write8(0x70, register);
  return machine.internals.cpu.io.port_read8(0x71);
};
function set(register: number, value: number): void {
  machine.internals.cpu.io.port_write8(0x70, register);
  machine.internals.cpu.io.port_write8(0x71, value);
}
const time = () =>
  [0x32, 9, 8, 7, 4, 2, 0].map((register) => get(register).toString(16).padStart(2, '0')).join(' ');
const setTime = (...bytes: number[]) =>
  [0x32, 9, 8, 7, 4, 2, 0].forEach((register, i) => set(register, bytes[i]));

describe('the time', () => {
  it('is the visitor’s, in BCD and binary, 24 hours and 12', () => {
    expect(time()).toBe('20 09 10 22 14 34 56');
    expect(get(0x06)).toBe(5);
    expect(get(0x37)).toBe(0x20);
    set(0x0b, 0x06);
    expect(time()).toBe('14 09 0a 16 0e 22 38');
    set(0x0b, 0x00);
    expect(get(0x04)).toBe(0x82);
    set(0x0b, 0x04);
    expect(get(0x04)).toBe(0x82);
  });

  it.each([
    [0, 0x12],
    [11, 0x11],
    [12, 0x92],
    [23, 0x91],
  ])('has the hour %i of a 12-hour clock', (hour, byte) => {
    utc = Date.UTC(2009, 9, 22, hour - 2);
    set(0x0b, 0x00);
    expect(get(0x04)).toBe(byte);
  });

  it('keeps what the guest sets, and runs on from there', () => {
    set(0x0b, 0x82);
    setTime(0x19, 0x99, 0x12, 0x31, 0x23, 0x59, 0x58);
    pass(700);
    expect(time()).toBe('19 99 12 31 23 59 58');
    set(0x0b, 0x02);
    expect(time()).toBe('19 99 12 31 23 59 58');
    pass(1000);
    expect(get(0)).toBe(0x59);
    pass(1000);
    expect(time()).toBe('20 00 01 01 00 00 00');
    expect(Math.abs(machine.repairs!.rtcOffsetMs % 1000)).toBe(0);
  });

  it('starts a second half a second after the divider is let go, as Linux expects it', () => {
    set(0x0b, 0x82);
    set(0x0a, 0x76);
    setTime(0x20, 0x10, 0x01, 0x02, 0x03, 0x04, 0x05);
    set(0x0b, 0x02);
    pass(400);
    set(0x0a, 0x26);
    pass(499);
    expect(get(0)).toBe(0x05);
    pass(1);
    expect(get(0)).toBe(0x06);
  });

  it('changes one unit alone where the guest does not hold the clock', () => {
    set(0x04, 0x09);
    expect(time()).toBe('20 09 10 22 09 34 56');
    pass(3_600_000);
    expect(get(0x04)).toBe(0x10);
  });

  it('keeps its distance to the visitor’s clock from one power-on to the next', async () => {
    set(0x04, 0x15);
    const offset = machine.repairs!.rtcOffsetMs;
    expect(offset).toBe(3_600_000);
    await machine.dispose();
    zoneMinutes = 0;
    await build(offset);
    expect(time()).toBe('20 09 10 22 13 34 56');
  });

  it('stays right when the zone changes under a running guest, and follows it in a restored one', () => {
    zoneMinutes = -60;
    expect(get(0x04)).toBe(0x14);
    machine.repairs!.setState(machine.repairs!.getState());
    expect(get(0x04)).toBe(0x13);
  });

  it('announces its update just before the second ends', () => {
    expect(get(0x0a) & 0x80).toBe(0);
    pass(898);
    expect(get(0x0a) & 0x80).toBe(0x80);
    pass(2);
    expect(get(0x0a)).toBe(0x26);
    expect(get(0)).toBe(0x57);
  });

  it('does not tear a reading that began with no update in progress', () => {
    pass(895);
    expect(get(0x0a) & 0x80).toBe(0);
    expect(get(0)).toBe(0x56);
    pass(10);
    expect(get(0)).toBe(0x56);
    pass(20);
    expect(get(0)).toBe(0x57);
  });
});

describe('the memory', () => {
  it('keeps every byte that is not the clock’s', () => {
    for (let i = 0x0e; i < 0x80; i++) {
      if (i === 0x32 || i === 0x37) continue;
      set(i, i ^ 0x5a);
      expect(get(i)).toBe(i ^ 0x5a);
    }
    expect(get(0x0d)).toBe(0x80);
    set(0x0d, 0);
    expect(get(0x0d)).toBe(0x80);
  });

  it('takes the NMI bit with the index, and index and value in one word', () => {
    machine.internals.cpu.io.port_write8(0x70, 0x8f);
    expect(machine.internals.cpu.devices.rtc.nmi_disabled).toBe(1);
    expect(machine.internals.cpu.devices.rtc.cmos_index).toBe(0x0f);
    machine.internals.cpu.io.port_write16(0x70, 0x4220);
    expect(machine.internals.cpu.devices.rtc.nmi_disabled).toBe(0);
    expect(get(0x20)).toBe(0x42);
  });
});

describe('the alarm', () => {
  const alarm = (hours: number, minutes: number, seconds: number) => {
    set(5, hours);
    set(3, minutes);
    set(1, seconds);
    get(0x0c);
    set(0x0b, 0x22);
  };

  it('rings at its second, once, and reading register C ends the request', () => {
    alarm(0x14, 0x34, 0x58);
    expect(tick()).toBeCloseTo(100);
    pass(1899);
    tick();
    expect(machine.irqLine(IRQ)).toBe(false);
    pass(1);
    tick();
    expect(machine.irqLine(IRQ)).toBe(true);
    expect(get(0x0c) & ~PERIODIC).toBe(0xb0);
    expect(machine.irqLine(IRQ)).toBe(false);
    pass(60_000);
    tick();
    expect(get(0x0c) & 0x20).toBe(0);
  });

  it('rings tomorrow when today’s time has passed', () => {
    alarm(0x14, 0x34, 0x50);
    pass(24 * 3_600_000 - 7_000);
    tick();
    expect(machine.irqLine(IRQ)).toBe(false);
    pass(1000);
    tick();
    expect(machine.irqLine(IRQ)).toBe(true);
  });

  it('rings every second, minute or hour where a register says any', () => {
    alarm(0xff, 0xff, 0xc0);
    pass(900);
    tick();
    expect(get(0x0c) & ~PERIODIC).toBe(0xb0);
    pass(1000);
    tick();
    expect(get(0x0c) & ~PERIODIC).toBe(0xb0);
    alarm(0xff, 0xff, 0x05);
    pass(6999);
    tick();
    expect(machine.irqLine(IRQ)).toBe(false);
    pass(1);
    tick();
    expect(machine.irqLine(IRQ)).toBe(true);
  });

  it('sets RTC_STS of the power management', () => {
    alarm(0x14, 0x34, 0x58);
    pass(2000);
    tick();
    expect(machine.internals.cpu.io.port_read16(0xb000)).toBe(0x0400);
  });
});

describe('the update-ended interrupt', () => {
  it('comes at each new second, not while the guest holds the clock', () => {
    set(0x0b, 0x12);
    get(0x0c);
    expect(tick()).toBe(100);
    pass(850);
    expect(tick()).toBe(50);
    pass(50);
    tick();
    expect(machine.irqLine(IRQ)).toBe(true);
    expect(get(0x0c) & ~PERIODIC).toBe(0x90);
    set(0x0b, 0x92);
    expect(get(0x0b)).toBe(0x82);
    pass(5000);
    tick();
    expect(get(0x0c) & ~PERIODIC).toBe(0);
  });
});

describe('the periodic interrupt', () => {
  /** Ticks a guest gets that answers at once, with slices of `sliceMs` in between. */
  const collect = (totalMs: number, sliceMs: number) => {
    let got = 0;
    for (let t = 0; t < totalMs; t += sliceMs) {
      pass(sliceMs);
      tick();
      while (machine.irqLine(IRQ)) if (get(0x0c) & 0x40) got++;
    }
    return got;
  };

  it.each([
    [3, 8192],
    [6, 1024],
    [10, 64],
    [15, 2],
    [1, 256],
    [2, 128],
  ])('at rate %i makes %i ticks in a second', (rate, hz) => {
    set(0x0a, 0x20 | rate);
    set(0x0b, 0x42);
    expect(collect(1000, 0.1)).toBeGreaterThanOrEqual(hz - 1);
    expect(collect(1000, 0.1)).toBeLessThanOrEqual(hz + 1);
  });

  it('gives late ticks back when the guest has time again', () => {
    set(0x0a, 0x26);
    set(0x0b, 0x42);
    const late = collect(600, 30);
    expect(late).toBeLessThan(300);
    expect(machine.repairs!.rtcBacklog).toBeGreaterThan(300);
    const caughtUp = collect(400, 0.5);
    expect(late + caughtUp).toBeGreaterThanOrEqual(1023);
    expect(late + caughtUp).toBeLessThanOrEqual(1025);
    expect(machine.repairs!.rtcBacklog).toBe(0);
  });

  it('makes no other until register C was read', () => {
    set(0x0b, 0x42);
    pass(10);
    tick();
    expect(machine.irqLine(IRQ)).toBe(true);
    pass(10);
    tick();
    expect(get(0x0c)).toBe(0xc0);
    expect(machine.irqLine(IRQ)).toBe(true);
    set(0x0b, 0x02);
    expect(machine.irqLine(IRQ)).toBe(false);
  });

  it('gives back what a short pause cost, as each saving makes one', () => {
    set(0x0b, 0x42);
    tick();
    get(0x0c);
    machine.internals.core.bus.send('emulator-stopped');
    pass(100);
    machine.internals.core.bus.send('emulator-started');
    tick();
    // 102 ticks of 1024 Hz, one of them is raised.
    expect(machine.repairs!.rtcBacklog).toBeGreaterThan(98);
    machine.internals.core.bus.send('emulator-stopped');
  });

  /** The engine stands for so long, as the loop tells it. */
  const pause = (ms: number) => {
    machine.internals.core.bus.send('emulator-stopped');
    pass(ms);
    machine.internals.core.bus.send('emulator-started');
  };
  /** A guest that answers at once: how many ticks it gets in so many milliseconds. */
  function ticksIn(ms: number): number {
    let got = 0;
    for (let gone = 0; gone < ms; gone += 5) {
      pass(5);
      tick();
      while (get(0x0c) & 0x40) got++;
    }
    return got;
  }

  it.each([100, 900, 3000, 5000])('loses none by a save that takes %i ms', (ms) => {
    set(0x0b, 0x42);
    const before = ticksIn(1000);
    pause(ms);
    const after = ticksIn(8000);
    expect(Math.abs(before + after - 1.024 * (9000 + ms))).toBeLessThan(2);
    expect(machine.repairs!.rtcBacklog).toBe(0);
  });

  it('gives those of a longer pause up, and those of a short one that ends in another moment', () => {
    set(0x0b, 0x42);
    ticksIn(1000);
    pause(60_000);
    expect(Math.abs(ticksIn(1000) - 1024)).toBeLessThan(2);
    const moment = machine.repairs!.getState();
    machine.internals.core.bus.send('emulator-stopped');
    pass(1000);
    machine.repairs!.setState(moment);
    machine.internals.core.bus.send('emulator-started');
    expect(Math.abs(ticksIn(1000) - 1024)).toBeLessThan(2);
  });

  it('keeps the alarm and the end of the second over a save', () => {
    set(0x01, 0x57);
    set(0x03, 0x34);
    set(0x05, 0x14);
    set(0x0b, 0x32);
    get(0x0c);
    pause(1500);
    tick();
    expect(get(0x0c) & 0xb0).toBe(0xb0);
  });

  it('owes nothing for a long pause, a restored state or a reset', () => {
    set(0x0b, 0x42);
    pass(500);
    tick();
    expect(machine.repairs!.rtcBacklog).toBeGreaterThan(100);
    machine.internals.core.bus.send('emulator-stopped');
    pass(5500);
    machine.internals.core.bus.send('emulator-started');
    machine.internals.core.bus.send('emulator-stopped');
    expect(machine.repairs!.rtcBacklog).toBe(0);
    pass(500);
    tick();
    machine.repairs!.setState(machine.repairs!.getState());
    expect(machine.repairs!.rtcBacklog).toBe(0);
    pass(500);
    tick();
    machine.internals.cpu.reboot_internal();
    expect(machine.repairs!.rtcBacklog).toBe(0);
    expect(machine.irqLine(IRQ)).toBe(false);
    expect(get(0x0b)).toBe(0x02);
    expect(time()).toBe('20 09 10 22 14 35 03');
  });
});
