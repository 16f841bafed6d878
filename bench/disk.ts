import { chromium, type BrowserContext, type Page } from '@playwright/test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findChromium } from '../scripts/chromium.mjs';
import type { BenchContext, BenchResult } from './bench.ts';
import { quantile, type Figure } from './figures.ts';
import { startGuest, waitForSerial, type Side } from './side.ts';

const HOUSE_ISO = fileURLToPath(new URL('../guest/house.iso', import.meta.url));
/** How much the guest writes in each way; BENCH_DISK_MIB makes a short try of it. */
const MIB = Number(process.env['BENCH_DISK_MIB'] ?? 256);
const SECTORS_OF_MIB = 2048;
const BLOCKS_OF_MIB = 256;

/** A way of writing: what the house disc is told (guest/README.md), and how much that writes. */
const LOADS = [
  { name: 'in order', mib: MIB, line: `write 4096 ${MIB * SECTORS_OF_MIB} 1` },
  {
    name: '4 KiB at random, a flush after each 256',
    mib: MIB / 4,
    line: `scatter ${(MIB / 4) * BLOCKS_OF_MIB} 2 256`,
  },
] as const;

interface Run {
  readonly p95FrameMs: number;
  readonly worstFrameMs: number;
  readonly mibPerSecond: number;
}

/**
 * The product's page while its guest writes as hard as it can: how evenly the page draws frames, with a picture, a
 * disk light and a save line that change, on a profile on the drive as a visitor's is.
 */
export async function benchDisk(context: BenchContext): Promise<BenchResult> {
  const runs: Run[][] = LOADS.map(() => []);
  for (let number = 0; number < context.runs; number++) {
    const measured = await measure(context.ours);
    for (const [i, run] of measured.entries()) {
      runs[i].push(run);
      context.say(
        `  run ${number + 1} of ${context.runs}, ${LOADS[i].name}: ${run.mibPerSecond.toFixed(0)} MiB/s, ` +
          `frames p95 ${run.p95FrameMs.toFixed(1)} ms, worst ${run.worstFrameMs.toFixed(0)} ms`,
      );
    }
  }
  const figure = (name: string, unit: string, ours: number[], most: number | null): Figure => ({
    name,
    unit,
    ours,
    plain: [],
    target: most === null ? null : { kind: 'value', bound: 'at-most', value: most },
  });
  return LOADS.flatMap(({ name }, i) => [
    figure(
      `The guest writes ${name}: 95 of 100 frames of the page are shorter than`,
      'ms',
      runs[i].map((run) => run.p95FrameMs),
      25,
    ),
    figure(
      `The same: the longest frame`,
      'ms',
      runs[i].map((run) => run.worstFrameMs),
      null,
    ),
    figure(
      `The same: written and durable`,
      'MiB/s',
      runs[i].map((run) => run.mibPerSecond),
      null,
    ),
  ]);
}

async function measure(side: Side): Promise<Run[]> {
  const profile = mkdtempSync(join(tmpdir(), 'vitrine-bench-'));
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath: findChromium() ?? undefined,
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  try {
    return await measureIn(browser, side);
  } finally {
    await browser.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

async function measureIn(browser: BrowserContext, side: Side): Promise<Run[]> {
  const page = await startGuest(browser, side, HOUSE_ISO, { memoryMiB: 64, acpi: true });
  await waitForSerial(page, 'HOUSE READY');
  const runs: Run[] = [];
  for (const { mib, line } of LOADS) {
    await page.evaluate(() => window.recorder.watchFrames());
    const beganAt = await page.evaluate(() => performance.now());
    await command(page, side, line);
    const { atMs } = await command(page, side, 'flush');
    const frames = await page.evaluate(() => window.recorder.frames());
    runs.push({
      p95FrameMs: quantile(frames, 0.95),
      worstFrameMs: Math.max(...frames),
      mibPerSecond: mib / ((atMs - beganAt) / 1000),
    });
  }
  await page.close();
  return runs;
}

async function command(page: Page, side: Side, line: string): Promise<{ atMs: number }> {
  const from = await page.evaluate(() => window.recorder.serial.length);
  await side.send(page, `${line}\n`);
  return waitForSerial(page, 'OK ', { from });
}
