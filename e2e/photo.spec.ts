import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { layoutPhoto } from '../src/page/photo.ts';
import { Exhibit } from './exhibit.ts';
import { windowOf } from './windows.ts';

test('a photograph holds the guest’s pixels and its label, and is saved, copied and printed', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const exhibit = await Exhibit.open(page);
  await exhibit.bootHouse();
  // A picture that stands still: the house guest draws a clock otherwise.
  await exhibit.call((machine) => machine.pause());
  const guest = await exhibit.pixels();
  await page.getByRole('button', { name: 'Photograph…' }).click();
  const dialog = windowOf(page, 'A photograph of the machine');
  await expect(dialog.getByRole('img')).toBeVisible();
  await dialog.getByLabel('Title on the label').fill('Room 12');

  const saving = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Save' }).click();
  const download = await saving;
  expect(download.suggestedFilename()).toMatch(/^vitrine \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d\.png$/);
  const base64 = readFileSync(await download.path()).toString('base64');
  await expect(dialog.getByRole('status')).toContainText('handed to the browser');

  const { picture, scale, width } = layoutPhoto(guest.width, guest.height);
  // Compared in the page: a million pixels are a long way from there to here.
  const photo = await page.evaluate(
    async ({ encoded, guestPixels, across, down, at, by }) => {
      const bytesOf = (text: string) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytesOf(encoded)]));
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
      const drawing = canvas.getContext('2d')!;
      drawing.drawImage(bitmap, 0, 0);
      const pixelsOf = (bytes: { buffer: ArrayBufferLike }) => new Uint32Array(bytes.buffer);
      const shown = pixelsOf(drawing.getImageData(0, 0, bitmap.width, bitmap.height).data);
      const asked = pixelsOf(bytesOf(guestPixels));
      let wrong = 0;
      for (let y = 0; y < down; y++)
        for (let x = 0; x < across; x++) {
          const place = (at.y + y * by + by - 1) * bitmap.width + at.x + x * by + by - 1;
          if (shown[place] !== asked[y * across + x]) wrong++;
        }
      const label = shown.slice((at.y + at.height + 2 * at.x) * bitmap.width);
      return { width: bitmap.width, height: bitmap.height, wrong, inks: new Set(label).size };
    },
    {
      encoded: base64,
      guestPixels: Buffer.from(guest.rgba).toString('base64'),
      across: guest.width,
      down: guest.height,
      at: picture,
      by: scale,
    },
  );
  expect(photo.width).toBe(width);
  expect(photo.wrong).toBe(0);
  // Ink on the label below: not only paper.
  expect(photo.inks).toBeGreaterThan(10);

  await dialog.getByRole('button', { name: 'Copy' }).click();
  await expect(dialog.getByRole('status')).toContainText('in the clipboard');
  const copied = await page.evaluate(async () => {
    const [item] = await navigator.clipboard.read();
    const { width: across, height } = await createImageBitmap(await item.getType('image/png'));
    return { across, height };
  });
  expect(copied).toEqual({ across: photo.width, height: photo.height });

  const printed = page.evaluate(
    () =>
      new Promise<string[]>((resolve) => {
        window.print = () => {
          resolve(
            [...document.body.children]
              .filter((each) => each.className === 'vitrine-print')
              .map((each) => each.tagName),
          );
        };
      }),
  );
  await dialog.getByRole('button', { name: 'Print…' }).click();
  expect(await printed).toEqual(['IMG']);
  await expect(page.locator('.vitrine-print')).toHaveCount(0);

  // The sheet that asks with whom belongs to the system: what it is handed is looked at.
  await page.evaluate(() => {
    Object.assign(window, { shared: null });
    navigator.canShare = () => true;
    navigator.share = async ({ files, title } = {}) => {
      const [file] = files!;
      Object.assign(window, { shared: { title, name: file.name, type: file.type, size: file.size } });
    };
  });
  await dialog.getByLabel('Title on the label').fill('Room 13');
  await dialog.getByRole('button', { name: 'Share…' }).click();
  await expect(dialog.getByRole('status')).toContainText('was shared');
  expect(await page.evaluate(() => (window as never as { shared: unknown }).shared)).toEqual({
    title: 'Room 13',
    name: expect.stringMatching(/^vitrine .*\.png$/),
    type: 'image/png',
    size: expect.any(Number),
  });

  await page.evaluate(() => {
    navigator.clipboard.write = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
  });
  await dialog.getByRole('button', { name: 'Copy' }).click();
  await expect(dialog.getByRole('alert')).toContainText('does not allow it here');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  expect(exhibit.consoleErrors).toEqual([]);
});

test('the words of a text screen are there to be read and copied', async ({ page }) => {
  const exhibit = await Exhibit.open(page);
  await exhibit.bootHouse();
  await exhibit.command('card text');
  await page.getByRole('button', { name: 'Photograph…' }).click();
  const dialog = windowOf(page, 'A photograph of the machine');
  await dialog.getByText('The text on the screen', { exact: true }).click();
  const words = await dialog.getByRole('region', { name: 'The text on the screen' }).innerText();
  const rows = await exhibit.call((machine) => machine.screenText());
  expect(words.split('\n').map((row) => row.trimEnd())).toEqual(
    rows
      .map((row) => row.trimEnd())
      .join('\n')
      .replace(/^\n+|\n+$/g, '')
      .split('\n'),
  );
  expect(words.length).toBeGreaterThan(20);
});
