import { expect, test, type Page } from '@playwright/test';
import { expectAccessible } from './discs.ts';
import { Exhibit } from './exhibit.ts';
import { boot, Moments, reopenOff } from './moments.ts';
import { windowOf } from './windows.ts';

/** The shelf of moments as a visitor uses it: save, go back, undo, name, pin, delete; by hand, key and finger. */

const openShelf = (page: Page) => page.getByRole('button', { name: 'Moments…' }).click();
const shelfOf = (page: Page) => windowOf(page, 'Moments');
const details = (page: Page) => shelfOf(page).locator('vitrine-moment-details');
const item = (page: Page, name: string) => shelfOf(page).getByRole('treeitem', { name });

test.describe('saving a moment', () => {
  test('takes one key, which the guest does not hear, while the guest has the keyboard', async ({ page }) => {
    const moments = await boot(page);
    await moments.exhibit.glass.click();
    await expect(page.getByText('F9 saves this moment.')).toBeVisible();
    const from = (await moments.exhibit.serial()).length;
    await page.keyboard.press('F9');
    await expect(
      page.getByText(/^“Moment of .*” is saved: the machine stood still for (less than )?\d\.\d s/),
    ).toBeVisible();
    expect((await moments.list()).map(({ kind }) => kind)).toEqual(['kept']);
    // With Shift it is the guest's.
    await page.keyboard.press('Shift+F9');
    await moments.exhibit.waitForSerial('KEY 43 up', { from });
    expect([...(await moments.exhibit.serial()).slice(from).matchAll(/KEY 43 down/g)]).toHaveLength(1);
    // What was said goes by itself.
    await expect(page.getByText(/^“Moment of .*” is saved/)).toBeHidden({ timeout: 30_000 });
  });

  test('is nobody’s key while the machine is off', async ({ page }) => {
    const exhibit = await Exhibit.open(page);
    await page.keyboard.press('F9');
    expect(await exhibit.call((machine) => machine.session.deeds.note.value)).toBeNull();
  });

  test('says so under the case when the checkpoint could not be saved', async ({ page }) => {
    const { exhibit } = await boot(page);
    await exhibit.call((machine) =>
      machine.session.moments.noteCheckpoint(0, { code: 'store/full', params: {}, detail: '' }),
    );
    await expect(
      page.getByText(/the last checkpoint could not be saved: The browser has no room/),
    ).toBeVisible();
  });
});

test.describe('going back', () => {
  test('takes one click, and is undone and redone with another', async ({ page }) => {
    test.setTimeout(240_000);
    const moments = await boot(page);
    await moments.write(1);
    await moments.take('one');
    await moments.write(2);
    await openShelf(page);
    await expect(item(page, 'one')).toContainText('You are here');
    await item(page, 'one').getByRole('button', { name: 'Go back to “one”' }).click();
    await expect(shelfOf(page)).toBeHidden();
    await expect(page.getByText('The machine is back at “one”.')).toBeVisible();
    await moments.check(1);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(page.getByText('That is undone')).toBeVisible();
    await moments.check(2);
    await page.getByRole('button', { name: 'Redo' }).click();
    await expect.poll(() => moments.exhibit.call((machine) => machine.session.deeds.doing.value)).toBeNull();
    await moments.check(1);
    // It can be undone later too.
    await openShelf(page);
    await expect(item(page, 'Before going back')).toContainText('To undo');
  });

  test('from a machine that is off starts it, and keeps its disk', async ({ page }) => {
    test.setTimeout(240_000);
    const before = await boot(page);
    await before.write(1);
    await before.take('one');
    await before.write(2);
    const moments = await reopenOff(page);
    const shown = moments.exhibit.page;
    await openShelf(shown);
    await expect(shelfOf(shown).getByRole('button', { name: /Save this moment/ })).toBeDisabled();
    await details(shown).getByRole('button', { name: 'Go back to “one”' }).click();
    await moments.exhibit.waitForPower('running');
    await moments.check(1);
    const from = (await moments.exhibit.serial()).length;
    await shown.getByRole('button', { name: 'Undo' }).click();
    await moments.exhibit.waitForSerial('HOUSE READY', { from });
    await moments.ok('verify 2048 512 2');
  });

  test('to the exhibit’s first state takes one step, once one is pinned', async ({ page }) => {
    test.setTimeout(240_000);
    const moments = await boot(page);
    const reset = page.getByRole('button', { name: 'Reset to first state' });
    await expect(reset).toHaveCount(0);
    await moments.write(1);
    await moments.take('morning');
    await openShelf(page);
    await details(page).getByRole('button', { name: 'Make “morning” the exhibit’s first state' }).click();
    await expect(item(page, 'morning')).toContainText('First state');
    await page.keyboard.press('Escape');
    await moments.write(2);
    await reset.click();
    await expect(page.getByText('The machine is back in its first state.')).toBeVisible();
    await moments.check(1);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(page.getByText('That is undone')).toBeVisible();
    await moments.check(2);

    // Another page knows it before the machine is on.
    const later = await reopenOff(page);
    const shown = later.exhibit.page;
    await shown.getByRole('button', { name: 'Reset to first state' }).click();
    await later.exhibit.waitForPower('running');
    await later.check(1);
    // A kiosk does it by itself, and keeps nothing of its visitor.
    await later.write(3);
    const before = (await later.list()).length;
    expect(await later.exhibit.call((machine) => machine.resetToFirstState())).toBe(true);
    await later.check(1);
    expect(await later.list()).toHaveLength(before);
    await openShelf(shown);
    await item(shown, 'morning').click();
    await details(shown).getByRole('button', { name: 'Do not reset to “morning” any more' }).click();
    await shown.keyboard.press('Escape');
    await expect(shown.getByRole('button', { name: 'Reset to first state' })).toHaveCount(0);
  });

  test('leaves the clock right, and says what the guest believes', async ({ page }) => {
    const moments = await boot(page);
    const { id } = await moments.take('earlier');
    // Seven seconds of the clock chip.
    await moments.ok('ticks 64 7');
    await moments.exhibit.call((machine) => machine.session.deeds.goBack('m1'));
    expect(id).toBe('m1');
    await expect(
      page.getByText(
        /The clock chip says .*\. A system that was running still counts from .* and is \d+ s behind until it looks at the chip again\./,
      ),
    ).toBeVisible();
    expect(await clockError(moments)).toBeLessThan(3_000);

    // A clock that the guest had set is set as then.
    await moments.ok('setrtc 2009-10-22 10:00:00');
    const set = await moments.take('in 2009');
    await moments.ok('setrtc 2015-01-01 00:00:00');
    await moments.restore(set.id);
    expect((await moments.exhibit.command('rtc')).answer).toContain('2009-10-22 10:0');
  });
});

/** How far the guest's clock chip is from this computer's clock, in ms. */
async function clockError({ exhibit }: Moments): Promise<number> {
  const { answer } = await exhibit.command('rtc');
  const [, day, time] = /(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)/.exec(answer)!;
  return exhibit.page.evaluate((text) => Math.abs(new Date(text).getTime() - Date.now()), `${day}T${time}`);
}

test.describe('the shelf', () => {
  test('is used with the keyboard alone', async ({ page }) => {
    test.setTimeout(240_000);
    const moments = await boot(page);
    await moments.write(1);
    await moments.take('one');
    await moments.write(2);
    await moments.take('two');
    await moments.write(3);
    await page.getByRole('button', { name: 'Moments…' }).focus();
    await page.keyboard.press('Enter');
    await expect(shelfOf(page)).toBeVisible();
    await expect(item(page, 'two')).toHaveAttribute('aria-selected', 'true');
    await item(page, 'two').focus();
    await page.keyboard.press('ArrowUp');
    await expect(item(page, 'one')).toBeFocused();
    await page.keyboard.press('ArrowRight');
    await expect(item(page, 'two')).toBeFocused();
    await page.keyboard.press('F2');
    await expect(details(page).getByRole('textbox', { name: 'New name' })).toBeFocused();
    await page.keyboard.type('second');
    await page.keyboard.press('Enter');
    await expect(item(page, 'second')).toBeVisible();
    await item(page, 'second').focus();
    await page.keyboard.press('Delete');
    const question = details(page).getByRole('alertdialog', { name: 'Delete “second”?' });
    await expect(question).toContainText(/become free|Hardly anything/);
    await expect(question.getByRole('button', { name: 'Keep it' })).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(question).toBeHidden();
    await expect(shelfOf(page)).toBeVisible();
    await item(page, 'second').focus();
    await page.keyboard.press('Delete');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await expect(item(page, 'second')).toHaveCount(0);
    await expect(item(page, 'one')).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(shelfOf(page)).toBeHidden();
    await moments.check(1);
  });

  test('only shows what another tab has open', async ({ page, context }) => {
    const moments = await boot(page);
    await moments.take('one');
    const second = await Exhibit.open(await context.newPage());
    await second.opened();
    await openShelf(second.page);
    await expect(shelfOf(second.page)).toContainText('The machine is open in another tab or window.');
    await expect(item(second.page, 'one')).toBeVisible();
    for (const button of await details(second.page).getByRole('button').all())
      await expect(button).toBeDisabled();
    await expectAccessible(second.page);
  });

  test('says what a moment is while there is none, and what is wrong where nothing is stored', async ({
    page,
  }) => {
    const exhibit = await Exhibit.open(page);
    await openShelf(page);
    await expect(shelfOf(page)).toContainText('Nothing is saved yet.');
    await expect(shelfOf(page)).toContainText('Turn the machine on first');
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await exhibit.bootHouse();
    await openShelf(page);
    await shelfOf(page)
      .getByRole('button', { name: /Save this moment/ })
      .click();
    await expect(item(page, 'Moment of')).toHaveAttribute('aria-selected', 'true');
    await expectAccessible(page);
  });

  test('tells that nothing can be stored', async ({ page }) => {
    await page.addInitScript(() => {
      Object.defineProperty(window, 'indexedDB', {
        get() {
          throw new DOMException('denied', 'SecurityError');
        },
      });
    });
    await Exhibit.open(page);
    await openShelf(page);
    await expect(shelfOf(page).getByRole('alert')).toContainText('does not let the page store anything');
  });

  test('fits a phone, and a finger', async ({ browser, baseURL }) => {
    const context = await browser.newContext({
      baseURL,
      hasTouch: true,
      viewport: { width: 390, height: 800 },
    });
    const moments = await boot(await context.newPage());
    const { page } = moments.exhibit;
    await moments.write(1);
    await moments.take('A moment with a rather long name, as visitors give them');
    await moments.write(2);
    await openShelf(page);
    const width = () => page.evaluate(() => document.documentElement.scrollWidth);
    expect(await width()).toBeLessThanOrEqual(390);
    await expectAccessible(page);
    await item(page, 'A moment with')
      .getByRole('button', { name: /^Go back/ })
      .tap();
    await expect(shelfOf(page)).toBeHidden();
    await moments.check(1);
    expect(await width()).toBeLessThanOrEqual(390);
    await context.close();
  });
});
