import { chromium } from '@playwright/test';
import { findChromium } from '../scripts/chromium.mjs';
import { serveTestPage } from '../e2e/store/test-page.ts';
import type { FormatBench } from './store-format.page.ts';

declare global {
  interface Window {
    formatBench: FormatBench;
  }
}

/**
 * What the store's format was chosen by: how fast Chromium's IndexedDB takes and gives values of several sizes, how
 * long one value and a small strict commit take, and whether two writers are better off with a database each.
 * A profile on a disk (not an incognito window, which stores in memory) is needed for figures that mean something.
 */
const served = await serveTestPage('bench/store-format.page.ts');
const browser = await chromium.launchPersistentContext('', {
  executablePath: findChromium() ?? undefined,
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
try {
  const page = await browser.newPage();
  await page.goto(served.url);
  const print = (label: string, result: unknown) => console.log(label.padEnd(8), JSON.stringify(result));
  const sizes: [valueKiB: number, batchMiB: number][] = [
    [4, 4],
    [32, 8],
    [128, 8],
    [256, 8],
    [512, 8],
    [1024, 8],
    [1024, 16],
    [4096, 16],
  ];
  for (const [valueKiB, batchMiB] of sizes) {
    const totalMiB = valueKiB === 4 ? 64 : 256;
    print(
      'values',
      await page.evaluate((args) => window.formatBench.measureSize(...args), [
        valueKiB,
        batchMiB,
        totalMiB,
      ] as const),
    );
  }
  for (const bytes of [64, 1024, 2048]) {
    print('heads', await page.evaluate((bytes) => window.formatBench.measureHeads(16_384, bytes), bytes));
  }
  for (const bytes of [4096, 131_072, 1_048_576]) {
    print('commit', await page.evaluate((bytes) => window.formatBench.measureCommit(bytes), bytes));
  }
  for (const databases of [1, 2]) {
    const mibPerSecond = await page.evaluate(
      (count) => window.formatBench.measureTwoWriters(count),
      databases,
    );
    print('writers', { databases, mibPerSecond });
  }
} finally {
  await browser.close();
  await served.close();
}
