import { expect, test, type Page } from '@playwright/test';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { PRODUCTION_HEADERS } from '../../scripts/security.ts';
import { serveTestPage, type TestPage } from '../store/test-page.ts';
import { patternChunk } from './pattern.ts';
import type { Wish } from './save.page.ts';

const MIB = 1 << 20;
/** Unlike any folder of the host, and of letters that a header cannot carry as they are. */
const NAME = "Großmutters PC (1).vitrine'";
const LARGE: Wish = { chunks: 200, chunkBytes: MIB };

let served: TestPage;

test.beforeAll(async () => {
  served = await serveTestPage('e2e/save/save.page.ts', undefined, {
    headers: PRODUCTION_HEADERS,
    offlineShell: true,
  });
});
test.afterAll(() => served.close());

async function open(page: Page): Promise<string[]> {
  const errors: string[] = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.goto(served.url);
  return errors;
}

const begin = (page: Page, wish: Wish, name = NAME) =>
  page.evaluate(([name, wish]) => window.savePage.save(name, wish), [name, wish] as const);
const outcome = (page: Page) => page.evaluate(() => window.savePage.outcome());
const state = (page: Page) => page.evaluate(() => window.savePage.state());

test.describe('a download through the service worker', () => {
  test.beforeEach(async ({ page }) => {
    await open(page);
    await page.evaluate(() => window.savePage.installShell());
    await page.evaluate(() => window.savePage.removePicker());
  });

  test('brings every byte, under its name, without the page or its caches holding it', async ({ page }) => {
    const downloading = page.waitForEvent('download');
    await begin(page, { ...LARGE, sizeBytes: 200 * MIB });
    const download = await downloading;
    expect(download.suggestedFilename()).toBe(NAME);
    expect(await outcome(page)).toEqual({ saved: { way: 'download', bytes: 200 * MIB } });
    expect(await download.failure()).toBeNull();
    await expectPattern(await download.path(), LARGE);
    const { opened, progress } = await state(page);
    expect(opened).toBe(1);
    expect(progress[0]).toEqual({ doneBytes: 0, totalBytes: 200 * MIB });
    expect(progress.at(-1)).toEqual({ doneBytes: 200 * MIB, totalBytes: 200 * MIB });
    const cached = await page.evaluate(async () => {
      const requests = await Promise.all(
        (await caches.keys()).map(async (key) => (await caches.open(key)).keys()),
      );
      return requests.flat().map(({ url }) => new URL(url).pathname);
    });
    expect(cached.toSorted()).toEqual(['/', '/page.js']);
    expect(page.url()).toBe(served.url);
  });

  test('waits for a source that is slow', async ({ page }) => {
    const downloading = page.waitForEvent('download');
    await begin(page, { ...LARGE, waitAfter: 3 });
    await downloading;
    await expect.poll(async () => (await state(page)).made).toBe(3);
    await page.evaluate(() => window.savePage.allow(200));
    expect(await outcome(page)).toEqual({ saved: { way: 'download', bytes: 200 * MIB } });
  });

  test('that is stopped in the middle fails in the browser, and the source ends', async ({ page }) => {
    const downloading = page.waitForEvent('download');
    await begin(page, { ...LARGE, waitAfter: 5 });
    const download = await downloading;
    await expect.poll(async () => (await state(page)).made).toBe(5);
    await page.evaluate(() => window.savePage.cancel());
    expect(await outcome(page)).toEqual({ error: 'save/cancelled' });
    expect(await download.failure()).not.toBeNull();
    expect(await state(page)).toMatchObject({ isCancelled: true, isAborted: true });
  });

  test('that the visitor cancels in the browser ends the source', async ({ page }) => {
    const downloading = page.waitForEvent('download');
    await begin(page, { ...LARGE, waitAfter: 5 });
    const download = await downloading;
    await expect.poll(async () => (await state(page)).made).toBe(5);
    await download.cancel();
    expect(await outcome(page)).toEqual({ error: 'save/interrupted' });
    expect(await state(page)).toMatchObject({ isCancelled: true });
  });

  test('of a source that fails, or is not as long as it said, fails in the browser', async ({ page }) => {
    for (const [wish, error] of [
      [{ ...LARGE, failAfter: 4 }, 'internal/unexpected'],
      [{ ...LARGE, chunks: 9, sizeBytes: 10 * MIB }, 'save/wrong-size'],
    ] as const) {
      const downloading = page.waitForEvent('download');
      await begin(page, wish);
      const download = await downloading;
      expect(await outcome(page)).toEqual({ error });
      expect(await download.failure()).not.toBeNull();
    }
  });

  test('of a source that fails at once is none, and no address works twice', async ({ page }) => {
    const asked: string[] = [];
    page.on('framenavigated', (frame) => asked.push(frame.url()));
    page.on('request', (request) => asked.push(request.url()));
    let downloads = 0;
    page.on('download', () => downloads++);
    await begin(page, { ...LARGE, failAfter: 0 });
    expect(await outcome(page)).toEqual({ error: 'internal/unexpected' });
    expect(downloads).toBe(0);
    const address = asked.find((url) => url.includes('/save/'))!;
    const status = await page.evaluate(async (url) => (await fetch(url)).status, address);
    expect(status).toBe(404);
  });

  for (const way of ['is closed', 'goes elsewhere', 'crashes'] as const) {
    test(`fails when its page ${way}`, async ({ page, context }) => {
      const other = await context.newPage();
      await other.goto(served.url);
      const downloading = page.waitForEvent('download');
      await begin(page, { ...LARGE, waitAfter: 5 });
      const download = await downloading;
      await expect.poll(async () => (await state(page)).made).toBe(5);
      if (way === 'is closed') await page.close();
      else if (way === 'goes elsewhere') await page.goto('about:blank');
      else {
        const session = await context.newCDPSession(page);
        const crashed = page.waitForEvent('crash');
        // The answer never comes: who would give it is gone.
        session.send('Page.crash').catch(() => undefined);
        await crashed;
      }
      expect(await download.failure()).not.toBeNull();
    });
  }

  test('of a few bytes, or of none, is made although its end is there at once', async ({ page }) => {
    for (let time = 0; time < 10; time++) {
      const downloading = page.waitForEvent('download');
      const wish = { chunks: time % 2, chunkBytes: 4 };
      await begin(page, wish);
      const download = await downloading;
      expect(await outcome(page)).toEqual({ saved: { way: 'download', bytes: wish.chunks * 4 } });
      await expectPattern(await download.path(), wish);
    }
  });

  test('has no folders in its name', async ({ page }) => {
    const downloading = page.waitForEvent('download');
    await begin(page, { chunks: 0, chunkBytes: MIB, sizeBytes: 0 }, '../..\\evil?.bin');
    const download = await downloading;
    expect(download.suggestedFilename()).toBe('-..-evil-.bin');
    expect(await outcome(page)).toEqual({ saved: { way: 'download', bytes: 0 } });
    expect((await stat(await download.path())).size).toBe(0);
  });
});

test.describe('a file of the visitor’s choice', () => {
  test.beforeEach(({ page }) => open(page));

  test('holds every byte once it is whole, and nothing before', async ({ page }) => {
    await page.evaluate(() => window.savePage.replacePicker('a file'));
    await begin(page, { ...LARGE, waitAfter: 100, sizeBytes: 200 * MIB });
    await expect.poll(async () => (await state(page)).made).toBe(100);
    expect(await page.evaluate(() => window.savePage.pickedFile())).toMatchObject({ bytes: 0 });
    await page.evaluate(() => window.savePage.allow(200));
    expect(await outcome(page)).toEqual({ saved: { way: 'file', bytes: 200 * MIB } });
    expect(await page.evaluate(() => window.savePage.pickedFile())).toEqual({
      bytes: 200 * MIB,
      isPattern: true,
    });
  });

  test('is as it was when the save is stopped or fails, and gone if there was none', async ({ page }) => {
    await page.evaluate(() => window.savePage.replacePicker('a file'));
    for (const end of ['stopped', 'failed'] as const) {
      for (const before of [null, 'what was here'] as const) {
        if (before) await page.evaluate((text) => window.savePage.writeOldFile(text), before);
        await begin(page, { ...LARGE, waitAfter: 10, failAfter: end === 'failed' ? 8 : undefined });
        if (end === 'stopped') {
          await expect.poll(async () => (await state(page)).made).toBe(10);
          await page.evaluate(() => window.savePage.cancel());
        }
        const error = end === 'stopped' ? 'save/cancelled' : 'internal/unexpected';
        expect(await outcome(page)).toEqual({ error });
        if (before) expect(await page.evaluate(() => window.savePage.readOldFile())).toBe(before);
        else expect(await page.evaluate(() => window.savePage.pickedFile())).toBeNull();
        if (before)
          await page.evaluate(async () => (await navigator.storage.getDirectory()).removeEntry('picked.bin'));
      }
    }
  });

  test('of a dialog that is closed again is none, and nothing is made for it', async ({ page }) => {
    await page.evaluate(() => window.savePage.replacePicker('dismissed'));
    await begin(page, LARGE);
    expect(await outcome(page)).toEqual({ saved: null });
    expect(await state(page)).toMatchObject({ opened: 0 });
  });

  test('that is too large for what is left is refused with the reason', async ({ page, context }) => {
    await page.evaluate(() => window.savePage.replacePicker('a file'));
    const session = await context.newCDPSession(page);
    const { origin } = new URL(served.url);
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 20 * MIB });
    await begin(page, LARGE);
    expect(await outcome(page)).toEqual({ error: 'save/no-room' });
    expect(await page.evaluate(() => window.savePage.pickedFile())).toBeNull();
  });
});

test.describe('where there is neither a dialog nor a service worker', () => {
  test('the file is gathered in the page, up to a limit that is said beforehand', async ({ page }) => {
    const errors = await open(page);
    await page.evaluate(() => window.savePage.removePicker());
    const downloading = page.waitForEvent('download');
    const small = { chunks: 40, chunkBytes: MIB };
    await begin(page, small);
    const download = await downloading;
    expect(download.suggestedFilename()).toBe(NAME);
    expect(await outcome(page)).toEqual({ saved: { way: 'memory', bytes: 40 * MIB } });
    await expectPattern(await download.path(), small);
    await begin(page, { ...LARGE, sizeBytes: 3 * 1024 * MIB });
    expect(await outcome(page)).toEqual({ error: 'save/too-large-here' });
    expect(await state(page)).toMatchObject({ opened: 0 });
    expect(errors).toEqual([]);
  });

  test('a dialog that may not be opened now leaves the download', async ({ page }) => {
    await open(page);
    await page.evaluate(() => window.savePage.installShell());
    await page.evaluate(() => window.savePage.replacePicker('not now'));
    const downloading = page.waitForEvent('download');
    await begin(page, { chunks: 2, chunkBytes: MIB });
    await downloading;
    expect(await outcome(page)).toEqual({ saved: { way: 'download', bytes: 2 * MIB } });
  });
});

/** Compares by sums: the file is large. */
async function expectPattern(path: string, { chunks, chunkBytes }: Wish): Promise<void> {
  const expected = createHash('sha1');
  for (let index = 0; index < chunks; index++) expected.update(patternChunk(index, chunkBytes));
  const actual = createHash('sha1');
  for await (const part of createReadStream(path)) actual.update(part as Buffer);
  expect((await stat(path)).size).toBe(chunks * chunkBytes);
  expect(actual.digest('hex')).toBe(expected.digest('hex'));
}
