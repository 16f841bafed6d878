import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Locator } from '@playwright/test';
import { fitPicture } from '../src/page/picture-fit.ts';
import { Exhibit } from './exhibit.ts';

test.use({ hasTouch: true });

/** The scan codes that the guest heard since a place in its log, as "1e down". */
async function heard(exhibit: Exhibit, from: number, last: RegExp): Promise<string[]> {
  const log = await exhibit.waitForSerial(last, { from });
  return [...log.slice(from).matchAll(/^KEY (\w+) (down|up)/gm)].map(
    ([, code, way]) => `${code.toLowerCase()} ${way}`,
  );
}

test('fingers type on the machine: letters, a modifier that sticks, the Windows key, German caps', async ({
  page,
}) => {
  const exhibit = await Exhibit.open(page);
  await exhibit.bootHouse();
  await page.getByRole('button', { name: 'Screen keyboard' }).click();
  const keyboard = page.getByRole('group', { name: 'Keyboard on the screen' });
  const key = (name: string): Locator => keyboard.locator('.desk').getByRole('button', { name, exact: true });
  let from = (await exhibit.serial()).length;
  await key('a').tap();
  await key('Left Shift').tap();
  await expect(key('Left Shift')).toHaveAttribute('aria-pressed', 'true');
  await expect(key('a')).toHaveText('A');
  await key('a').tap();
  await expect(key('Left Shift')).toHaveAttribute('aria-pressed', 'false');
  await key('Left Windows key').tap();
  await key('Left Windows key').tap();
  expect(await heard(exhibit, from, /KEY e05b up/i)).toEqual([
    '1e down',
    '1e up',
    '2a down',
    '1e down',
    '1e up',
    '2a up',
    'e05b down',
    'e05b up',
  ]);

  from = (await exhibit.serial()).length;
  await keyboard.getByRole('combobox').selectOption({ label: 'German keys' });
  await expect(key('ö')).toBeVisible();
  await key('z').tap();
  await key('<').tap();
  expect(await heard(exhibit, from, /KEY 56 up/i)).toEqual(['15 down', '15 up', '56 down', '56 up']);

  // A key that is held repeats, and is lifted with the keyboard.
  from = (await exhibit.serial()).length;
  await key('x').dispatchEvent('pointerdown', { pointerId: 7, button: 0 });
  await exhibit.waitForSerial(/KEY 2d down\s+KEY 2d down\s+KEY 2d down/i, { from });
  await keyboard.getByRole('button', { name: 'Close the keyboard' }).click();
  await exhibit.waitForSerial(/KEY 2d up/i, { from });
  await expect(keyboard).toHaveCount(0);

  // The chosen layout is remembered, and another keyboard can work it.
  await page.getByRole('button', { name: 'Screen keyboard' }).click();
  from = (await exhibit.serial()).length;
  await key('ä').focus();
  await page.keyboard.press('Enter');
  expect(await heard(exhibit, from, /KEY 28 up/i)).toEqual(['28 down', '28 up']);
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
    .analyze();
  expect(violations.map(({ id, nodes }) => `${id} ${nodes[0].target.join(' ')}`)).toEqual([]);
});

test('a phone’s own keyboard, locks turned elsewhere, another monitor', async ({ page }) => {
  const exhibit = await Exhibit.open(page);
  await exhibit.bootHouse();
  await page.getByRole('button', { name: 'Screen keyboard' }).click();
  const keyboard = page.getByRole('group', { name: 'Keyboard on the screen' });
  await keyboard.getByRole('combobox').selectOption({ label: 'German keys' });
  await keyboard.getByRole('button', { name: 'Close the keyboard' }).click();

  // Letters map through the layout; what it has no key for is told.
  const field = page.locator('vitrine-monitor textarea');
  await field.focus();
  let from = (await exhibit.serial()).length;
  await page.keyboard.insertText('zß@');
  expect(await heard(exhibit, from, /KEY e038 up/i)).toEqual(
    '15 down,15 up,0c down,0c up,e038 down,10 down,10 up,e038 up'.split(','),
  );
  await page.keyboard.insertText('ł');
  await expect(page.getByText('The machine’s keyboard has no key for ł.')).toBeVisible();
  from = (await exhibit.serial()).length;
  const press = (init: object) =>
    field.evaluate(
      (element, fields) =>
        element.dispatchEvent(
          new KeyboardEvent('keydown', { bubbles: true, composed: true, cancelable: true, ...fields }),
        ),
      init,
    );
  await press({ code: '', key: 'ü' });
  await press({ code: 'KeyA', key: 'A', modifierCapsLock: true });
  expect(await heard(exhibit, from, /KEY 1e down/i)).toEqual(
    '1a down,1a up,3a down,3a up,1e down'.split(','),
  );
  await expect(page.getByText('The machine’s keyboard has no key')).toHaveCount(0);

  // The picture is fitted again where only the density changes.
  const session = await page.context().newCDPSession(page);
  const { width, height } = page.viewportSize()!;
  const sizes = (await exhibit.log()).join(' ').matchAll(/screen (\d+)x(\d+)/g);
  const [, across, down] = [...sizes].at(-1)!;
  const guest = { width: Number(across), height: Number(down) };
  for (const density of [1.5, 2, 1]) {
    await session.send('Emulation.setDeviceMetricsOverride', {
      width,
      height,
      deviceScaleFactor: density,
      mobile: false,
    });
    const now = () =>
      page.locator('vitrine-monitor .picture').evaluate((picture: HTMLElement) => ({
        box: { width: picture.parentElement!.clientWidth, height: picture.parentElement!.clientHeight },
        width: Math.round(Number.parseFloat(picture.style.width) * 100),
        sharp: picture.hasAttribute('data-sharp'),
      }));
    const { box } = await now();
    const fit = fitPicture(guest, box, density);
    await expect.poll(now).toEqual({ box, width: Math.round(fit.width * 100), sharp: fit.sharp });
  }
});

test('on a phone it has two sides, within the screen', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const exhibit = await Exhibit.open(page);
  await exhibit.bootHouse();
  await page.getByRole('button', { name: 'Screen keyboard' }).click();
  const phone = page.locator('vitrine-keyboard .block.phone');
  const from = (await exhibit.serial()).length;
  await phone.getByRole('button', { name: 'q', exact: true }).tap();
  await page.getByRole('button', { name: 'Signs and F keys' }).tap();
  await phone.getByRole('button', { name: 'F12' }).tap();
  expect(await heard(exhibit, from, /KEY 58 up/i)).toEqual(['10 down', '10 up', '58 down', '58 up']);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  for (const box of await Promise.all(
    (await phone.getByRole('button').all()).map((each) => each.boundingBox()),
  )) {
    expect(box!.height).toBeGreaterThanOrEqual(44);
    expect(box!.x + box!.width).toBeLessThanOrEqual(390);
  }
});
