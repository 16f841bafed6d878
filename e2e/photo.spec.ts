import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { layoutPhoto } from '../src/page/photo.ts';
import { Exhibit } from './exhibit.ts';

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
  const dialog = page.getByRole('dialog', { name: 'A photograph of the machine' });
  await expect(dialog.getByRole('img')).toBeVisible();
  await dialog.getByLabel('Title on the label').fill('Room 12');

  const saving = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Save' }).click();
  const download = await saving;
  expect(download.suggestedFilename()).toMatch(/^vitrine \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d\.png$/);
  const base64 = readFileSync(await download.path()).toString('base64');
  await expect(dialog.getByRole('status')).toContainText('handed to the browser');

  const { picture, scale, width } = layoutPhoto(guest.width, guest.height);
  const photo = await page.evaluate(async (encoded) => {
    const bytes = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes]));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const drawing = canvas.getContext('2d')!;
    drawing.drawImage(bitmap, 0, 0);
    const { data } = drawing.getImageData(0, 0, bitmap.width, bitmap.height);
    return { width: bitmap.width, height: bitmap.height, data: [...new Uint32Array(data.buffer)] };
  }, base64);
  expect(photo.width).toBe(width);
  const pixels = new Uint32Array(guest.rgba.buffer, guest.rgba.byteOffset, guest.rgba.byteLength / 4);
  let wrong = 0;
  for (let y = 0; y < guest.height; y++)
    for (let x = 0; x < guest.width; x++) {
      const at = (picture.y + y * scale + scale - 1) * photo.width + picture.x + x * scale + scale - 1;
      if (photo.data[at] !== pixels[y * guest.width + x]) wrong++;
    }
  expect(wrong).toBe(0);
  // Ink on the label below: not only paper.
  const label = photo.data.slice((picture.y + picture.height + 2 * picture.x) * photo.width);
  expect(new Set(label).size).toBeGreaterThan(10);

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

  await page.evaluate(() => {
    navigator.clipboard.write = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
  });
  await dialog.getByRole('button', { name: 'Copy' }).click();
  await expect(dialog.getByRole('alert')).toContainText('does not allow it here');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  expect(exhibit.consoleErrors).toEqual([]);
});
