import { expect, test } from '@playwright/test';
import { Exhibit, HOUSE_ISO } from './exhibit.ts';

test.describe('a browser that asks for German', () => {
  test.use({ locale: 'de-AT' });

  test('gets the page, its errors and a report in German, without a word of it in English first', async ({
    page,
  }) => {
    const exhibit = await Exhibit.open(page);
    await expect(page.locator('html')).toHaveAttribute('lang', 'de');
    await expect(page).toHaveTitle('Vitrine: ein PC mit Windows 7 im Museum');
    await expect(page.getByRole('button', { name: 'Hausdatenträger starten' })).toBeVisible();
    const label = page.locator('vitrine-label');
    await expect(label.getByRole('heading', { name: 'Die Schublade ist leer' })).toBeVisible();
    await exhibit.drop(HOUSE_ISO);
    await expect(label.locator('.verdict')).toHaveText('Der richtige Datenträger');
    await expect(label.locator('li[data-code="system/house"]')).toContainText('Der Datenträger des Hauses');
    const problem = await exhibit.configure({ memoryMiB: 1 }).catch(String);
    expect(problem).toContain(
      'Der Computer lässt sich nicht bauen: 1 ist keine Größe, die der Arbeitsspeicher haben kann.',
    );
    expect(exhibit.consoleErrors).toEqual([]);
    expect(exhibit.foreignRequests).toEqual([]);
  });

  test('goes to English and back while the machine runs on, and is remembered', async ({ page }) => {
    await Exhibit.open(page);
    await page.getByRole('button', { name: 'Hausdatenträger starten' }).click();
    await expect(page.locator('vitrine-machine')).toHaveAttribute('power', 'running');
    await page.evaluate(() => Object.assign(window, { sameVisit: true }));
    const languages = page.getByRole('group', { name: 'Sprache der Seite' });
    await languages.getByRole('button', { name: 'English' }).click();
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
    await expect(page).toHaveTitle('Vitrine: a Windows 7 PC in a museum case');
    // The report of the disc was made in German: its reasons are said anew.
    await expect(page.locator('vitrine-label').locator('.verdict')).toHaveText('The right kind of disc');
    await expect(page.locator('vitrine-label').locator('li[data-code="system/house"]')).toContainText(
      'The exhibit’s own disc',
    );
    await expect(page.locator('vitrine-machine')).toHaveAttribute('power', 'running');
    await page
      .getByRole('group', { name: 'Language of the page' })
      .getByRole('button', { name: 'Deutsch' })
      .click();
    await expect(page.locator('html')).toHaveAttribute('lang', 'de');
    expect(await page.evaluate(() => 'sameVisit' in window)).toBe(true);
    const log = await page.evaluate(() => window.machineLog.filter((line) => line.startsWith('power')));
    expect(log).toEqual(['power starting', 'power running']);
    await languages.getByRole('button', { name: 'English' }).click();
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
    await page.reload();
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
    await expect(page.getByRole('group', { name: 'Language of the page' })).toBeVisible();
  });

  test('is told in English when its language cannot be fetched', async ({ page }) => {
    await page.route(/\/de-[^/]*\.json$/, (route) => route.abort());
    await page.goto('/');
    await expect(page.getByRole('button', { name: 'Boot the house disc' })).toBeVisible();
    await page.getByRole('button', { name: 'Deutsch' }).click();
    await expect(page.getByRole('alert')).toContainText(
      'The texts in this language (Deutsch) could not be loaded',
    );
  });

  for (const [width, height] of [
    [1280, 860],
    [390, 844],
  ]) {
    test(`finds no label cut at ${width}x${height}`, async ({ page }, info) => {
      await page.setViewportSize({ width, height });
      await Exhibit.open(page);
      await expect(page.getByRole('button', { name: 'Hausdatenträger starten' })).toBeVisible();
      await page.screenshot({ path: info.outputPath(`german-${width}.png`), fullPage: true });
      const cut = await page.evaluate(() => {
        const found: string[] = [];
        const look = (root: ParentNode): void => {
          for (const element of root.querySelectorAll<HTMLElement>('*')) {
            if (element.shadowRoot) look(element.shadowRoot);
            if (element.matches('button, h1, h2, summary') && element.scrollWidth > element.clientWidth + 1)
              found.push(element.textContent.trim());
          }
        };
        look(document);
        const { scrollWidth, clientWidth } = document.documentElement;
        return { found, overflow: scrollWidth - clientWidth };
      });
      expect(cut).toEqual({ found: [], overflow: 0 });
    });
  }
});

test('a browser that asks for English fetches no language', async ({ page }) => {
  const fetched: string[] = [];
  page.on('request', (request) => fetched.push(request.url()));
  await page.goto('/');
  await expect(page.getByRole('button', { name: 'Boot the house disc' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  expect(fetched.filter((url) => /\/de-[^/]*\.json$/.test(url))).toEqual([]);
});
