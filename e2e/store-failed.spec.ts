import { expect, test, type Page } from '@playwright/test';
import { expectAccessible } from './discs.ts';
import { Exhibit } from './exhibit.ts';
import { boot, Moments } from './moments.ts';
import { expectInReach } from './reach.ts';
import { windowOf } from './windows.ts';

/** What is kept must not look as if it were gone, whatever keeps the browser's store from being opened. */

const FAILED = 'What this browser keeps cannot be reached';

/** From the next page on the browser's store fails with this error, or never answers, until `mend`. */
async function breakStore(page: Page, name: string): Promise<void> {
  await page.addInitScript((failure) => {
    const { prototype } = IDBFactory;
    const working = Object.getOwnPropertyDescriptor(prototype, 'open')!.value as (
      ...args: unknown[]
    ) => never;
    prototype.open = function (...args) {
      if ('storeIsWell' in window) return working.apply(this, args);
      const request = { onerror: () => {}, error: new DOMException('no', failure) };
      if (failure !== '') setTimeout(() => request.onerror());
      return request as never;
    };
  }, name);
}

const mend = (page: Page) => page.evaluate(() => Object.assign(window, { storeIsWell: true }));

/** A visit that leaves a machine that goes on by itself, and a moment. */
async function firstVisit(page: Page): Promise<Page> {
  const moments = await boot(page);
  await moments.write(5);
  await moments.take('kept');
  await moments.exhibit.call((machine) => machine.session.moments.prepareToLeave());
  const next = await page.context().newPage();
  await page.close();
  return next;
}

test('a store that cannot be opened is told everywhere, nothing starts without the disk, and trying again goes on', async ({
  page,
}) => {
  const next = await firstVisit(page);
  await breakStore(next, 'QuotaExceededError');
  const exhibit = await Exhibit.open(next);
  const told = next.getByRole('alertdialog', { name: FAILED });
  await expect(told).toContainText('because the drive of this computer is full');
  await expect(next.getByRole('button', { name: 'Try again' })).toBeFocused();
  await expectAccessible(next);
  await expectInReach(next, FAILED);
  await expect(next.getByRole('button', { name: 'Boot the house disc' })).toBeHidden();

  // The power button does not go round it.
  await exhibit.pressPower();
  await exhibit.waitForPower('off');
  await expect(told).toBeVisible();
  expect(await exhibit.log()).toEqual(['power starting', 'power off']);

  // The windows say the same.
  for (const name of ['Machines', 'Moments']) {
    await next.getByRole('button', { name: `${name}…` }).click();
    const window = windowOf(next, name);
    await expect(window.getByRole('alert')).toContainText('because the drive of this computer is full');
    // The window looks again every few seconds; a key that falls into that moment is pressed again.
    await expect(async () => {
      await next.keyboard.press('Escape');
      await expect(window).toBeHidden({ timeout: 1000 });
    }).toPass();
  }

  const again = next.getByRole('button', { name: 'Try again' });
  await again.click();
  await expect(told).toBeVisible();
  await mend(next);
  // The try before may have been slower than the mend, and have come through.
  await expect(async () => {
    if (await again.isVisible()) await again.click({ timeout: 1000 });
    expect(await exhibit.call((machine) => machine.power)).toBe('running');
  }).toPass();
  const moments = new Moments(exhibit);
  await moments.check(5);
  expect((await moments.list()).map(({ label }) => label)).toContain('kept');
});

test('a visitor may start without the disk, and all that is kept is there afterwards', async ({ page }) => {
  const next = await firstVisit(page);
  await breakStore(next, 'UnknownError');
  const exhibit = await Exhibit.open(next);
  await expect(next.getByRole('alertdialog', { name: FAILED })).toContainText('restart the browser');
  await next.getByRole('button', { name: 'Start without the disk' }).click();
  await exhibit.waitForSerial('HOUSE READY');
  await expect(next.getByText('without a disk: nothing of it is kept')).toBeVisible();
  await exhibit.call((machine) => machine.powerOff());
  await mend(next);
  await exhibit.call((machine) => machine.powerOn());
  await exhibit.waitForSerial('HOUSE READY');
  const moments = new Moments(exhibit);
  await moments.ok('verify 2048 512 5');
  expect((await moments.list()).length).toBeGreaterThan(0);
});

test('a store that never answers is told after some seconds, with a figure until then', async ({ page }) => {
  await page.clock.install();
  await breakStore(page, '');
  const exhibit = await Exhibit.open(page);
  await page.clock.runFor(3_000);
  await expect(page.getByText(/^Looking what this browser keeps… \d+ s/)).toBeVisible();
  await page.clock.runFor(10_000);
  const told = page.getByRole('alertdialog', { name: FAILED });
  await expect(told).toContainText('does not answer');
  await page.clock.resume();
  await mend(page);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('button', { name: 'Boot the house disc' })).toBeVisible();
  await exhibit.bootHouse();
});

test.describe('in the machine’s worker alone', () => {
  test.use({ serviceWorkers: 'block' });

  test('a store that cannot be opened keeps the machine off, and trying again goes on', async ({ page }) => {
    let isWell = false;
    await page.route('**/assets/machine-worker-*.js', async (route) => {
      const response = await route.fetch();
      const fail = `IDBFactory.prototype.open = () => { throw new DOMException('no', 'UnknownError'); };`;
      await route.fulfill({ response, body: `${isWell ? '' : fail}${await response.text()}` });
    });
    const exhibit = await Exhibit.open(page);
    await exhibit.pressPower();
    const told = page.getByRole('alertdialog', { name: FAILED });
    await expect(told).toContainText('restart the browser');
    await exhibit.waitForPower('off');
    isWell = true;
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(told).toBeHidden();
    await exhibit.pressPower();
    await exhibit.waitForSerial('HOUSE READY');
  });
});

test('data that the browser threw away are told, and the visitor can begin anew', async ({ page }) => {
  const next = await firstVisit(page);
  await next.goto('/icon.svg');
  await next.evaluate(
    () =>
      new Promise((resolve) => {
        // oxlint-disable-next-line no-restricted-globals -- the browser mends its store by throwing it away
        indexedDB.deleteDatabase('vitrine-disks').onsuccess = resolve;
      }),
  );
  const exhibit = await Exhibit.open(next);
  const gone = next.getByRole('alertdialog', { name: 'What was kept in this browser is gone' });
  await expect(gone).toContainText('its storage is empty now');
  await next.getByRole('button', { name: 'Begin anew' }).click();
  await expect(next.getByRole('button', { name: 'Boot the house disc' })).toBeVisible();
  await exhibit.bootHouse();
});
