import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { DELIVERY, type InterruptMessage } from './interrupt-message.ts';
import { LAPIC } from './apic-registers.ts';
import { LocalApic } from './local-apic.ts';

const MASKED = 0x1_0000;
const PERIODIC = 0x2_0000;
const SELF = 0x4_0000;

let now = 0;
let ended: number[] = [];
let nonMaskable = 0;
let lint0: boolean[] = [];
let apic: LocalApic;

beforeEach(() => {
  now = 1000;
  ended = [];
  nonMaskable = 0;
  lint0 = [];
  apic = new LocalApic(() => now, {
    endOfInterrupt: (vector) => ended.push(vector),
    nonMaskable: () => nonMaskable++,
    lint0Masked: (masked) => lint0.push(masked),
  });
  apic.write(LAPIC.spurious, 0x1ff);
});

const message = (parts: Partial<InterruptMessage>): InterruptMessage => ({
  vector: 0x61,
  mode: DELIVERY.fixed,
  level: false,
  destination: 0,
  logical: false,
  ...parts,
});
/** The processor takes what is due. */
function take(): number {
  const vector = apic.pending;
  if (vector >= 0) apic.acknowledge(vector);
  return vector;
}

describe('the registers after power-on (SDM 3A §10.4.7.1)', () => {
  it.each([
    ['version', LAPIC.version, 0x5_0014],
    ['task priority', LAPIC.tpr, 0],
    ['processor priority', LAPIC.ppr, 0],
    ['destination format', LAPIC.destinationFormat, 0xffff_ffff],
    ['spurious vector', LAPIC.spurious, 0xff],
    ['timer', LAPIC.timer, MASKED],
    ['LINT0', LAPIC.lint0, MASKED],
    ['LINT1', LAPIC.lint1, MASKED],
    ['error', LAPIC.error, MASKED],
    ['current count', LAPIC.currentCount, 0],
  ])('%s', (_, register, value) => {
    apic.reset();
    expect(apic.read(register)).toBe(value);
  });
});

describe('priority', () => {
  it('is a class of sixteen vectors: a higher one of the class in service waits for its end', () => {
    apic.receive(message({ vector: 0x61 }));
    expect(take()).toBe(0x61);
    expect(apic.read(LAPIC.ppr)).toBe(0x60);
    apic.receive(message({ vector: 0x6a }));
    expect(take()).toBe(-1);
    apic.receive(message({ vector: 0x71 }));
    expect(take()).toBe(0x71);
    apic.write(LAPIC.eoi, 0);
    expect(take()).toBe(-1);
    apic.write(LAPIC.eoi, 0);
    expect(take()).toBe(0x6a);
  });

  it('is the task’s where that is higher, to the whole byte', () => {
    apic.receive(message({ vector: 0x61 }));
    apic.write(LAPIC.tpr, 0x6f);
    expect(apic.read(LAPIC.ppr)).toBe(0x6f);
    expect(take()).toBe(-1);
    apic.write(LAPIC.tpr, 0x5f);
    expect(take()).toBe(0x61);
  });

  it('never lets a vector in that is not above what is served and the task’s class', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.record({ send: fc.integer({ min: 16, max: 255 }) }),
            fc.record({ tpr: fc.integer({ min: 0, max: 255 }) }),
            fc.constant('take' as const),
            fc.constant('eoi' as const),
          ),
        ),
        (steps) => {
          apic.reset();
          apic.write(LAPIC.spurious, 0x1ff);
          const served: number[] = [];
          const waiting = new Set<number>();
          let tpr = 0;
          for (const step of steps) {
            if (step === 'eoi') {
              apic.write(LAPIC.eoi, 0);
              served.pop();
            } else if (step === 'take') {
              const floor = Math.max(tpr >> 4, (served.at(-1) ?? 0) >> 4);
              const due = Math.max(-1, ...[...waiting].filter((vector) => vector >> 4 > floor));
              expect(take()).toBe(due);
              if (due < 0) continue;
              waiting.delete(due);
              served.push(due);
            } else if ('send' in step) {
              apic.receive(message({ vector: step.send }));
              waiting.add(step.send);
            } else apic.write(LAPIC.tpr, (tpr = step.tpr));
          }
        },
      ),
    );
  });
});

describe('what is sent', () => {
  it.each([
    ['to itself, by its number', { destination: 0 }, true],
    ['to all', { destination: 0xff }, true],
    ['to another', { destination: 1 }, false],
    ['to nobody, logically', { destination: 1, logical: true }, false],
  ])('%s', (_, parts, taken) => {
    expect(apic.receive(message(parts))).toBe(taken);
    expect(apic.pending).toBe(taken ? 0x61 : -1);
  });

  it('is ours by a bit of the logical destination in the flat model, by cluster and bit in the other', () => {
    apic.write(LAPIC.logicalDestination, 0x0200_0000);
    expect(apic.receive(message({ destination: 3, logical: true }))).toBe(true);
    expect(apic.receive(message({ destination: 4, logical: true }))).toBe(false);
    apic.write(LAPIC.destinationFormat, 0);
    apic.write(LAPIC.logicalDestination, 0x3200_0000);
    expect(apic.receive(message({ destination: 0x32, logical: true }))).toBe(true);
    expect(apic.receive(message({ destination: 0x22, logical: true }))).toBe(false);
    expect(apic.receive(message({ destination: 0x31, logical: true }))).toBe(false);
  });

  it('by the command register goes where its shorthand says', () => {
    apic.write(LAPIC.icrLow, 0xc_0061);
    expect(apic.pending).toBe(-1);
    apic.write(LAPIC.icrHigh, 0x0100_0000);
    apic.write(LAPIC.icrLow, 0x61);
    expect(apic.pending).toBe(-1);
    apic.write(LAPIC.icrLow, 0x8_0062);
    expect(take()).toBe(0x62);
    expect(apic.read(LAPIC.icrLow)).toBe(0x8_0062);
    expect(apic.read(LAPIC.icrHigh)).toBe(0x0100_0000);
  });

  it('as an NMI passes every priority', () => {
    apic.write(LAPIC.tpr, 0xff);
    apic.write(LAPIC.icrLow, 0x400);
    expect(nonMaskable).toBe(1);
    expect(apic.pending).toBe(-1);
  });

  it('with a vector below 16 is an error (SDM 3A §10.5.3), which interrupts where that is wanted', () => {
    apic.write(LAPIC.error, 0x55);
    apic.write(LAPIC.icrLow, SELF | 0x0f);
    apic.receive(message({ vector: 3 }));
    expect(take()).toBe(0x55);
    expect(apic.read(LAPIC.errorStatus)).toBe(0);
    apic.write(LAPIC.errorStatus, 0);
    expect(apic.read(LAPIC.errorStatus)).toBe(0x60);
    apic.write(LAPIC.errorStatus, 0);
    expect(apic.read(LAPIC.errorStatus)).toBe(0);
  });

  it('by level is told to the I/O APIC at its end, by edge it is not', () => {
    apic.receive(message({ vector: 0x61, level: true }));
    expect(apic.read(LAPIC.tmr + 0x30)).toBe(2);
    take();
    expect(apic.read(LAPIC.isr + 0x30)).toBe(2);
    apic.write(LAPIC.eoi, 0);
    apic.receive(message({ vector: 0x61 }));
    expect(apic.read(LAPIC.irr + 0x30)).toBe(2);
    take();
    apic.write(LAPIC.eoi, 0);
    expect(ended).toEqual([0x61]);
  });
});

describe('the software switch (SDM 3A §10.4.7.2)', () => {
  it('holds interrupts back and masks every entry, which stay masked', () => {
    apic.write(LAPIC.timer, 0x61);
    apic.write(LAPIC.spurious, 0xff);
    apic.receive(message({}));
    expect(apic.pending).toBe(-1);
    expect(apic.read(LAPIC.timer)).toBe(MASKED | 0x61);
    apic.write(LAPIC.timer, 0x62);
    expect(apic.read(LAPIC.timer)).toBe(MASKED | 0x62);
    apic.write(LAPIC.spurious, 0x1ff);
    expect(apic.pending).toBe(0x61);
  });

  it('opens LINT0 to the 8259s where it is off, else the mask of the entry decides', () => {
    apic.reset();
    apic.write(LAPIC.spurious, 0x1ff);
    apic.write(LAPIC.lint0, 0x8700);
    apic.write(LAPIC.lint0, MASKED);
    apic.write(LAPIC.spurious, 0xff);
    expect(lint0.slice(-4)).toEqual([true, false, true, false]);
  });
});

describe('the timer', () => {
  const TICKS_PER_MS = 1_000_000;

  it('counts down once, at the divider’s rate', () => {
    apic.write(LAPIC.timer, 0x61);
    apic.write(LAPIC.divide, 0x0b);
    apic.write(LAPIC.initialCount, 2 * TICKS_PER_MS);
    now += 1.5;
    expect(apic.tick(now)).toBeCloseTo(0.5);
    expect(apic.read(LAPIC.currentCount)).toBe(500_000);
    now += 1;
    expect(apic.tick(now)).toBe(Infinity);
    expect(apic.read(LAPIC.currentCount)).toBe(0);
    expect(take()).toBe(0x61);
    now += 10;
    apic.tick(now);
    expect(apic.pending).toBe(-1);
  });

  it.each([
    [0x0, 2],
    [0x1, 4],
    [0x2, 8],
    [0x3, 16],
    [0x8, 32],
    [0x9, 64],
    [0xa, 128],
    [0xb, 1],
  ])('divides by %i as %i (SDM 3A figure 10-10)', (bits, divider) => {
    apic.write(LAPIC.divide, bits);
    apic.write(LAPIC.initialCount, TICKS_PER_MS);
    now += 0.5;
    expect(apic.read(LAPIC.currentCount)).toBe(Math.ceil(TICKS_PER_MS - TICKS_PER_MS / 2 / divider));
  });

  it('gives every tick of a busy guest, though several fall due at once', () => {
    apic.write(LAPIC.timer, PERIODIC | 0x61);
    apic.write(LAPIC.divide, 0x0b);
    apic.write(LAPIC.initialCount, TICKS_PER_MS);
    let ticks = 0;
    for (let i = 0; i < 1000; i++) {
      // Looked at each 2.75 ms.
      now += 2.75;
      apic.tick(now);
      while (take() >= 0) {
        ticks++;
        apic.write(LAPIC.eoi, 0);
      }
    }
    expect(ticks + apic.backlog).toBe(2750);
    expect(apic.backlog).toBeLessThan(4);
  });

  it('goes on from where it is when its mode changes, and stays at zero where it has come to', () => {
    apic.write(LAPIC.divide, 0x0b);
    apic.write(LAPIC.timer, 0x61);
    apic.write(LAPIC.initialCount, 4 * TICKS_PER_MS);
    now += 3;
    apic.write(LAPIC.timer, PERIODIC | 0x61);
    expect(apic.read(LAPIC.currentCount)).toBe(TICKS_PER_MS);
    now += 2;
    expect(apic.read(LAPIC.currentCount)).toBe(3 * TICKS_PER_MS);
    apic.tick(now);
    expect(take()).toBe(0x61);
    apic.write(LAPIC.eoi, 0);
    apic.write(LAPIC.initialCount, TICKS_PER_MS);
    apic.write(LAPIC.timer, 0x61);
    now += 2;
    // Nobody has looked since: the interrupt is not lost with the change.
    apic.write(LAPIC.timer, PERIODIC | 0x61);
    expect(take()).toBe(0x61);
    now += 10;
    apic.tick(now);
    expect(apic.read(LAPIC.currentCount)).toBe(0);
    expect(apic.pending).toBe(-1);
    apic.write(LAPIC.eoi, 0);
    apic.write(LAPIC.initialCount, TICKS_PER_MS);
    apic.tick((now += 1));
    expect(take()).toBe(0x61);
  });

  it('owes nothing while it is masked', () => {
    apic.write(LAPIC.timer, MASKED | PERIODIC | 0x61);
    apic.write(LAPIC.initialCount, TICKS_PER_MS);
    for (let i = 0; i < 100; i++) apic.tick((now += 5));
    expect(apic.backlog).toBe(0);
    expect(apic.pending).toBe(-1);
  });
});

it('goes on from its state, at another time of another page', () => {
  apic.write(LAPIC.timer, 0x61);
  apic.write(LAPIC.divide, 0x0b);
  apic.write(LAPIC.initialCount, 2_000_000);
  apic.write(LAPIC.tpr, 0x20);
  apic.receive(message({ vector: 0x71, level: true }));
  take();
  now += 1;
  const state = structuredClone(apic.getState());
  apic.reset();
  now = 5;
  apic.setState(state);
  expect(apic.read(LAPIC.currentCount)).toBe(1_000_000);
  expect(apic.read(LAPIC.tpr)).toBe(0x20);
  expect(apic.read(LAPIC.ppr)).toBe(0x70);
  apic.write(LAPIC.eoi, 0);
  expect(ended).toEqual([0x71]);
  apic.tick((now += 1));
  expect(take()).toBe(0x61);
});
