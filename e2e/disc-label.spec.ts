import { expect, test } from '@playwright/test';
import { DISCS, expectAccessible, labelOf, NO_DISCS, WINDOWS_7 } from './discs.ts';
import { Exhibit, HOUSE_ISO } from './exhibit.ts';

/** Every kind of disc is dropped as a hand does it, and its label is read on the page before the power is on. */
test.describe('the label of a disc', () => {
  test('of an empty tray says what can be brought', async ({ page }) => {
    const exhibit = await Exhibit.open(page);
    const label = labelOf(page);
    await expect(label.getByRole('heading', { name: 'The tray is empty' })).toBeVisible();
    await expect(label).toContainText('Windows 7, 32-bit, your own disc: what this machine is made for');
    await expect(label).toContainText('64-bit systems and Windows 8 or later cannot');
    await expectAccessible(page);
    expect(exhibit.consoleErrors).toEqual([]);
  });

  for (const { what, make, heading, verdict, codes, says = [] } of DISCS) {
    test(`of ${what}`, async ({ page }, info) => {
      const path = info.outputPath('brought.iso');
      test.skip(!(await make(path)), 'this guest is not on this computer');
      const exhibit = await Exhibit.open(page);
      await exhibit.drop(path);
      const label = labelOf(page);
      await expect(label.getByRole('heading', { level: 2, name: 'In the tray' })).toBeVisible();
      await expect(label.getByRole('heading', { level: 3 })).toHaveText(heading);
      await expect(label.locator('.verdict')).toHaveText(verdict);
      const shown = await label
        .locator('li[data-code]')
        .evaluateAll((items) => items.map((item) => (item as HTMLElement).dataset['code']));
      expect(shown).toEqual(codes);
      for (const summary of await label.locator('vitrine-disc-label summary').all()) await summary.click();
      for (const words of says) await expect(label).toContainText(words);
      await expect(label).toContainText('brought.iso');
      await expectAccessible(page);
      // On a phone the paper has one colour, against which axe can measure.
      await page.setViewportSize({ width: 390, height: 844 });
      await expectAccessible(page);
      expect(exhibit.consoleErrors).toEqual([]);
      expect(exhibit.foreignRequests).toEqual([]);
    });
  }

  for (const { what, make, heading, verdict, codes, says = [] } of NO_DISCS) {
    test(`of ${what} says why it was not put in, and the tray keeps its disc`, async ({ page }, info) => {
      const path = info.outputPath('brought.iso');
      await make(path);
      const exhibit = await Exhibit.open(page);
      await exhibit.drop(HOUSE_ISO);
      const label = labelOf(page);
      await expect(label.getByRole('heading', { level: 3 })).toHaveText('The house disc');
      await exhibit.drop(path);
      const note = label.locator('.refused');
      await expect(note.getByRole('heading', { level: 3 })).toHaveText(heading);
      await expect(note.locator('.verdict')).toHaveText(verdict);
      await expect(note.locator('li[data-code]')).toHaveAttribute('data-code', codes[0]);
      for (const words of says) await expect(note).toContainText(words);
      await expect(label.getByRole('heading', { level: 3, name: 'The house disc' })).toBeVisible();
      await expectAccessible(page);
      await note.getByRole('button', { name: 'Put this note away' }).click();
      await expect(note).toHaveCount(0);
      expect(exhibit.consoleErrors).toEqual([]);
    });
  }

  test('goes with its disc', async ({ page }) => {
    const exhibit = await Exhibit.open(page);
    await exhibit.drop(HOUSE_ISO);
    const label = labelOf(page);
    await expect(label.getByRole('heading', { level: 3 })).toHaveText('The house disc');
    await page.getByRole('button', { name: 'Eject the disc' }).click();
    await expect(label.getByRole('heading', { name: 'The tray is empty' })).toBeVisible();
  });

  for (const [width, height] of [
    [1280, 860],
    [1920, 1080],
    [1024, 600],
    [390, 844],
  ]) {
    test(`at ${width} × ${height} scrolls in itself and moves nothing else`, async ({ page }, info) => {
      await page.setViewportSize({ width, height });
      const exhibit = await Exhibit.open(page);
      const before = await exhibit.machine.boundingBox();
      const path = info.outputPath('brought.iso');
      await WINDOWS_7.make(path);
      await exhibit.drop(path);
      const label = labelOf(page);
      await expect(label.getByRole('heading', { level: 3 })).toHaveText('Windows 7');
      for (const drawer of ['The machine’s plan', 'Map of the disc']) await label.getByText(drawer).click();
      await expect(label.getByRole('listbox', { name: /Map of the disc/ })).toBeVisible();

      const page_ = await page.evaluate(() => {
        scrollTo(0, 0);
        const { scrollWidth, scrollHeight, clientHeight } = document.documentElement;
        return { scrollWidth, scrollHeight, clientHeight };
      });
      expect(await exhibit.machine.boundingBox()).toEqual(before);
      expect(page_.scrollWidth).toBe(width);
      const paper = label.locator('.sheet');
      const { scrollWidth, clientWidth, scrollHeight, clientHeight } = await paper.evaluate((element) => ({
        scrollWidth: element.scrollWidth,
        clientWidth: element.clientWidth,
        scrollHeight: element.scrollHeight,
        clientHeight: element.clientHeight,
      }));
      expect(scrollWidth).toBe(clientWidth);
      if (width > 900) {
        expect(page_.scrollHeight).toBe(page_.clientHeight);
        expect(scrollHeight).toBeGreaterThan(clientHeight);
      }
      await expectAccessible(page);
    });
  }

  test('can be worked with the keyboard alone', async ({ page }, info) => {
    const exhibit = await Exhibit.open(page);
    const path = info.outputPath('brought.iso');
    await WINDOWS_7.make(path);
    await exhibit.drop(path);
    const label = labelOf(page);
    await expect(label.getByRole('heading', { level: 3 })).toHaveText('Windows 7');
    const focused = () =>
      page.evaluate(() => {
        let element = document.activeElement;
        while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
        const name = element?.getAttribute('aria-label') ?? element?.textContent ?? '';
        return `${element?.id ?? ''} ${name.replaceAll(/\s+/g, ' ').trim()}`.trim();
      });
    const tabTo = async (wanted: RegExp) => {
      for (let steps = 0; steps < 60; steps++) {
        if (wanted.test(await focused())) return;
        await page.keyboard.press('Tab');
      }
      throw new Error(`Tab never reached ${wanted}; it is on “${await focused()}”.`);
    };
    await tabTo(/^5 editions/);
    await page.keyboard.press('Enter');
    await expect(label.getByText('HOMEPREMIUM')).toBeVisible();
    await tabTo(/^More about this disc/);
    await tabTo(/^Compare with Microsoft/);
    await tabTo(/^The machine’s plan/);
    await page.keyboard.press('Enter');
    await tabTo(/^memoryMiB/);
    await page.keyboard.type('768');
    await tabTo(/^acpi$/);
    await page.keyboard.press('Space');
    await tabTo(/^As planned/);
    expect(await exhibit.call(({ session }) => session.profile.value)).toMatchObject({
      memoryMiB: 768,
      acpi: false,
    });
    await page.keyboard.press('Enter');
    await tabTo(/^Map of the disc/);
    await page.keyboard.press('Enter');
    await tabTo(/^Map of the disc, first byte to last/);
    await page.keyboard.press('End');
    await expect(label.locator('vitrine-disc-map').getByRole('option', { selected: true })).toHaveCount(1);
    await tabTo(/^The map as a table/);
    await page.keyboard.press('Enter');
    await expect(label.getByRole('cell', { name: 'sources/install.wim' })).toBeVisible();
  });
});
