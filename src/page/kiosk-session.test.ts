import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LONGEST_RELOAD_MS, LONGEST_START_MS, SILENCE_MS, type KioskState } from '../exhibit/kiosk-clock.ts';
import { defaultKioskSettings, type KioskSettings } from '../exhibit/kiosk-settings.ts';
import { VitrineError } from '../lib/errors.ts';
import { DayLog } from './day-log.ts';
import { FileNeeded, type KioskMachine } from './kiosk-machine.ts';
import { KioskSession, type KioskPage } from './kiosk-session.ts';
import { LocalMemory } from './local-memory.ts';
import { ReloadRation } from './reload-ration.ts';

const NINE = Date.UTC(2026, 10, 26, 9);
const never = (): Promise<never> => new Promise(() => {});
const done = (): Promise<void> => Promise.resolve();

/** A browser whose time passes as the test says; its wall clock can be put right or wrong. */
class TestPage implements KioskPage {
  at = 0;
  wall = NINE;
  reloads = 0;
  answers = (): Promise<boolean> => Promise.resolve(true);
  reload = (): Promise<void> => {
    this.reloads++;
    return never();
  };
  #timers: { at: number; callback: () => void; again: number | null }[] = [];

  now(): number {
    return this.at;
  }

  date(): Date {
    // Read as local time: the tests say hours of the schedule's clock.
    const utc = new Date(this.wall);
    return new Date(utc.getTime() + utc.getTimezoneOffset() * 60_000);
  }

  every(ms: number, callback: () => void): () => void {
    return this.#add({ at: this.at + ms, callback, again: ms });
  }

  after(ms: number, callback: () => void): () => void {
    return this.#add({ at: this.at + ms, callback, again: null });
  }

  async pass(ms: number): Promise<void> {
    const end = this.at + ms;
    for (;;) {
      await settle();
      const [next] = this.#timers.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at);
      if (!next) break;
      this.wall += next.at - this.at;
      this.at = next.at;
      if (next.again === null) this.#timers = this.#timers.filter((timer) => timer !== next);
      else next.at += next.again;
      next.callback();
    }
    this.wall += end - this.at;
    this.at = end;
    await settle();
  }

  #add(timer: { at: number; callback: () => void; again: number | null }): () => void {
    this.#timers.push(timer);
    return () => (this.#timers = this.#timers.filter((each) => each !== timer));
  }
}

/** Promises that are done are heard. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 8; turn++) await Promise.resolve();
}

interface TestMachine extends KioskMachine {
  progress(): void;
  starts: number;
  resets: number;
  cuts: number;
}

function machineWith(part: Partial<KioskMachine> = {}): TestMachine {
  const listeners = new Set<() => void>();
  const machine: TestMachine = {
    starts: 0,
    resets: 0,
    cuts: 0,
    start: done,
    reset: done,
    powerOff: done,
    cut: () => void machine.cuts++,
    standing: () => 'runs',
    failure: () => 'engine/trap: it died',
    ping: done,
    onProgress: (callback) => {
      listeners.add(callback);
      return () => listeners.delete(callback);
    },
    progress: () => listeners.forEach((listener) => listener()),
  };
  const given = { ...part };
  Object.assign(machine, given, {
    start: () => (machine.starts++, (given.start ?? done)()),
    reset: () => (machine.resets++, (given.reset ?? done)()),
  });
  return machine;
}

function memory(): LocalMemory {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
  return new LocalMemory(() => storage, 'test');
}

function kioskOf(machine: KioskMachine, settings: Partial<KioskSettings> = {}, page = new TestPage()) {
  const kiosk = new KioskSession(
    { ...defaultKioskSettings(), idleSeconds: 60, countdownSeconds: 10, ...settings },
    machine,
    page,
    new DayLog(memory()),
    new ReloadRation(memory()),
  );
  const seen: KioskState['phase'][] = [];
  kiosk.state.subscribe(({ phase }) => phase !== seen.at(-1) && seen.push(phase));
  kiosk.run();
  return { kiosk, page, seen, phase: () => kiosk.state.value.phase };
}

const kinds = (kiosk: KioskSession): string[] => kiosk.log.entries.map(({ kind }) => kind);

describe('a kiosk over a machine that answers', () => {
  it('starts it, lets visitors in, and goes back when they are gone', async () => {
    const machine = machineWith();
    const { kiosk, page, phase } = kioskOf(machine);
    await page.pass(0);
    expect(phase()).toBe('attract');
    kiosk.send({ type: 'touch' });
    await page.pass(75_000);
    expect(phase()).toBe('attract');
    expect(machine.resets).toBe(1);
    expect(kinds(kiosk)).toEqual(['started', 'visitor', 'reset']);
  });

  it('sleeps when it is told to, wakes at a touch, and takes a new page then', async () => {
    let offs = 0;
    const { kiosk, page, phase } = kioskOf(machineWith({ powerOff: () => (offs++, done()) }));
    await page.pass(0);
    kiosk.send({ type: 'staff' });
    kiosk.send({ type: 'staff-unlocked' });
    kiosk.send({ type: 'sleep' });
    await page.pass(3_600_000);
    expect([phase(), offs, page.reloads]).toEqual(['asleep', 1, 0]);
    kiosk.send({ type: 'touch' });
    await page.pass(1_000);
    expect([phase(), page.reloads]).toEqual(['reloading', 1]);
    expect(kinds(kiosk)).toEqual(['started', 'staff', 'slept', 'woke', 'page-reloaded']);
  });
});

describe('a worker that does not answer', () => {
  it('is not taken for hung while it goes back, however long that takes, if it comes on', async () => {
    let back = (): void => undefined;
    const machine = machineWith({ ping: never, reset: () => new Promise((resolve) => (back = resolve)) });
    const { kiosk, page, phase } = kioskOf(machine);
    await page.pass(0);
    kiosk.send({ type: 'touch' });
    // It is asked, and the visitor leaves it busy.
    await page.pass(6_000);
    kiosk.send({ type: 'start-again' });
    for (let times = 0; times < 8; times++) {
      await page.pass(10_000);
      machine.progress();
    }
    expect([phase(), machine.cuts, page.reloads]).toEqual(['resetting', 0, 0]);
    back();
    await page.pass(0);
    expect(phase()).toBe('attract');
    // While visitors may come, it is.
    await page.pass(40_000);
    expect([phase(), page.reloads]).toEqual(['reloading', 1]);
  });
});

describe('a kiosk whose waiting never ends', () => {
  const settings = { schedule: [{ days: ['thu' as const], wake: '08:00', sleep: '17:00' }] };

  it.each(['start', 'reset', 'powerOff', 'ping', 'answers', 'reload'] as const)(
    'over %s goes on, and says so in the log',
    async (hung) => {
      const machine = machineWith(
        hung === 'answers' || hung === 'reload' ? { ping: never } : { [hung]: never },
      );
      const page = new TestPage();
      if (hung === 'answers') page.answers = never;
      const { kiosk, seen } = kioskOf(machine, settings, page);
      await page.pass(1_000);
      kiosk.send({ type: 'touch' });
      await page.pass(2 * (LONGEST_RELOAD_MS + SILENCE_MS));
      // A powered-off machine that does not answer is not left running through the night.
      page.wall = NINE + 8.5 * 3_600_000;
      await page.pass(2 * (LONGEST_RELOAD_MS + SILENCE_MS));
      expect(machine.cuts).toBeGreaterThan(0);
      expect(kinds(kiosk)).toContain('machine-hung');
      const wanted = { start: 'reloading', reset: 'reloading', powerOff: 'asleep' }[hung as 'start'];
      expect(seen).toContain(wanted ?? 'reloading');
    },
  );

  it('whatever of it all hangs or is refused: no phase outlives its limit', async () => {
    const fates = fc.constantFrom('done', 'never', 'refused', 'no-file');
    const bad = (fate: string): (() => Promise<never>) => {
      if (fate === 'never') return never;
      const cause = new VitrineError('disk/base-missing', { name: 'a.vhd' });
      return () =>
        Promise.reject(fate === 'refused' ? new VitrineError('store/full') : new FileNeeded('a.vhd', cause));
    };
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          start: fates,
          reset: fates,
          powerOff: fates,
          ping: fates,
          answers: fates,
          reload: fates,
        }),
        fc.constantFrom(
          'runs' as const,
          'failed' as const,
          'ended' as const,
          'stopped' as const,
          'full' as const,
          'between' as const,
        ),
        fc.boolean(),
        async (fate, standing, babbles) => {
          const { answers, reload, ...ofMachine } = fate;
          const calls = Object.fromEntries(
            Object.entries(ofMachine).flatMap(([name, each]) => (each === 'done' ? [] : [[name, bad(each)]])),
          );
          const machine = machineWith({ ...calls, standing: () => standing });
          const page = new TestPage();
          if (answers !== 'done') page.answers = bad(answers);
          page.reload = reload === 'done' ? never : bad(reload);
          const { kiosk, phase } = kioskOf(machine, settings, page);
          let entered = page.at;
          kiosk.state.subscribe(() => (entered = page.at));
          for (let step = 0; step < 400; step++) {
            if (babbles) machine.progress();
            const before = phase();
            await page.pass(10_000);
            if (before !== phase()) entered = page.at;
            if (phase() !== 'attract') expect(page.at - entered).toBeLessThan(LONGEST_START_MS + 20_000);
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it('after a reset that is refused starts the machine anew, which cuts off what refused', async () => {
    const machine = machineWith({ reset: () => Promise.reject(new VitrineError('store/full')) });
    const { kiosk, page, phase } = kioskOf(machine);
    await page.pass(0);
    kiosk.send({ type: 'start-again' });
    await page.pass(1_000);
    expect([phase(), machine.starts]).toEqual(['attract', 2]);
    expect(kinds(kiosk)).toEqual(['started', 'reset-failed', 'started']);
    expect(kiosk.log.text()).toContain('reset-failed\tstore/full: ');
  });

  it('lets a machine rest longer and longer that dies soon after each start', async () => {
    const machine = machineWith({ standing: () => 'failed' });
    const { page } = kioskOf(machine);
    await page.pass(3_600_000);
    // Two at once, then after 5, 15, 60 and from then on 300 seconds.
    expect(machine.starts).toBeGreaterThan(12);
    expect(machine.starts).toBeLessThan(20);
  });
});

describe('errors on the page', () => {
  it('take nothing from anybody, and the same one is noted once an hour', async () => {
    const machine = machineWith();
    const { kiosk, page, phase } = kioskOf(machine);
    await page.pass(0);
    kiosk.send({ type: 'touch' });
    for (let times = 0; times < 500; times++) {
      kiosk.pageError('ResizeObserver loop completed with undelivered notifications.');
      kiosk.pageError(`Script error. ${times}`);
    }
    await page.pass(30_000);
    expect([phase(), page.reloads, machine.resets, machine.cuts]).toEqual(['visiting', 0, 0, 0]);
    const errors = kiosk.log.entries.filter(({ kind }) => kind === 'page-error');
    expect(errors.length).toBeLessThanOrEqual(60);
    expect(errors.filter(({ detail }) => detail.startsWith('ResizeObserver'))).toHaveLength(1);
    await page.pass(3_600_000);
    kiosk.pageError('Script error. 1');
    expect(kiosk.log.entries.at(-1)?.kind).toBe('page-error');
  });
});

describe('the ration of reloads', () => {
  it('is the hung worker’s own: six an hour, and then the machine is started in the page that is there', async () => {
    const machine = machineWith({ ping: never });
    const page = new TestPage();
    page.reload = () => (page.reloads++, Promise.reject(new Error('still here')));
    const { kiosk, phase } = kioskOf(machine, {}, page);
    for (let times = 0; times < 100; times++) kiosk.pageError(`error ${times}`);
    await page.pass(3_000_000);
    expect(page.reloads).toBe(6);
    expect(kinds(kiosk).filter((kind) => kind === 'not-reloaded').length).toBeGreaterThan(6);
    expect(machine.starts).toBeGreaterThan(7);
    expect(phase()).not.toBe('reloading');
  });

  it('is kept over reloads, and a clock that was put back blocks nothing', () => {
    const kept = memory();
    const first = new ReloadRation(kept);
    for (let times = 0; times < 6; times++) first.spend('hung', NINE + 60_000);
    const second = new ReloadRation(kept);
    expect(second.allows('hung', NINE + 120_000)).toBe(false);
    expect(second.allows('long', NINE + 120_000)).toBe(true);
    expect(second.allows('hung', NINE)).toBe(true);
    expect(second.allows('hung', NINE + 3_700_000)).toBe(true);
  });

  it('does not reload a page that nobody would answer: the machine is cut off and started here', async () => {
    const machine = machineWith({ ping: never });
    const page = new TestPage();
    page.answers = () => Promise.resolve(false);
    const { kiosk, seen } = kioskOf(machine, {}, page);
    await page.pass(60_000);
    expect([page.reloads, machine.cuts, machine.starts]).toEqual([0, 1, 2]);
    expect(seen).toEqual(['attract', 'reloading', 'starting', 'attract']);
    expect(kinds(kiosk)).toEqual(['started', 'machine-hung', 'not-reloaded', 'started']);
  });

  it('nor does the morning: it starts without', async () => {
    const page = new TestPage();
    page.wall = NINE - 2 * 3_600_000;
    page.answers = () => Promise.resolve(false);
    const machine = machineWith();
    const { phase } = kioskOf(
      machine,
      { schedule: [{ days: ['thu'], wake: '08:00', sleep: '17:00' }] },
      page,
    );
    await page.pass(3_500_000);
    expect([phase(), machine.starts]).toEqual(['asleep', 0]);
    await page.pass(200_000);
    expect([phase(), machine.starts, page.reloads]).toEqual(['attract', 1, 0]);
  });
});

describe('a clock that is put right', () => {
  it.each([-10, 10])('by %i years changes nothing that lasts', async (years) => {
    const machine = machineWith();
    const { kiosk, page, phase } = kioskOf(machine);
    await page.pass(0);
    kiosk.send({ type: 'touch' });
    await page.pass(30_000);
    page.wall += years * 365 * 86_400_000;
    await page.pass(20_000);
    expect(phase()).toBe('visiting');
    await page.pass(15_000);
    expect(phase()).toBe('countdown');
    await page.pass(15_000);
    expect([phase(), machine.resets]).toEqual(['attract', 1]);
  });

  it('does not keep a resting machine waiting', async () => {
    const page = new TestPage();
    page.wall += 10 * 365 * 86_400_000;
    const machine = machineWith({ start: () => Promise.reject(new Error('no')) });
    const { phase } = kioskOf(machine, {}, page);
    await page.pass(200_000);
    expect(phase()).toBe('resting');
    page.wall = NINE;
    const before = machine.starts;
    await page.pass(310_000);
    expect(machine.starts).toBeGreaterThan(before);
  });
});

describe('a machine that needs a file', () => {
  it('waits for it under its name, notes it once, and starts when it is given', async () => {
    let has = false;
    const missing = new FileNeeded('win7.vhd', new VitrineError('disk/base-missing', { name: 'win7.vhd' }));
    const { kiosk, page, phase } = kioskOf(
      machineWith({ start: () => (has ? done() : Promise.reject(missing)) }),
    );
    await page.pass(1_000_000);
    expect(kiosk.state.value).toMatchObject({ phase: 'needs-file', name: 'win7.vhd' });
    expect(kinds(kiosk)).toEqual(['needs-file']);
    expect(kiosk.log.text()).toContain('win7.vhd: disk/base-missing');
    has = true;
    kiosk.send({ type: 'file-given' });
    await page.pass(0);
    expect(phase()).toBe('attract');
  });
});
