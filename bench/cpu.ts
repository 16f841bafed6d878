import type { Browser, Page } from '@playwright/test';
import { fileURLToPath } from 'node:url';
import { spinChecksum } from '../guest/protocol.ts';
import { alternate, type BenchContext, type BenchResult } from './bench.ts';
import { startGuest, waitForSerial, type Side } from './side.ts';

const HOUSE_ISO = fileURLToPath(new URL('../guest/house.iso', import.meta.url));
/** The engine compiles the loop first: what is before it is warm is not measured. */
const WARM_UP_STEPS = 50_000_000;
const STEPS = 100_000_000;
/** The counter of the plain page has 32 bits: it is read after each spin, which is far less than that. */
const SPINS = 3;

/**
 * A guest that only calculates: the house disc's `spin`, a loop of xorshift in registers. Instructions by the
 * engine's own counter, time by the page's clock from the command to the answer.
 */
export async function benchCpu(context: BenchContext): Promise<BenchResult> {
  const expected = spinChecksum(STEPS);
  const { ours, plain } = await alternate(
    context,
    (browser, side) => measureSpin(browser, side, expected),
    ({ mips, seconds }) => `${mips.toFixed(0)} MIPS, ${seconds.toFixed(2)} s`,
  );
  return [
    {
      name: 'CPU-bound guest, instructions per second',
      unit: 'MIPS',
      ours: ours.map((run) => run.mips),
      plain: plain.map((run) => run.mips),
      target: { kind: 'ratio', bound: 'at-least', value: 1.15 },
    },
    {
      name: `CPU-bound guest, ${(SPINS * STEPS) / 1e6} million steps of xorshift`,
      unit: 's',
      ours: ours.map((run) => run.seconds),
      plain: plain.map((run) => run.seconds),
      target: null,
    },
  ];
}

async function measureSpin(browser: Browser, side: Side, checksum: string) {
  const page = await startGuest(browser, side, HOUSE_ISO, { memoryMiB: 64, acpi: false });
  const ready = await waitForSerial(page, 'HOUSE READY', { timeoutMs: 60_000 });
  let answered = (await spin(page, side, WARM_UP_STEPS, ready.end)).end;
  let seconds = 0;
  let instructions = 0;
  for (let i = 0; i < SPINS; i++) {
    const before = await side.instructions(page);
    const startMs = await page.evaluate(() => performance.now());
    const { end, atMs, answer } = await spin(page, side, STEPS, answered);
    if (answer !== checksum) throw new Error(`${side.name}: spin calculated ${answer}, not ${checksum}.`);
    instructions += ((await side.instructions(page)) - before) >>> 0;
    seconds += (atMs - startMs) / 1000;
    answered = end;
  }
  return { seconds, mips: instructions / seconds / 1e6 };
}

/** Lets the guest calculate; `from` and `end` are places in what it wrote to its serial port. */
async function spin(page: Page, side: Side, steps: number, from: number) {
  await side.send(page, `spin ${steps}\n`);
  const { end: at, atMs } = await waitForSerial(page, 'checksum ', { from });
  const { end } = await waitForSerial(page, '\n', { from: at });
  const answer = await page.evaluate((start) => window.recorder.serial.slice(start, start + 8), at);
  return { end, atMs, answer };
}
