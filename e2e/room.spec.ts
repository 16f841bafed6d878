import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Exhibit } from './exhibit.ts';
import { StaticServer } from './static-server.ts';

const DIST = fileURLToPath(new URL('../dist', import.meta.url));

async function problems(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}`));
}

test('the story is read beside the machine, and its lights point at what is to be seen', async ({ page }) => {
  const exhibit = await Exhibit.open(page);
  await page.getByRole('tab', { name: 'The story' }).click();
  const story = page.locator('vitrine-story');
  await expect(story.getByRole('listitem')).toHaveCount(7);
  expect(await problems(page)).toEqual([]);

  await story.getByRole('button', { name: /The security paradox/ }).click();
  await expect(story.getByRole('heading', { name: 'The security paradox' })).toBeFocused();
  await expect(story.getByRole('img')).toHaveJSProperty('complete', true);
  const adapters = story.getByRole('button', { name: /Network adapters: none/ });
  await expect(adapters).toContainText('To be seen while the house disc runs.');
  expect(await problems(page)).toEqual([]);

  await exhibit.bootHouse();
  await expect(adapters).toContainText('Press to be shown where.');
  await adapters.click();
  await expect(adapters).toHaveAttribute('aria-pressed', 'true');
  // The lamp stands at the left edge of the picture, at the height of the words it points at.
  const lamp = await page.locator('.beacon').boundingBox();
  const picture = await page.locator('vitrine-monitor .picture').boundingBox();
  expect(lamp!.x).toBeCloseTo(picture!.x, 0);
  expect(lamp!.y).toBeCloseTo(picture!.y + picture!.height * 0.6, 0);

  await story.getByRole('button', { name: /The brass plate/ }).click();
  await expect(page.locator('.beacon')).toHaveCount(0);
  await expect(page.locator('vitrine-air-gap.spot')).toBeVisible();

  await story.getByRole('button', { name: /Whose disc\?/ }).click();
  await expect(page.locator('vitrine-air-gap.spot')).toHaveCount(0);
  await story.getByRole('button', { name: /^Your disc/ }).click();
  await expect(page.locator('vitrine-computer .slot.spot')).toBeVisible();
  // Another paper on top: nothing is pointed at any more, and the chapter stays open under it.
  await page.getByRole('tab', { name: 'Timeline' }).click();
  await expect(page.locator('vitrine-computer .slot.spot')).toHaveCount(0);
  await expect(page.getByText('22 October 2009')).toBeVisible();
  expect(await problems(page)).toEqual([]);
  expect(exhibit.foreignRequests).toEqual([]);
  expect(exhibit.consoleErrors).toEqual([]);
});

test('with the keyboard alone: tabs by arrows, a chapter by Enter, back by Escape', async ({ page }) => {
  await Exhibit.open(page);
  await page.getByRole('tab', { name: 'The label' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('tab', { name: 'The story' })).toBeFocused();
  const first = page.getByRole('button', { name: /What an ISO is/ });
  await first.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'What an ISO is' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(first).toBeFocused();
  await page.getByRole('tab', { name: 'The story' }).focus();
  await page.keyboard.press('End');
  await expect(page.getByRole('tab', { name: 'Timeline' })).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('tab', { name: 'The label' })).toHaveAttribute('aria-selected', 'true');
});

test.describe('a museum’s own exhibit file', () => {
  let server: StaticServer;
  let folder: string;
  test.beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'vitrine-museum-'));
    cpSync(DIST, folder, { recursive: true });
    mkdirSync(join(folder, 'museum'));
    server = await StaticServer.start(folder);
  });
  test.afterEach(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  test('is shown in its languages, and without its server too', async ({ page }) => {
    const own = {
      format: 1,
      title: { en: 'Room 12', de: 'Raum 12' },
      subtitle: 'A computer of its time',
      chapters: [
        {
          id: 'one',
          title: { en: 'Our own chapter', de: 'Unser eigenes Kapitel' },
          picture: { src: 'picture.svg', alt: 'A drawing' },
          text: ['One paragraph.'],
        },
      ],
    };
    writeFileSync(join(folder, 'museum/exhibit.json'), JSON.stringify(own));
    cpSync(join(folder, 'exhibit/iso.svg'), join(folder, 'museum/picture.svg'));
    await Exhibit.open(page, `${server.url}?exhibit=museum/exhibit.json`);
    await expect(page.getByRole('heading', { name: 'Room 12' })).toBeVisible();
    await expect(page).toHaveTitle('Room 12: A computer of its time');
    await expect(page.getByRole('tab')).toHaveText(['The label', 'The story']);
    await page.getByRole('button', { name: 'Deutsch' }).click();
    await expect(page.getByRole('heading', { name: 'Raum 12' })).toBeVisible();
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await expect
      .poll(() => page.evaluate(async () => (await (await caches.open('vitrine-museum')).keys()).length))
      .toBe(2);

    // An edit shows at the next visit, without a new version of the exhibit.
    writeFileSync(join(folder, 'museum/exhibit.json'), JSON.stringify({ ...own, title: 'Room 13' }));
    await page.reload();
    await expect(page.getByRole('heading', { name: 'Room 13' })).toBeVisible();
    await page.waitForFunction(async () => {
      const kept = await caches.match(new URL('museum/exhibit.json', location.href).href);
      return (await kept?.text())?.includes('Room 13');
    });

    await server.stop();
    await page.reload();
    await expect(page.getByRole('heading', { name: 'Room 13' })).toBeVisible();
    await page.getByRole('tab').nth(1).click();
    await page.getByRole('button', { name: /Unser eigenes Kapitel/ }).click();
    await page.waitForFunction(() => {
      const story = document.querySelector('vitrine-exhibit')!.shadowRoot!.querySelector('vitrine-story');
      return (story?.shadowRoot?.querySelector('img')?.naturalWidth ?? 0) > 0;
    });
  });

  test('with mistakes is told line by line, and the exhibit’s own is shown', async ({ page }) => {
    writeFileSync(
      join(folder, 'museum/exhibit.json'),
      '{\n  "format": 1,\n  "titel": "Room 12",\n  "chapters": [{ "id": "A b", "title": "C", "text": [] }]\n}',
    );
    await Exhibit.open(page, `${server.url}?exhibit=museum/exhibit.json`);
    const note = page.getByRole('alert').filter({ hasText: 'museum/exhibit.json is not shown' });
    await expect(note).toContainText('Line 3, column 3: titel is not known here');
    await expect(note).toContainText('Line 4, column 18: chapters[0].id must be small letters');
    await expect(note).toContainText('chapters[0].text has no paragraph');
    expect(await problems(page)).toEqual([]);
    await expect(page.getByRole('tab', { name: 'The story' })).toBeVisible();
    await note.getByRole('button', { name: 'Put this note away' }).click();
    await expect(note).toHaveCount(0);
  });

  test('from elsewhere is not even asked for', async ({ page }) => {
    const exhibit = await Exhibit.open(page, `${server.url}?exhibit=http://127.0.0.2:9/exhibit.json`);
    await expect(page.getByRole('alert')).toContainText('must lie on the same server');
    expect(exhibit.foreignRequests.filter((url) => !url.startsWith(server.url))).toEqual([]);
  });
});
