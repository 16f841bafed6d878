import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { Exhibit } from './exhibit.ts';
import { expectInReach } from './reach.ts';

/** From the smallest phone that WCAG asks for to a wall, and a kiosk that stands upright. */
const SIZES = [
  { width: 320, height: 568 },
  { width: 390, height: 844 },
  { width: 1080, height: 1920 },
  { width: 3840, height: 2160 },
];

const WINDOWS: readonly { name: string; open: string | RegExp; close?: string }[] = [
  { name: 'settings', open: 'Settings…' },
  { name: 'machines', open: 'Machines…' },
  { name: 'moments', open: 'Moments…' },
  { name: 'photograph', open: 'Photograph…' },
  { name: 'power', open: 'Power: turn off or pause…' },
  { name: 'keyboard', open: 'Screen keyboard', close: 'Close the keyboard' },
];

async function problems(page: Page, without: string[] = []): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .disableRules(without)
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}`));
}

/** What sticks out of the page to a side, or of the screen where it is a window over it. */
function overflow(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    if (document.documentElement.scrollWidth > innerWidth)
      found.push(`page ${document.documentElement.scrollWidth}`);
    const walk = (root: Document | ShadowRoot): void => {
      for (const element of root.querySelectorAll('*')) {
        if (element instanceof HTMLDialogElement && element.open) {
          const box = element.getBoundingClientRect();
          if (box.left < 0 || box.right > innerWidth + 0.5 || box.top < 0 || box.bottom > innerHeight + 0.5)
            found.push(`window ${box.left} ${box.top} ${box.right} ${box.bottom}`);
        }
        if (element.shadowRoot) walk(element.shadowRoot);
      }
    };
    walk(document);
    return found;
  });
}

test('every window is whole and accessible, from a small phone to a wall', async ({ page }) => {
  test.setTimeout(240_000);
  await page.setViewportSize(SIZES[1]);
  const exhibit = await Exhibit.open(page);
  await exhibit.bootHouse();
  for (const { name, open, close } of WINDOWS) {
    await page.getByRole('button', { name: open, exact: true }).click();
    for (const size of SIZES) {
      await page.setViewportSize(size);
      await expect.poll(() => overflow(page), { message: `${name} at ${size.width}` }).toEqual([]);
    }
    await page.setViewportSize(SIZES[1]);
    await expectInReach(page, name);
    expect(await problems(page), name).toEqual([]);
    if (close) await page.getByRole('button', { name: close }).click();
    else await page.keyboard.press('Escape');
  }
  // What is refused is said over the picture, the longest there is with technical detail.
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File(['no disc'], `${'a long name of a letter '.repeat(6)}.iso`));
    document.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
  });
  await expect(page.getByRole('alertdialog')).toBeVisible();
  await expectInReach(page, 'a refusal');
  await page.getByRole('button', { name: 'Close' }).click();
  for (const tab of ['The story', 'Timeline']) {
    await page.getByRole('tab', { name: tab }).click();
    for (const size of SIZES) {
      await page.setViewportSize(size);
      await expect.poll(() => overflow(page), { message: `${tab} at ${size.width}` }).toEqual([]);
    }
  }
});

test('contrast that the visitor asks for and colours that the system sets leave nothing out', async ({
  page,
}) => {
  await page.emulateMedia({ forcedColors: 'active', contrast: 'more', reducedMotion: 'reduce' });
  await Exhibit.open(page);
  await page.getByRole('tab', { name: 'The story' }).click();
  await page.getByRole('button', { name: /What an ISO is/ }).click();
  await page.getByRole('button', { name: /The disc in the tray/ }).click();
  const outline = await page
    .locator('vitrine-computer .slot.spot')
    .evaluate((element) => getComputedStyle(element).outlineStyle);
  expect(outline).toBe('solid');
  const running = await page.evaluate(
    () => document.getAnimations().filter(({ playState }) => playState === 'running').length,
  );
  expect(running).toBe(0);
  // The colours are the system's own here; axe compares those that the page would have set.
  expect(await problems(page, ['color-contrast'])).toEqual([]);
});
