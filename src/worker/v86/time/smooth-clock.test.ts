import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SmoothClock } from './smooth-clock.ts';
import { WallClock } from './wall-clock.ts';

const PIT_TICKS_PER_MS = 1193.1816666;
const PM_TICKS_PER_MS = 3579.545;
const TSC_PER_MS = 1_000_000;

/** Whole numbers below `below`, the same for the same seed (xorshift32). */
function numbers(seed: number): (below: number) => number {
  let x = seed | 1;
  return (below) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) % below;
  };
}

interface Browser {
  /** What `performance.now` shows of a time. */
  readonly shown: (ms: number) => number;
  readonly stepMs: number;
}

const stepped = (stepMs: number): Browser => ({ stepMs, shown: (ms) => Math.floor(ms / stepMs) * stepMs });

/** As Firefox and Chromium do it: within each step the change to the next comes at a random place. */
const jittered = (stepMs: number): Browser => ({
  stepMs,
  shown: (ms) => {
    const step = Math.floor(ms / stepMs);
    const place = numbers(step * 7919 + 17)(1000) / 1000;
    return (ms / stepMs - step >= place ? step + 1 : step) * stepMs;
  },
});

const BROWSERS: readonly (readonly [string, Browser])[] = [
  ['steps of 1 ms', stepped(1)],
  ['steps of 1 ms at random places', jittered(1)],
  ['steps of 2 ms', stepped(2)],
  ['steps of 0.1 ms at random places', jittered(0.1)],
  ['steps of 16.67 ms', stepped(1000 / 60)],
  ['steps of 100 ms', stepped(100)],
  ['no steps', stepped(1e-6)],
];

/** An engine that runs a guest at some speed, in slices, and is taken away from the processor now and then. */
class Computer {
  ms: number;
  instructions: number;
  readonly clock: SmoothClock;
  readonly random: (below: number) => number;
  /** What one reading costs, and a million instructions. */
  readonly #readingMs: number;
  readonly #millionMs: number;
  #sliceEnd = 0;
  #timer: (() => number) | null = null;
  #endsBlock = false;
  #sinceBlock = 0;
  #block = 100_003;

  constructor(browser: Browser, seed: number) {
    this.random = numbers(seed);
    this.ms = this.random(10_000_000) / 1000;
    this.instructions = this.random(0xffff_ffff);
    this.#readingMs = (80 + this.random(2000)) / 1e6;
    this.#millionMs = 2 + this.random(60);
    this.clock = new SmoothClock({
      source: () => browser.shown(this.ms),
      instructions: () => this.instructions >>> 0,
      held: () => (this.#endsBlock = true),
    });
    this.clock.enter(false);
    this.warmUp(20 * Math.max(3, browser.stepMs));
    for (let i = 0; i < 100; i++) this.read();
  }

  /** The firmware runs. */
  warmUp(ms: number): void {
    const end = this.ms + ms;
    while (this.ms < end) {
      this.run(3000);
      this.clock.now();
    }
  }

  /** `interrupt` is called where timers are looked at, and gives the milliseconds until it wants to be again. */
  setTimer(interrupt: () => number): void {
    this.#timer = interrupt;
    this.#lookAtTimers();
  }

  run(instructions: number): void {
    this.instructions = (this.instructions + instructions) >>> 0;
    this.ms += (instructions * this.#millionMs) / 1e6;
    this.#sinceBlock += instructions;
    this.#afterInstruction();
  }

  read(): number {
    this.ms += this.#readingMs * (0.8 + this.random(400) / 1000);
    const now = this.clock.now();
    this.run(8);
    return now;
  }

  #afterInstruction(): void {
    if (this.#sinceBlock >= this.#block || this.#endsBlock) this.#lookAtTimers();
    if (this.ms < this.#sliceEnd) return;
    // Now and then other work of the thread, or of the computer, comes between.
    this.clock.leave();
    const chance = this.random(1000);
    if (chance < 100) this.ms += this.random(3000) / 1000;
    if (chance < 5) this.ms += this.random(40);
    this.clock.enter(false);
    this.#sliceEnd = this.ms + 1;
  }

  #lookAtTimers(): void {
    this.#sinceBlock = 0;
    this.#endsBlock = false;
    const now = this.clock.now();
    this.#block = this.clock.behindMs > 1 ? 10_000 : 100_003;
    const wait = this.clock.during(() => this.#timer?.() ?? Infinity);
    this.clock.waitFor(now + wait + 1e-3);
    this.#endsBlock = false;
  }
}

/** Ticks of a clock that counts from `start`. */
const ticks = (ms: number, perMs: number, start = 0) => Math.floor((ms - start) * perMs);

/** Channel 2 of the PIT is loaded with 10 ms, and bit 5 of port 61h waited for (Linux, `pit_calibrate_tsc`). */
function byPort61(computer: Computer): number {
  const count = 11_932;
  const started = computer.read();
  const tsc = ticks(computer.read(), TSC_PER_MS);
  while (ticks(computer.read(), PIT_TICKS_PER_MS, started) < count);
  return (ticks(computer.read(), TSC_PER_MS) - tsc) / (count / PIT_TICKS_PER_MS) / TSC_PER_MS;
}

/** The counter is latched until it has counted 10 ms, and the TSC read behind each reading (Linux, `quick_pit_calibrate`; the house disc). */
function byCounter(computer: Computer): number {
  const started = computer.read();
  computer.run(20);
  const tsc = ticks(computer.read(), TSC_PER_MS);
  const from = ticks(computer.read(), PIT_TICKS_PER_MS, started);
  let to = from;
  while (to - from < 11_932) to = ticks(computer.read(), PIT_TICKS_PER_MS, started);
  const passed = ticks(computer.read(), TSC_PER_MS) - tsc;
  return passed / ((to - from) / PIT_TICKS_PER_MS) / TSC_PER_MS;
}

/** 10 ms of the PM timer (Windows, FreeBSD). */
function byPmTimer(computer: Computer): number {
  const from = ticks(computer.read(), PM_TICKS_PER_MS);
  const tsc = ticks(computer.read(), TSC_PER_MS);
  let to = from;
  while (to - from < 35_796) to = ticks(computer.read(), PM_TICKS_PER_MS);
  return (ticks(computer.read(), TSC_PER_MS) - tsc) / ((to - from) / PM_TICKS_PER_MS) / TSC_PER_MS;
}

/** The TSC is read in the handler of the RTC's periodic interrupt, ten periods of 1024 Hz apart, while the guest is busy (ReactOS's HAL). */
function byInterrupts(computer: Computer): number {
  const periodMs = 1000 / 1024;
  const handled: number[] = [];
  let raised = 0;
  let next = computer.clock.now() + periodMs;
  computer.setTimer(() => {
    const now = computer.clock.now();
    if (now >= next) {
      raised++;
      next += periodMs;
    }
    return next - now;
  });
  while (handled.length < 14) {
    computer.run(300);
    if (raised > handled.length) handled.push(ticks(computer.read(), TSC_PER_MS));
  }
  return (handled[13] - handled[3]) / (10 * periodMs) / TSC_PER_MS;
}

const CALIBRATIONS = [
  ['port 61h', byPort61],
  ['the counter', byCounter],
  ['the PM timer', byPmTimer],
  ['interrupts', byInterrupts],
] as const;

describe.each(BROWSERS)('with %s', (_, browser) => {
  it.each(CALIBRATIONS)(
    'a guest that calibrates over 10 ms by %s is right to 0.5 % in a hundred starts',
    (_, calibrate) => {
      let worst = 0;
      for (let seed = 1; seed <= 100; seed++) {
        const rate = calibrate(new Computer(browser, seed * 7717));
        worst = Math.max(worst, Math.abs(rate - 1));
      }
      expect(worst).toBeLessThan(0.005);
    },
  );

  it('never goes back, never stands, is never ahead by more than a step, and not behind for long', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 0x7fff_ffff }),
        fc.array(fc.oneof(fc.nat(50), fc.nat(20_000), fc.integer({ min: 0, max: 400_000 })), {
          minLength: 50,
          maxLength: 400,
        }),
        (seed, pieces) => {
          const computer = new Computer(browser, seed);
          let last = computer.read();
          let leastMs = Infinity;
          let aheadMs = -Infinity;
          for (const piece of pieces) {
            computer.run(piece);
            const now = computer.read();
            leastMs = Math.min(leastMs, now - last);
            aheadMs = Math.max(aheadMs, now - browser.shown(computer.ms));
            last = now;
          }
          expect(leastMs).toBeGreaterThan(0);
          // A step looks no smaller than two readings are apart.
          expect(aheadMs).toBeLessThan(Math.max(browser.stepMs, 0.2) + 0.01);
          computer.warmUp(300);
          expect(computer.ms - computer.read()).toBeLessThan(browser.stepMs * 2 + 60);
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('the guest’s time', () => {
  it('jumps after a sleep of the computer, in the middle of a slice as well', () => {
    const computer = new Computer(stepped(1), 5);
    computer.ms += 60_000;
    const before = computer.ms;
    expect(computer.read()).toBeGreaterThan(before - 2);
  });

  it('does not jump after less than that', () => {
    const computer = new Computer(stepped(1), 6);
    const before = computer.read();
    computer.ms += 300;
    expect(computer.read() - before).toBeLessThan(1);
    computer.warmUp(500);
    expect(computer.ms - computer.read()).toBeLessThan(3);
  });

  it('is the browser’s while the guest does not run, and where it was halted, up to what is due', () => {
    const computer = new Computer(stepped(1), 7);
    const before = computer.read();
    computer.clock.leave();
    computer.ms = before + 20;
    computer.clock.enter(true);
    computer.clock.waitFor(before + 5);
    expect(computer.clock.now()).toBeCloseTo(before + 5, 4);
    computer.clock.waitFor(Infinity);
    computer.clock.leave();
    expect(computer.clock.now()).toBe(Math.floor(computer.ms));
  });

  it('has a day whose seconds are as long as its own, and follows a clock that is set', () => {
    const browser = jittered(1);
    let setMs = 1_000_000_000_000;
    const computer = new Computer(browser, 8);
    const wall = new WallClock({
      source: () => browser.shown(computer.ms),
      utc: () => browser.shown(computer.ms) + setMs,
      now: () => computer.clock.now(),
    });
    const difference = wall.now() - computer.clock.now();
    // The computer's clock is being corrected: faster than a quartz can be wrong.
    for (let i = 0; i < 200; i++) {
      computer.warmUp(5);
      setMs += 0.1;
      expect(Math.abs(wall.now() - computer.clock.now() - difference)).toBeLessThan(1);
    }
    setMs += 3_600_000;
    expect(wall.now() - computer.clock.now() - difference).toBeGreaterThan(3_599_000);
  });
});

describe('a guest that is started anew', () => {
  it.each(BROWSERS)(
    'has time as fast as before, where the engine counts its instructions from 0, with %s',
    (_, browser) => {
      for (let seed = 1; seed <= 20; seed++) {
        const computer = new Computer(browser, seed);
        computer.instructions = 0;
        computer.clock.now();
        // A loop of firmware's that waits for a tick: it reads no clock, only its timers are looked at.
        const from = { ms: computer.ms, time: computer.clock.now() };
        for (let i = 0; i < 2000; i++) {
          computer.run(20_000);
          computer.clock.now();
        }
        const passed = computer.ms - from.ms;
        expect(Math.abs(computer.clock.now() - from.time - passed)).toBeLessThan(browser.stepMs + 100);
      }
    },
  );

  it.each(BROWSERS)('keeps up after any mistake of measuring, with %s', (_, browser) => {
    for (let seed = 1; seed <= 20; seed++) {
      const computer = new Computer(browser, seed);
      // Instructions that nobody executed: they look as if they took no time at all.
      for (let i = 0; i < 50; i++) {
        computer.instructions = (computer.instructions + 2_000_000_000) >>> 0;
        computer.clock.now();
        computer.run(1000);
      }
      computer.warmUp(3000);
      const from = { ms: computer.ms, time: computer.clock.now() };
      for (let i = 0; i < 2000; i++) {
        computer.run(20_000);
        computer.clock.now();
      }
      expect(Math.abs(computer.clock.now() - from.time - (computer.ms - from.ms))).toBeLessThan(
        browser.stepMs + 100,
      );
    }
  });
});
