import { expect, test, type Page } from '@playwright/test';
import { expectAccessible } from './discs.ts';
import { Exhibit } from './exhibit.ts';
import { KillableBrowser } from './kill/killable-browser.ts';
import { boot, insertVariant, Moments, reopen } from './moments.ts';

/** What a page does with a machine that was left running: it goes on by itself, or both truths are offered. */

const TRUTHS = 'The page ended while the machine was on';

/** The machine as it is now is what a later page goes on from. */
async function checkpoint(moments: Moments): Promise<void> {
  await moments.exhibit.call((machine) => machine.session.moments.prepareToLeave());
}

/** A browser that was killed after its machine wrote on: checkpoint 5 with memory, disk 6. */
async function crashed(browser: KillableBrowser): Promise<Moments> {
  const exhibit = await browser.open();
  await exhibit.bootHouse();
  const before = new Moments(exhibit);
  await before.write(5);
  await checkpoint(before);
  await before.write(6);
  await browser.kill();
  const moments = new Moments(await browser.open());
  await expect(moments.exhibit.page.getByRole('heading', { name: TRUTHS })).toBeVisible();
  expect(await moments.exhibit.call((machine) => machine.power)).toBe('off');
  return moments;
}

test.describe('a machine that was left running', () => {
  test('goes on by itself when the page is reloaded, without a click', async ({ page }) => {
    let moments = await boot(page);
    await moments.write(5);
    await checkpoint(moments);
    await page.reload();
    await moments.exhibit.waitForPower('running');
    await expect(page.getByText('The machine goes on where it was left.')).toBeVisible();
    await moments.check(5);
    // Turned off, it stays off.
    await moments.exhibit.call((machine) => machine.powerOff());
    moments = await reopen(page);
    expect(await moments.exhibit.opened()).toBe('off');
    await expect(moments.exhibit.page.getByRole('button', { name: 'Boot the house disc' })).toBeVisible();
    expect(moments.exhibit.consoleErrors).toEqual([]);
  });

  test('is saved while its page is being left, whose own thread does nothing any more', async ({ page }) => {
    const moments = await boot(page);
    await moments.write(5);
    const inTime = await moments.exhibit.call(async (machine) => {
      let saved = false;
      void machine.session.moments.prepareToLeave().then(() => (saved = true));
      const end = performance.now() + 4_000;
      while (performance.now() < end);
      // What was answered meanwhile waits in line before this.
      for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setTimeout(resolve));
      return saved;
    });
    expect(inTime).toBe(true);
    expect((await moments.list()).map(({ kind }) => kind)).toEqual(['checkpoint']);
  });

  test('says what it goes on from, and can be stopped with all of it kept', async ({ page }) => {
    test.setTimeout(240_000);
    const exhibit = await Exhibit.open(page);
    await exhibit.bootHouse({ memoryMiB: 512 });
    let moments = new Moments(exhibit);
    await moments.ok('fill 350 3');
    await checkpoint(moments);
    moments = await reopen(page);
    const shown = moments.exhibit.page;
    await expect(shown.getByRole('heading', { name: /^Going on from / })).toBeVisible();
    await expect(shown.getByText(/of 512 MiB of memory, \d+ s/)).toBeVisible();
    await shown.getByRole('button', { name: 'Stop, and leave it off' }).click();
    await expect(
      shown.getByRole('heading', { name: 'The machine is off, and all of it is kept' }),
    ).toBeVisible();
    await moments.exhibit.waitForPower('off');
    expect((await moments.list()).map(({ kind }) => kind)).toEqual(['checkpoint']);
    await shown.getByRole('button', { name: /^Go on from/ }).click();
    await moments.exhibit.waitForPower('running');
    await moments.ok('check 350 3');
  });

  test('is not started in a second tab, which says so when it is asked to', async ({ page, context }) => {
    const moments = await boot(page);
    await moments.write(5);
    await checkpoint(moments);
    const second = await Exhibit.open(await context.newPage());
    expect(await second.opened()).toBe('off');
    await expect(second.page.getByRole('button', { name: 'Boot the house disc' })).toBeVisible();
    await second.pressPower();
    await expect(second.page.getByRole('alertdialog')).toContainText('in use in another tab');
    await moments.check(5);
  });
});

test.describe('after a crash in which the disk went on', () => {
  test('the moment can be taken with the keyboard, and the disk is kept', async () => {
    test.setTimeout(240_000);
    const browser = new KillableBrowser();
    try {
      const moments = await crashed(browser);
      const { page } = moments.exhibit;
      await expect(page.getByRole('button', { name: /^As it was at / })).toBeFocused();
      await expectAccessible(page);
      await page.keyboard.press('Enter');
      await moments.exhibit.waitForPower('running');
      await moments.check(5);
      const disk = (await moments.list()).find(({ kind }) => kind === 'disk')!;
      const from = (await moments.exhibit.serial()).length;
      await moments.restore(disk.id);
      await moments.exhibit.waitForSerial('HOUSE READY', { from });
      await moments.ok('verify 2048 512 6');
    } finally {
      await browser.dispose();
    }
  });

  test('the disk can be taken, and the moment is kept', async () => {
    test.setTimeout(240_000);
    const browser = new KillableBrowser();
    try {
      const moments = await crashed(browser);
      const { page } = moments.exhibit;
      await page.keyboard.press('Tab');
      await expect(page.getByRole('button', { name: /^Its disk of / })).toBeFocused();
      await page.keyboard.press('Enter');
      await moments.exhibit.waitForSerial('HOUSE READY');
      await moments.ok('verify 2048 512 6');
      const [kept] = await moments.list();
      expect(kept).toMatchObject({ kind: 'kept', label: 'Before it was started from its disk' });
      await moments.restore(kept.id);
      await moments.check(5);
    } finally {
      await browser.dispose();
    }
  });
});

test.describe('a machine that cannot go on at once', () => {
  test('asks for its disc by name, and goes on when the right one comes', async ({ page }) => {
    const exhibit = await Exhibit.open(page);
    await exhibit.configure({ memoryMiB: 64 });
    await insertVariant(exhibit, 'tour.iso');
    await exhibit.call((machine) => machine.powerOn());
    await exhibit.waitForSerial('HOUSE READY');
    const before = new Moments(exhibit);
    await before.write(7);
    await checkpoint(before);
    const moments = await reopen(page);
    const asked = moments.exhibit.page;
    await expect(asked.getByRole('heading', { name: 'Put tour.iso in, and it goes on' })).toBeVisible();
    await expectAccessible(asked);
    await insertVariant(moments.exhibit, 'wrong.iso', 0x55);
    await expect(asked.getByText('wrong.iso is in the drive, which is another disc.')).toBeVisible();
    expect(await moments.exhibit.call((machine) => machine.power)).toBe('off');
    await insertVariant(moments.exhibit, 'renamed.iso');
    await moments.exhibit.waitForPower('running');
    await moments.check(7);
  });

  test('says why, stays off, and keeps what it has', async ({ page }) => {
    const before = await boot(page);
    await before.write(5);
    await checkpoint(before);
    const next = await page.context().newPage();
    await page.close();
    await spoil(next, 'pages');
    const moments = new Moments(await Exhibit.open(next));
    await expect(next.getByRole('alert')).toContainText('This saved moment cannot be read as it was stored');
    await moments.exhibit.waitForPower('off');
    await expectAccessible(next);
    expect((await moments.list()).map(({ kind }) => kind)).toEqual(['checkpoint']);
    await next.getByRole('button', { name: 'Start from its disk' }).click();
    await moments.exhibit.waitForSerial('HOUSE READY');
    await moments.ok('verify 2048 512 5');
  });

  test('does not try again by itself what ended the page', async ({ page }) => {
    const before = await boot(page);
    await before.write(5);
    await checkpoint(before);
    const next = await page.context().newPage();
    await page.close();
    await next.addInitScript(() =>
      localStorage.setItem('vitrine-resuming', JSON.stringify({ machineId: 'default' })),
    );
    const moments = new Moments(await Exhibit.open(next));
    await expect(
      next.getByRole('heading', { name: 'The machine did not go on the last time' }),
    ).toBeVisible();
    await next.getByRole('button', { name: /^Go on from/ }).click();
    await moments.exhibit.waitForPower('running');
    await moments.check(5);
  });
});

test.describe('what is kept cannot be read', () => {
  test('a list of moments that is damaged is told, and the page works', async ({ page }) => {
    const before = await boot(page);
    await before.write(5);
    await checkpoint(before);
    const next = await page.context().newPage();
    await page.close();
    await spoil(next, 'moments');
    const exhibit = await Exhibit.open(next);
    const told = next.getByRole('alertdialog', { name: 'What was saved of the machine cannot be read' });
    await expect(told).toBeVisible();
    await next.getByRole('button', { name: 'Close' }).click();
    await expect(next.getByRole('button', { name: 'Boot the house disc' })).toBeVisible();
    expect(await exhibit.call((machine) => machine.power)).toBe('off');
  });

  test('a browser that stores nothing opens as ever', async ({ page }) => {
    await page.addInitScript(() => {
      Object.defineProperty(window, 'indexedDB', {
        get() {
          throw new DOMException('denied', 'SecurityError');
        },
      });
    });
    const exhibit = await Exhibit.open(page);
    expect(await exhibit.opened()).toBe('off');
    await expect(page.getByRole('button', { name: 'Boot the house disc' })).toBeVisible();
    await expect(page.getByRole('alertdialog')).toHaveCount(0);
  });
});

/** Damages every record of a kind in the browser's store, from a page of the same origin that has no machine. */
async function spoil(page: Page, kind: string): Promise<void> {
  await page.goto('/icon.svg');
  await page.evaluate(async (name) => {
    const outcome = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    // oxlint-disable-next-line no-restricted-globals -- a drive that went bad, from outside
    const database = await outcome(indexedDB.open('vitrine-disks'));
    const records = (mode: IDBTransactionMode) =>
      database.transaction('records', mode).objectStore('records');
    const range = IDBKeyRange.bound([name], [name, []]);
    const [keys, values] = await Promise.all([
      outcome(records('readonly').getAllKeys(range)),
      outcome(records('readonly').getAll(range)),
    ]);
    if (keys.length === 0) throw new Error(`nothing is stored under ${name}`);
    for (const [i, key] of keys.entries()) {
      const value: unknown = values[i];
      let spoilt: unknown = { ...(value as object), checksum: 'wrong' };
      if (value instanceof Blob) {
        const bytes = new Uint8Array(await value.arrayBuffer());
        for (let at = 0; at < bytes.length; at += 512) bytes[at] ^= 0xff;
        spoilt = new Blob([bytes]);
      }
      await outcome(records('readwrite').put(spoilt, key));
    }
    database.close();
  }, kind);
}
