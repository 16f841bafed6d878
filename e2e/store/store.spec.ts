import { mkdtemp, readdir, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, expect, test, type BrowserContext, type Page } from '@playwright/test';
import { RECORD_STORE_CONTRACT } from '../../src/disk/testing/record-store-contract.ts';
import { serveTestPage, type TestPage } from './test-page.ts';

let served: TestPage;
let profile: string;

test.beforeAll(async () => {
  served = await serveTestPage('e2e/store/store.page.ts');
});
test.afterAll(() => served.close());

test.beforeEach(async () => {
  profile = await mkdtemp(join(tmpdir(), 'vitrine-store-'));
});
test.afterEach(() => rm(profile, { recursive: true, force: true, maxRetries: 10 }));

/** A browser on the test's profile: it keeps what it stores on the drive, unlike an incognito window. */
async function launch(): Promise<BrowserContext> {
  const { executablePath, args } = test.info().project.use.launchOptions ?? {};
  return chromium.launchPersistentContext(profile, { executablePath, args });
}

async function openPage(browser: BrowserContext): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(served.url);
  return page;
}

test('records in IndexedDB keep the contract', async () => {
  const browser = await launch();
  const page = await openPage(browser);
  for (const [index, { name }] of RECORD_STORE_CONTRACT.entries()) {
    await test.step(name, () => page.evaluate((i) => window.storePage.runContract(i), index));
  }
  await browser.close();
});

test('a disk in IndexedDB equals a flat byte array, with crashes at every step', async () => {
  const browser = await launch();
  const page = await openPage(browser);
  const crashes = await page.evaluate(() => window.storePage.runScenarios(20_090_722, 40));
  expect(crashes).toBeGreaterThan(20);
  await browser.close();
});

test('after SIGKILL at any moment the disk is as after some write, not older than the last finished flush', async () => {
  test.setTimeout(300_000);
  const sectors = 200;
  const kills = Number(process.env['STORE_KILLS'] ?? 25);
  let durable = 0;
  for (let kill = 0; kill <= kills; kill++) {
    const browser = await launch();
    const page = await openPage(browser);
    expect(await page.evaluate(() => window.storePage.open())).toBe('opened');
    const rounds = await page.evaluate((count) => window.storePage.readRounds(count), sectors);
    // Writes went by rounds and in order: so those of the newest round come first, then those of the one before.
    const newest = rounds[0];
    const behind = rounds.findIndex((round) => round !== newest);
    expect(newest).toBeGreaterThanOrEqual(durable);
    if (behind >= 0) {
      expect(newest).toBeGreaterThan(durable);
      expect(rounds.slice(behind)).toEqual(rounds.slice(behind).map(() => newest - 1));
    }
    if (kill === kills) {
      await browser.close();
      break;
    }
    await page.exposeFunction('noteDurable', (round: number) => void (durable = round));
    const before = durable;
    const writing = page
      .evaluate(
        (count) => window.storePage.writeForever(count, (round) => window.noteDurable(round)),
        sectors,
      )
      .catch(() => 'killed');
    // The moment is chosen by what has been written, plus a part of a round that differs from kill to kill.
    await expect
      .poll(() => durable, { intervals: [5 + ((kill * 7) % 23)] })
      .toBeGreaterThan(before + (kill % 4) * 3);
    await killBrowser(browser);
    await writing;
  }
  expect(durable).toBeGreaterThan(kills);
});

/** The whole browser at once, as a power cut does. */
async function killBrowser(browser: BrowserContext): Promise<void> {
  const client = await browser.browser()!.newBrowserCDPSession();
  const { processInfo } = await client.send('SystemInfo.getProcessInfo');
  const closed = browser.waitForEvent('close');
  for (const { id } of processInfo.filter(({ type }) => type === 'browser')) process.kill(id, 'SIGKILL');
  await closed;
}

test('a log that was cut by a kill does not cost the machines when the browser is opened again and again', async () => {
  let browser = await launch();
  let page = await openPage(browser);
  await page.evaluate(async () => {
    await window.storePage.open();
    await window.storePage.renewLog();
    for (let i = 0; i < 5; i++) await window.storePage.writePattern(i * 8192, 8192, i + 1);
    await window.storePage.flush();
    await window.storePage.writePattern(9 * 8192, 8192, 9);
    await window.storePage.flush();
  });
  await killBrowser(browser);
  // What a kill in the middle of a write leaves: the last record of the log is not whole.
  const log = await newestLog();
  await truncate(log, (await stat(log)).size - 3);
  for (let time = 0; time < 3; time++) {
    browser = await launch();
    page = await openPage(browser);
    const bytes = await page.evaluate(async () => {
      await window.storePage.open();
      await window.storePage.renewLog();
      await window.storePage.writePattern(20 * 8192, 4096, 7);
      await window.storePage.flush();
      return Promise.all([0, 1, 2, 3, 4].map((i) => window.storePage.firstByte(i * 8192)));
    });
    expect(bytes).toEqual([1, 2, 3, 4, 5]);
    await killBrowser(browser);
  }
});

test('opening a store begins a new log of the browser, with hardly a byte written', async () => {
  const browser = await launch();
  const page = await openPage(browser);
  await page.evaluate(() => window.storePage.open());
  await page.evaluate(() => window.storePage.renewLog());
  await page.evaluate(() => window.storePage.writePattern(0, 4096, 1));
  await page.evaluate(() => window.storePage.flush());
  const before = await newestLog();
  await page.reload();
  await page.evaluate(() => window.storePage.open());
  await page.evaluate(() => window.storePage.renewLog());
  await expect.poll(newestLog).not.toBe(before);
  expect((await stat(await newestLog())).size).toBeLessThan(100_000);
  await browser.close();
});

/** Chromium's file of the newest writes to the databases of the one site that the profile knows. */
async function newestLog(): Promise<string> {
  const databases = join(profile, 'Default', 'IndexedDB');
  const site = (await readdir(databases)).find((name) => name.endsWith('.leveldb'))!;
  const logs = (await readdir(join(databases, site))).filter((name) => name.endsWith('.log'));
  return join(databases, site, logs.toSorted().at(-1) ?? 'none');
}

test('a machine is opened once; another tab may take it over, and the first saves and lets go', async () => {
  const browser = await launch();
  const first = await openPage(browser);
  const second = await openPage(browser);
  expect(await first.evaluate(() => window.storePage.open())).toBe('opened');
  expect(await second.evaluate(() => window.storePage.open())).toBe('in-use');
  await first.evaluate(() => window.storePage.writePattern(4096, 512, 7));
  expect(await second.evaluate(() => window.storePage.open(true))).toBe('opened');
  expect(await first.evaluate(() => window.storePage.log)).toEqual([
    'unsaved',
    'asked to let go',
    'saved',
    'closed',
  ]);
  expect(await second.evaluate(() => window.storePage.firstByte(4096))).toBe(7);
  await browser.close();
});

test('a damaged stored unit is reported and never served', async () => {
  const browser = await launch();
  const page = await openPage(browser);
  await page.evaluate(async () => {
    await window.storePage.open();
    await window.storePage.writePattern(0, 8192, 7);
    await window.storePage.close();
  });
  expect(await page.evaluate(() => window.storePage.damageSegments())).toBe(1);
  await page.evaluate(() => window.storePage.open());
  expect(await page.evaluate(() => window.storePage.readCode(0))).toBe('disk/damaged');
  expect(await page.evaluate(() => window.storePage.firstByte(4096))).toBe(7);
  await browser.close();
});

test('a full store loses nothing: the batch waits, and goes on when there is room', async () => {
  const browser = await launch();
  const page = await openPage(browser);
  const client = await browser.newCDPSession(page);
  const origin = new URL(served.url).origin;
  // Before anything is stored: Chromium remembers for a while how much room it found.
  await client.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 4_000_000 });
  await page.evaluate(() => window.storePage.open());
  await page.evaluate(() => window.storePage.writePattern(0, 4096, 1));
  await page.evaluate(() => window.storePage.flush());
  await page.evaluate(() => window.storePage.writeNoise(1, 13));
  const flushed = page.evaluate(() => window.storePage.flush());
  await expect.poll(() => page.evaluate(() => window.storePage.state())).toBe('full');
  expect(await page.evaluate(() => window.storePage.retry())).toBe('store/full');
  expect(await page.evaluate(() => window.storePage.firstByte(0))).toBe(1);
  await client.send('Storage.overrideQuotaForOrigin', { origin });
  expect(await page.evaluate(() => window.storePage.retry())).toBe('did not reject');
  await flushed;
  expect(await page.evaluate(() => window.storePage.state())).toBe('saved');
  await browser.close();
});

test('1 GiB of scattered writes keeps memory under the ceiling plus a batch', async () => {
  const browser = await launch();
  const page = await openPage(browser);
  await page.evaluate(() => window.storePage.open());
  const most = await page.evaluate(async () => {
    let most = 0;
    for (let round = 0; round < 64; round++) {
      await window.storePage.writeScattered(round * 4096, (round + 1) * 4096);
      most = Math.max(most, window.storePage.stats().cacheBytes);
    }
    await window.storePage.flush();
    return most;
  });
  expect(most).toBeLessThanOrEqual((64 + 16) * 0x10_0000);
  await browser.close();
});
