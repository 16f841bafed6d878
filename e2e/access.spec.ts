import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { Exhibit } from './exhibit.ts';

/** What axe finds wrong, in short: rule, and where. */
async function problems(exhibit: Exhibit): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page: exhibit.page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}`));
}

test.describe('for everybody', () => {
  test('axe finds nothing wrong: off, running, with menu, settings and a message', async ({ page }) => {
    const exhibit = await Exhibit.open(page);
    expect(await problems(exhibit)).toEqual([]);
    await exhibit.bootHouse();
    expect(await problems(exhibit)).toEqual([]);
    await page.getByRole('button', { name: 'Power: turn off or pause…' }).click();
    expect(await problems(exhibit)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Settings…' }).click();
    expect(await problems(exhibit)).toEqual([]);
    await page.keyboard.press('Escape');
    await exhibit.drop(import.meta.filename ?? new URL(import.meta.url).pathname);
    await expect(page.getByRole('alertdialog')).toBeVisible();
    expect(await problems(exhibit)).toEqual([]);
  });

  test('a visit with the keyboard alone: start, type on the machine, come back, turn off', async ({
    page,
  }) => {
    const exhibit = await Exhibit.open(page);
    await exhibit.configure({ memoryMiB: 64 });
    /** The name of what has the focus, however deep in shadow roots. */
    const focusedName = () =>
      page.evaluate(() => {
        let element = document.activeElement;
        while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
        return element?.getAttribute('aria-label') ?? element?.textContent?.trim() ?? '';
      });
    const tabTo = async (name: string) => {
      for (let step = 0; step < 60; step++) {
        await page.keyboard.press('Tab');
        if ((await focusedName()) === name) return;
      }
      throw new Error(`no way to "${name}" by the Tab key`);
    };
    await tabTo('Boot the house disc');
    await page.keyboard.press('Enter');
    await exhibit.waitForSerial('HOUSE READY');

    await tabTo('Screen of the machine');
    // Coming by Tab does not take the keyboard: nobody is trapped.
    await page.keyboard.press('Tab');
    expect(await focusedName()).not.toBe('Screen of the machine');
    await tabTo('Screen of the machine');
    await page.keyboard.press('Enter');
    await expect(page.getByText(/Press and release .* to leave the computer/)).toBeVisible();
    const from = (await exhibit.serial()).length;
    await page.keyboard.press('Tab');
    await exhibit.waitForSerial(/KEY 0f up/i, { from });
    await page.keyboard.down('Control');
    await page.keyboard.down('Alt');
    await page.keyboard.up('Alt');
    await page.keyboard.up('Control');
    await tabTo('Power: turn off or pause…');
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    await expect(page.getByRole('menuitem', { name: /^Turn off now/ })).toBeFocused();
    await page.keyboard.press('Enter');
    await exhibit.waitForPower('off');
    await expect(page.getByRole('status').filter({ hasText: 'The machine is off.' })).toBeAttached();
  });

  test('the settings are kept on this device', async ({ page }) => {
    const exhibit = await Exhibit.open(page);
    await page.getByRole('button', { name: 'Settings…' }).click();
    await page.getByLabel('Pause the machine while this page is hidden').uncheck();
    await page.getByRole('button', { name: 'Close' }).click();
    await page.reload();
    await page.getByRole('button', { name: 'Settings…' }).click();
    await expect(page.getByLabel('Pause the machine while this page is hidden')).not.toBeChecked();
    await page.getByRole('button', { name: 'Close' }).click();
    await exhibit.bootHouse();
    await page.evaluate(() => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => true });
      document.dispatchEvent(new Event('visibilitychange'));
    });
    expect((await exhibit.command('help')).answer).toMatch(/^OK/);
  });

  test('a finger moves the guest’s pointer and taps', async ({ browser, baseURL }) => {
    const context = await browser.newContext({
      baseURL,
      hasTouch: true,
      viewport: { width: 1180, height: 820 },
    });
    const page = await context.newPage();
    const exhibit = await Exhibit.open(page);
    await exhibit.bootHouse();
    const box = (await exhibit.glass.boundingBox())!;
    const from = (await exhibit.serial()).length;
    const finger = await context.newCDPSession(page);
    const at = (dx: number) => [{ x: box.x + box.width / 2 + dx, y: box.y + box.height / 2 }];
    await finger.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(0) });
    for (let dx = 10; dx <= 80; dx += 10)
      await finger.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at(dx) });
    await finger.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await exhibit.waitForSerial(/MOUSE [1-9]\d* /, { from });
    const before = (await exhibit.serial()).length;
    await page.touchscreen.tap(box.x + 40, box.y + 40);
    await exhibit.waitForSerial(/MOUSE 0 0 1/, { from: before });
    await context.close();
  });
});
