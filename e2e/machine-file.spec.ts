import { expect, test, type Browser, type Page } from '@playwright/test';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectAccessible } from './discs.ts';
import { Exhibit } from './exhibit.ts';
import { boot, Moments } from './moments.ts';
import { windowOf } from './windows.ts';

/** A machine in one file, as a visitor saves and brings it: with progress, with a way out, and nothing lost unasked. */

const folder = mkdtempSync(join(tmpdir(), 'vitrine-files-'));
const GIFT = join(folder, 'gift.vitrine');

test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

const shelfOf = (page: Page) => windowOf(page, 'Machines');
const card = (page: Page, name: string) => shelfOf(page).getByRole('article', { name });
const openShelf = (page: Page) => page.getByRole('button', { name: 'Machines…' }).click();

/** The browser's own dialog cannot be answered from here: a file of the page's private folder stands for the choice. */
async function answerSaveDialog(page: Page): Promise<void> {
  await page.evaluate(() => {
    Object.assign(window, {
      showSaveFilePicker: async () =>
        (await navigator.storage.getDirectory()).getFileHandle('saved', { create: true }),
    });
  });
}

/** Copies what was saved there to this computer's drive. */
async function fetchSaved(page: Page, path: string): Promise<void> {
  const base64 = await page.evaluate(async () => {
    const handle = await (await navigator.storage.getDirectory()).getFileHandle('saved');
    const url = await new Promise<string>((resolve) => {
      const reader = new FileReader();
      reader.onload = () => resolve(reader.result as string);
      void handle.getFile().then((file) => reader.readAsDataURL(file));
    });
    return url.slice(url.indexOf(',') + 1);
  });
  writeFileSync(path, Buffer.from(base64, 'base64'));
}

/** A machine that was left while it was on, saved by hand into GIFT: pattern 4, and so much memory that it takes a while. */
async function makeGift(browser: Browser): Promise<void> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const exhibit = await Exhibit.open(page);
  await exhibit.bootHouse({ memoryMiB: 192 });
  const moments = new Moments(exhibit);
  await moments.ok('fill 120 9');
  await moments.write(4);
  await moments.take('to go');
  await exhibit.call((machine) => machine.session.moments.prepareToLeave());
  // A page that finds the mark of an attempt that never ended asks first, and its machine is off.
  await page.evaluate(() =>
    localStorage.setItem('vitrine-resuming', JSON.stringify({ machineId: 'default' })),
  );
  const next = await context.newPage();
  await page.close();
  await Exhibit.open(next);
  await expect(next.getByRole('button', { name: 'Start from its disk' })).toBeVisible();
  await answerSaveDialog(next);
  await openShelf(next);
  await card(next, 'The machine in the case')
    .getByRole('button', { name: /^Save “.*” to a file…$/ })
    .click();
  await expect(
    shelfOf(next).getByRole('progressbar', { name: 'Writing The machine in the case.vitrine' }),
  ).toBeVisible();
  await expect(shelfOf(next).getByRole('status').filter({ hasText: 'is in a file now.' })).toBeAttached();
  await fetchSaved(next, GIFT);
  await context.close();
}

test.describe('a machine file', () => {
  test.describe.configure({ mode: 'serial' });

  test('is saved from the shelf, and goes on in another browser exactly where it was', async ({
    page,
    browser,
  }) => {
    test.setTimeout(300_000);
    await makeGift(browser);
    const exhibit = await Exhibit.open(page);
    await exhibit.drop(GIFT);
    await expect(
      shelfOf(page).getByRole('heading', { name: 'Bring the machine in gift.vitrine' }),
    ).toBeVisible();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'As a new machine' }).click();
    await expect(page.getByRole('heading', { name: /^This machine was left at / })).toBeVisible();
    await page.getByRole('button', { name: /^Go on from/ }).click();
    await exhibit.waitForPower('running');
    const moments = new Moments(exhibit);
    await moments.check(4);
    expect((await moments.list()).map(({ label }) => label)).toContain('to go');
    // A machine that is on is not saved, and says so.
    await openShelf(page);
    await card(page, 'The machine in the case')
      .getByRole('button', { name: /^Save “/ })
      .click({ force: true });
    await expect(shelfOf(page)).toContainText('This machine is on. Turn it off first.');
  });

  test('replaces a machine only after it was said what is lost', async ({ page }) => {
    test.setTimeout(240_000);
    const moments = await boot(page);
    await moments.write(1);
    await moments.take('mine');
    await moments.exhibit.drop(GIFT);
    await page.getByRole('button', { name: /^In place of “The machine in the case”/ }).click();
    await expect(shelfOf(page)).toContainText('is on. Turn it off first, then replace it.');
    await moments.exhibit.call((machine) => machine.powerOff());
    await page.getByRole('button', { name: /^In place of/ }).click();
    const question = page.getByRole('alertdialog');
    await expect(question).toContainText('This is lost:');
    await expect(question).toContainText('1 saved moment');
    await expect(question.getByRole('button', { name: 'Keep it' })).toBeFocused();
    await expectAccessible(page);
    await page.keyboard.press('Enter');
    expect((await moments.list()).map(({ label }) => label)).toEqual(['mine']);
    await page.getByRole('button', { name: /^In place of/ }).click();
    await question.getByRole('button', { name: 'Replace it' }).click();
    await page.getByRole('button', { name: /^Go on from/ }).click();
    await moments.exhibit.waitForPower('running');
    await moments.check(4);
    expect((await moments.list()).map(({ label }) => label)).not.toContain('mine');
  });

  test('that is given up half way changes nothing', async ({ page }) => {
    test.setTimeout(240_000);
    const moments = await boot(page);
    await moments.write(1);
    const mine = await moments.take('mine');
    await moments.exhibit.call((machine) => machine.powerOff());
    await moments.exhibit.drop(GIFT);
    await page.getByRole('button', { name: /^In place of/ }).click();
    await page.getByRole('button', { name: 'Replace it' }).click();
    const progress = shelfOf(page).locator('vitrine-progress');
    await expect(progress).toContainText(/MB of \d+ MB, .* a second/);
    await progress.getByRole('button', { name: 'Cancel' }).click();
    await expect(
      shelfOf(page).getByRole('status').filter({ hasText: 'everything is as it was' }),
    ).toBeAttached();
    expect((await moments.list()).map(({ label }) => label)).toEqual(['mine']);
    await page.keyboard.press('Escape');
    await moments.restore(mine.id);
    await moments.check(1);
  });

  test('that is damaged is refused with its reason', async ({ page }, info) => {
    const bytes = readFileSync(GIFT);
    bytes[bytes.length >> 1] ^= 1;
    const bad = info.outputPath('bad.vitrine');
    writeFileSync(bad, bytes);
    const letter = info.outputPath('letter.vitrine');
    writeFileSync(letter, 'Dear museum, this is a letter.\n'.repeat(300));
    const exhibit = await Exhibit.open(page);
    for (const [path, says] of [
      [bad, 'bad.vitrine is damaged'],
      [letter, 'letter.vitrine is not a machine of this exhibit'],
    ] as const) {
      await exhibit.drop(path);
      await page.getByRole('button', { name: 'As a new machine' }).click();
      await expect(shelfOf(page).getByRole('alert')).toContainText(says);
      await page.keyboard.press('Escape');
    }
    await openShelf(page);
    await expect(shelfOf(page).getByRole('article')).toHaveCount(1);
  });
});
