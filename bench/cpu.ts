import type { Browser, Page } from '@playwright/test';
import { fileURLToPath } from 'node:url';
import { spinChecksum } from '../guest/protocol.ts';
import { guestPath } from '../src/lib/testing/guests.ts';
import { alternate, type BenchContext, type BenchResult } from './bench.ts';
import { startGuest, waitForSerial, type Side } from './side.ts';

const HOUSE_ISO = fileURLToPath(new URL('../guest/house.iso', import.meta.url));
/** The engine compiles the loop first: what is before it is warm is not measured. */
const WARM_UP_STEPS = 50_000_000;
const STEPS = 100_000_000;
const SPINS = 3;

const LINUX_ISO = 'linux-live.iso';
/**
 * Programs that only calculate, each for about as long as the others. The counter of the plain page has 32 bits and is
 * read after each command, so none may take 4 thousand million instructions.
 */
const CALCULATIONS = [
  'dd if=/dev/zero bs=64k count=800 2>/dev/null | sha256sum',
  'dd if=/dev/zero bs=64k count=800 2>/dev/null | gzip -c | md5sum',
  'dd if=/dev/zero bs=64k count=1600 2>/dev/null | md5sum',
];
/** Once to have all of it compiled and not measured, then for the figure. */
const ROUNDS = ['warm up', 'measure', 'measure'] as const;

interface Speed {
  mips: number;
  seconds: number;
}

/**
 * Guests that only calculate: programs in a real system, and the house disc's `spin`, which calls one small function
 * over and over from another page of memory. Instructions by the engine's own counter, time by the page's clock from
 * the command to the answer.
 */
export async function benchCpu(context: BenchContext): Promise<BenchResult> {
  const expected = spinChecksum(STEPS);
  const words = ({ mips, seconds }: Speed) => `${mips.toFixed(0)} MIPS, ${seconds.toFixed(2)} s`;
  const mipsOf = ({ ours, plain }: { ours: Speed[]; plain: Speed[] }) => ({
    unit: 'MIPS',
    ours: ours.map((run) => run.mips),
    plain: plain.map((run) => run.mips),
  });
  const spins = await alternate(context, (browser, side) => measureSpin(browser, side, expected), words);
  const house = {
    name: 'A loop that calls a function, on the house disc, instructions per second',
    ...mipsOf(spins),
    target: null,
  };
  const iso = guestPath(LINUX_ISO);
  if (!iso) {
    context.say(`  programs in Linux: skipped, ${LINUX_ISO} is not on this machine (see VITRINE_GUESTS)`);
    return [house];
  }
  const results = new Set<string>();
  const programs = await alternate(
    context,
    async (browser, side) => {
      const { result, ...speed } = await measurePrograms(browser, side, iso);
      results.add(result);
      return speed;
    },
    words,
  );
  if (results.size !== 1) throw new Error(`The programs gave different results: ${[...results].join('; ')}`);
  return [
    {
      name: 'CPU-bound guest (sha256sum, gzip and md5sum in Linux), instructions per second',
      ...mipsOf(programs),
      target: { kind: 'ratio', bound: 'at-least', value: 1.15 },
    },
    house,
  ];
}

async function measurePrograms(browser: Browser, side: Side, iso: string) {
  const page = await startGuest(browser, side, iso, { memoryMiB: 512, acpi: false });
  const booted = await waitForSerial(page, 'GUEST END');
  let prompt = await waitForSerial(page, '/ # ', { from: booted.end });
  let result = '';
  const total = new Meter(page, side);
  for (const round of ROUNDS)
    for (const [i, command] of CALCULATIONS.entries()) {
      if (round === 'measure') await total.begin();
      // Quotes inside the marker keep the echo of the command itself from being one.
      await side.send(page, `${command}; echo DO""NE ${i}\n`);
      const from = prompt.end;
      const done = await waitForSerial(page, `DONE ${i}`, { from });
      if (round === 'measure') await total.add(done.atMs);
      prompt = await waitForSerial(page, '/ # ', { from: done.end });
      const said = await page.evaluate(([a, b]) => window.recorder.serial.slice(a, b), [from, done.end]);
      result += /[0-9a-f]{32,64}/.exec(said)?.[0] ?? `no sum in ${said}`;
    }
  return { result, ...total.speed };
}

async function measureSpin(browser: Browser, side: Side, checksum: string): Promise<Speed> {
  const page = await startGuest(browser, side, HOUSE_ISO, { memoryMiB: 64, acpi: false });
  const ready = await waitForSerial(page, 'HOUSE READY', { timeoutMs: 60_000 });
  let answered = (await spin(page, side, WARM_UP_STEPS, ready.end)).end;
  const total = new Meter(page, side);
  for (let i = 0; i < SPINS; i++) {
    await total.begin();
    const { end, atMs, answer } = await spin(page, side, STEPS, answered);
    if (answer !== checksum) throw new Error(`${side.name}: spin calculated ${answer}, not ${checksum}.`);
    await total.add(atMs);
    answered = end;
  }
  return total.speed;
}

/** Lets the guest calculate; `from` and `end` are places in what it wrote to its serial port. */
async function spin(page: Page, side: Side, steps: number, from: number) {
  await side.send(page, `spin ${steps}\n`);
  const { end: at, atMs } = await waitForSerial(page, 'checksum ', { from });
  const { end } = await waitForSerial(page, '\n', { from: at });
  const answer = await page.evaluate((start) => window.recorder.serial.slice(start, start + 8), at);
  return { end, atMs, answer };
}

/** Sums up instructions and time of several commands. */
class Meter {
  readonly #page: Page;
  readonly #side: Side;
  #instructions = 0;
  #seconds = 0;
  #before = { instructions: 0, atMs: 0 };

  constructor(page: Page, side: Side) {
    this.#page = page;
    this.#side = side;
  }

  async begin(): Promise<void> {
    const instructions = await this.#side.instructions(this.#page);
    this.#before = { instructions, atMs: await this.#page.evaluate(() => performance.now()) };
  }

  /** `atMs`: when the answer was there. */
  async add(atMs: number): Promise<void> {
    // The counter of the plain page has 32 bits.
    this.#instructions += ((await this.#side.instructions(this.#page)) - this.#before.instructions) >>> 0;
    this.#seconds += (atMs - this.#before.atMs) / 1000;
  }

  get speed(): Speed {
    return { mips: this.#instructions / this.#seconds / 1e6, seconds: this.#seconds };
  }
}
