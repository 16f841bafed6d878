import type { Browser } from '@playwright/test';
import { fileURLToPath } from 'node:url';
import { spinChecksum } from '../guest/protocol.ts';
import { alternate, type BenchContext, type BenchResult } from './bench.ts';
import { startGuest, waitForSerial, type Side } from './side.ts';

const HOUSE_ISO = fileURLToPath(new URL('../guest/house.iso', import.meta.url));
/** The engine compiles the loop first: what is before it is warm is not measured. */
const WARM_UP_STEPS = 50_000_000;
const STEPS = 300_000_000;

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
      name: `CPU-bound guest, ${STEPS / 1e6} million steps of xorshift`,
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
  await side.send(page, `spin ${WARM_UP_STEPS}\n`);
  const answered = await waitForSerial(page, 'checksum ', { from: ready.end });
  const warm = await waitForSerial(page, '\n', { from: answered.end });
  const before = await side.instructions(page);
  const startMs = await page.evaluate(() => performance.now());
  await side.send(page, `spin ${STEPS}\n`);
  const done = await waitForSerial(page, 'checksum ', { from: warm.end });
  await waitForSerial(page, '\n', { from: done.end });
  const after = await side.instructions(page);
  const answer = await page.evaluate((at) => window.recorder.serial.slice(at, at + 8), done.end);
  if (answer !== checksum) throw new Error(`${side.name}: spin calculated ${answer}, not ${checksum}.`);
  const seconds = (done.atMs - startMs) / 1000;
  // The counter of the plain page has 32 bits.
  return { seconds, mips: ((after - before) >>> 0) / seconds / 1e6 };
}
