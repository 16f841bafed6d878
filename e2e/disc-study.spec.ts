import { expect, test, type Page } from '@playwright/test';
import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync, truncateSync } from 'node:fs';
import { expectAccessible, labelOf, WINDOWS_7, WINDOWS_XP } from './discs.ts';
import { Exhibit, HOUSE_ISO } from './exhibit.ts';

const COMPARE = 'Compare with Microsoft’s published sums';

// The answer of a worker is replaced in one test: it must come from the network's side, not from a cache.
test.use({ serviceWorkers: 'block' });

test.describe('the map of a disc', () => {
  test('shows what lies where, to the pointer, to keys and to a screen reader', async ({ page }, info) => {
    const exhibit = await Exhibit.open(page);
    const path = info.outputPath('brought.iso');
    await WINDOWS_7.make(path);
    await exhibit.drop(path);
    const label = labelOf(page);
    await label.getByText('Map of the disc').click();
    const map = label.getByRole('listbox', { name: /Map of the disc/ });
    const readout = label.locator('.readout');
    await expect(readout).toContainText(/^UDF: \d+ files in \d+ folders on 2\.56 GB\./);
    const names = await map
      .getByRole('option')
      .evaluateAll((options) => options.map((option) => option.getAttribute('aria-label') ?? ''));
    expect(names[0]).toMatch(
      /^Free for a boot sector: 32\.8 kB, less than 0\.1 % of the disc, from byte 0\./,
    );
    for (const kind of [/^Volume descriptors/, /^Boot catalog/, /^Boot image/, /^Unused/])
      expect(names.some((name) => kind.test(name))).toBe(true);

    expect(names).toContainEqual(
      expect.stringMatching(/^sources\/install\.wim: 2\.10 GB, 82 % of the disc, from byte [\d,]+\./),
    );

    await map.focus();
    await page.keyboard.press('End');
    await expect(map.getByRole('option', { selected: true })).toHaveAttribute('aria-label', names.at(-1)!);
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    await expect(map.getByRole('option', { selected: true })).toHaveAttribute('aria-label', names[1]);
    const active = await map.getAttribute('aria-activedescendant');
    await expect(map.locator(`#${active}`)).toHaveAttribute('aria-label', names[1]);

    await map.getByRole('option', { name: /^Boot image/ }).hover();
    await expect(readout).toContainText('Boot image');
    await expect(readout).toContainText('from byte');

    await label.getByText('The map as a table').click();
    await expect(label.getByRole('row')).toHaveCount(names.length + 1);
    await expectAccessible(page);
    expect(exhibit.consoleErrors).toEqual([]);
  });

  test('of a disc that is cut off shows in proportion what is missing', async ({ page }, info) => {
    const exhibit = await Exhibit.open(page);
    const path = info.outputPath('brought.iso');
    copyFileSync(HOUSE_ISO, path);
    const whole = readFileSync(HOUSE_ISO).length;
    truncateSync(path, whole / 2);
    await exhibit.drop(path);
    const label = labelOf(page);
    await label.getByText('Map of the disc').click();
    const missing = label.getByRole('option', { name: /^Missing: the file is cut off here/ });
    const share = await missing.evaluate((group) => {
      const width = (rects: Iterable<Element>) =>
        [...rects].reduce((sum, rect) => sum + Number(rect.getAttribute('width')), 0);
      return width(group.children) / width(group.parentElement!.querySelectorAll('g rect'));
    });
    expect(share).toBeGreaterThan(0.42);
    expect(share).toBeLessThanOrEqual(0.5);
    await expectAccessible(page);
  });

  test('is another one when another disc comes in', async ({ page }, info) => {
    const exhibit = await Exhibit.open(page);
    await exhibit.drop(HOUSE_ISO);
    const label = labelOf(page);
    // By key: the map would come up under the mouse, and tell of the piece that lies there.
    await label.locator('summary', { hasText: 'Map of the disc' }).press('Enter');
    await expect(label.locator('.readout')).toContainText(/on 1\d\d kB/);
    const path = info.outputPath('brought.iso');
    await WINDOWS_7.make(path);
    await exhibit.drop(path);
    await expect(label.locator('.readout')).toContainText('on 2.56 GB');
  });
});

test.describe('the comparison with the published sums', () => {
  test('of a disc that is in no list says so, with its right sum, and never calls it fake', async ({
    page,
  }, info) => {
    const exhibit = await Exhibit.open(page);
    const path = info.outputPath('brought.iso');
    await WINDOWS_XP.make(path);
    await exhibit.drop(path);
    const label = labelOf(page);
    await label.getByRole('button', { name: COMPARE }).click();
    await expect(label).toContainText('Not in our list.');
    await expect(label.locator('code')).toHaveText(
      createHash('sha1').update(readFileSync(path)).digest('hex'),
    );
    await expect(label).not.toContainText(/fake|forged|counterfeit/i);
    await expectAccessible(page);
    expect(exhibit.consoleErrors).toEqual([]);
  });

  test('shows how far it is, and can be stopped and begun again', async ({ page }, info) => {
    const exhibit = await Exhibit.open(page);
    await exhibit.drop(await largeDisc(info.outputPath('large.iso')));
    const label = labelOf(page);
    await label.getByRole('button', { name: COMPARE }).click();
    const bar = label.getByRole('progressbar');
    await expect(label.locator('.figures')).toHaveText(
      /^[\d.]+ [kMG]B of 64\.0 GB, [\d.]+ MB a second, [\dhmins ]+ left$/,
    );
    await expect.poll(async () => Number(await bar.getAttribute('aria-valuenow'))).toBeGreaterThan(0);
    const filled = await bar.evaluate((element) => element.firstElementChild!.getBoundingClientRect().width);
    expect(filled).toBeGreaterThan(0);
    await expectAccessible(page);
    await label.getByRole('button', { name: 'Cancel' }).click();
    await expect(label).toContainText('The comparison was stopped.');
    await expect(bar).toHaveCount(0);
    await expect.poll(() => hashers(page)).toBe(0);
    await expect(label.getByRole('button', { name: COMPARE })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(bar).toBeVisible();
    await label.getByRole('button', { name: 'Cancel' }).click();
    expect(exhibit.consoleErrors).toEqual([]);
  });

  for (const end of ['ejecting', 'swapping'] as const) {
    test(`is stopped by ${end} the disc`, async ({ page }, info) => {
      const exhibit = await Exhibit.open(page);
      await exhibit.drop(await largeDisc(info.outputPath('large.iso')));
      const label = labelOf(page);
      await label.getByRole('button', { name: COMPARE }).click();
      await expect(label.getByRole('progressbar')).toBeVisible();
      await expect.poll(() => hashers(page)).toBe(1);
      if (end === 'ejecting') {
        await page.getByRole('button', { name: 'Eject the disc' }).click();
      } else {
        const other = info.outputPath('other.iso');
        await WINDOWS_XP.make(other);
        await exhibit.drop(other);
        await expect(label.getByRole('heading', { level: 3 })).toHaveText('Windows XP Professional');
        await expect(label.getByRole('button', { name: COMPARE })).toBeVisible();
      }
      await expect(label.getByRole('progressbar')).toHaveCount(0);
      await expect.poll(() => hashers(page)).toBe(0);
    });
  }

  test('names the disc that Microsoft published with the sum', async ({ page }, info) => {
    // No published disc may be part of a test, so the worker's answer is given in its place: what it says for a
    // sum that is in the table is proved beside the table.
    await page.route(/hash-worker-.*\.js/, (route) =>
      route.fulfill({ contentType: 'text/javascript', body: `(${answerWithMatch.toString()})()` }),
    );
    const exhibit = await Exhibit.open(page);
    const path = info.outputPath('brought.iso');
    await WINDOWS_7.make(path);
    await exhibit.drop(path);
    const label = labelOf(page);
    await label.getByRole('button', { name: COMPARE }).click();
    await expect(label).toContainText(
      'Matches Microsoft’s published sum for Windows 7 Professional SP1, 32-bit, English (United States)',
    );
    await expect(label).toContainText('(en_windows_7_professional_with_sp1_x86_dvd_u_677056.iso)');
    await expectAccessible(page);
    expect(exhibit.consoleErrors).toEqual([]);
  });
});

/** A disc of 64 GB of holes: it takes no room, and longer to sum than any test looks at it. */
async function largeDisc(path: string): Promise<string> {
  await WINDOWS_XP.make(path);
  truncateSync(path, 64_000_000_000);
  return path;
}

/** How many workers sum a disc now. */
function hashers(page: Page): number {
  return page.workers().filter((worker) => worker.url().includes('hash-worker')).length;
}

/** Runs in place of the hash worker. */
function answerWithMatch(): void {
  self.onmessage = ({ data }: MessageEvent<{ id: number }>) => {
    const match = {
      file: 'en_windows_7_professional_with_sp1_x86_dvd_u_677056.iso',
      arch: 'x86',
      edition: 'Professional',
      language: 'en-us',
      servicePack: 1,
    };
    const sum = { sha1: '0'.repeat(40), match, bytesTotal: 2_564_476_928, elapsedMs: 9000 };
    self.postMessage({ type: 'answer', id: data.id, value: sum });
  };
}
