import { chromium } from '@playwright/test';
import { findChromium } from '../scripts/chromium.mjs';
import { serveTestPage } from '../e2e/store/test-page.ts';
import type { Measure } from './store.page.ts';
import type { StoreBench } from './store.worker.ts';

declare global {
  interface Window {
    measure: Measure;
  }
}

/**
 * The figures of the disk, in real Chromium on a profile on the drive, as ratios to idb-keyval itself in the same run.
 * `--rounds N` (3) alternates product and comparison; `--large GIB` (8) is how much is stored for the opening time.
 * Prints a line of JSON for each figure: {figure, value, unit, target}.
 */
const option = (name: string, byDefault: number) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? byDefault : Number(process.argv[at + 1]);
};
const ROUNDS = option('rounds', 3);
const LARGE_GIB = option('large', 8);
const MIB = option('mib', 256);

const served = await serveTestPage('bench/store.page.ts', 'bench/store.worker.ts');
const browser = await chromium.launchPersistentContext('', {
  executablePath: findChromium() ?? undefined,
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
try {
  const page = await browser.newPage();
  await page.goto(served.url);
  const frames: number[] = [];

  async function run<Name extends keyof StoreBench>(name: Name, ...args: number[]) {
    const { result, frameP95Ms } = await page.evaluate(([name, args]) => window.measure(name, args), [
      name,
      args,
    ] as const);
    if (name !== 'raw') frames.push(frameP95Ms);
    return result as Awaited<ReturnType<StoreBench[Name]>>;
  }

  const ratios = { write: [] as number[], read: [] as number[], random: [] as number[] };
  const rates: string[] = [];
  let stored = 0;
  let cached = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const raw = await run('raw', round, MIB);
    const sequential = await run('sequential', round, MIB);
    const random = await run('random', round, MIB / 2);
    ratios.write.push(sequential.write / raw.write);
    ratios.read.push(sequential.read / raw.read);
    ratios.random.push(random.write / raw.write);
    stored = Math.max(stored, random.storedRatio);
    cached = Math.max(cached, random.mostCachedMiB);
    const [w, r, sw, sr, rw] = [raw.write, raw.read, sequential.write, sequential.read, random.write].map(
      Math.round,
    );
    rates.push(
      `raw ${w} written, ${r} read; disk ${sw} written, ${sr} read; 4 KiB at random ${rw} written (MiB/s)`,
    );
  }
  const flushes = await run('flushes', 200);
  const large = await run('fillLarge', LARGE_GIB);
  const openMs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await page.reload();
    openMs.push(await run('openLarge', LARGE_GIB));
  }
  for (const line of rates) console.log(line);
  const print = (figure: string, value: number, unit: string, target: string) =>
    console.log(JSON.stringify({ figure, value: +value.toFixed(2), unit, target }));
  print('sequential writes made durable', median(ratios.write), '× raw setMany', '≥ 0.5');
  print('random 4 KiB writes made durable', median(ratios.random), '× raw setMany', '≥ 0.25');
  print('stored after upkeep', stored, '× distinct bytes', '≤ 1.3');
  print('cold sequential read', median(ratios.read), '× raw getMany', '≥ 0.5');
  print('most in cache', cached, 'MiB', '≤ 64 + 16');
  print(`opening with ${large.storedGiB.toFixed(1)} GiB stored`, median(openMs), 'ms', '≤ 500');
  print('its index in memory', large.indexMiB, 'MiB', '');
  print('a flush of 4 KiB, median', flushes.p50, 'ms', '');
  print('a flush of 4 KiB, 95 of 100', flushes.p95, 'ms', '');
  print('page frames, 95 of 100', Math.max(...frames), 'ms', '≤ 25');
} finally {
  await browser.close();
  await served.close();
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}
