import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { Exhibit, HOUSE_ISO } from './exhibit.ts';

test('offers the last disc again with one click after a reload', async ({ page }) => {
  // A real file handle, of a file in the origin's private folder, in place of the browser's own dialog.
  await page.addInitScript(() => {
    (window as unknown as Record<string, unknown>)['showOpenFilePicker'] = async () => {
      const folder = await navigator.storage.getDirectory();
      return [await folder.getFileHandle('museum.iso')];
    };
  });
  const exhibit = await Exhibit.open(page);
  await page.evaluate(async (base64) => {
    const folder = await navigator.storage.getDirectory();
    const handle = await folder.getFileHandle('museum.iso', { create: true });
    const stream = await handle.createWritable();
    await stream.write(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)));
    await stream.close();
  }, readFileSync(HOUSE_ISO).toString('base64'));
  await page.getByRole('button', { name: 'Choose a disc…' }).click();
  await expect(page.getByRole('button', { name: /Disc tray: museum\.iso/ })).toBeVisible();

  await page.reload();
  await page.getByRole('button', { name: 'Put museum.iso back in' }).click();
  await expect(page.getByRole('button', { name: /Disc tray: museum\.iso/ })).toBeVisible();
  await exhibit.bootHouse();
});

test('reads a disc of 5 GB in place', async ({ page }) => {
  const exhibit = await Exhibit.open(page);
  // A Blob made of many references to one piece: 5 GB to whoever reads it, and next to nothing in memory.
  const report = await exhibit.machine.evaluate(async (element, base64) => {
    const house = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const filler = new Blob([new Uint8Array(64 * 2 ** 20)]);
    const disc = new Blob([house, ...Array.from({ length: 80 }, () => filler)]);
    const machine = element as import('../src/ui/vitrine-machine.ts').VitrineMachine;
    const { sizeBytes, bytesRead } = await machine.insertDisc(disc, { name: 'large.iso' });
    return { sizeBytes, bytesRead };
  }, readFileSync(HOUSE_ISO).toString('base64'));
  expect(report.sizeBytes).toBeGreaterThan(5e9);
  expect(report.bytesRead).toBeLessThan(4e6);
  await exhibit.bootHouse();
});

test('takes a floppy by drop, and refuses what is none', async ({ page }, info) => {
  const { writeFileSync } = await import('node:fs');
  const floppy = info.outputPath('answers.img');
  writeFileSync(floppy, Buffer.alloc(1474560, 0xf6));
  const odd = info.outputPath('odd.img');
  writeFileSync(odd, Buffer.alloc(1000));
  const exhibit = await Exhibit.open(page);
  await exhibit.drop(floppy);
  await expect(page.getByRole('button', { name: /Floppy: answers\.img/ })).toBeVisible();
  await exhibit.drop(odd);
  await expect(page.getByRole('alertdialog')).toContainText('odd.img is not a floppy image');
  await page.getByRole('button', { name: 'Close' }).click();
  await expect(page.getByRole('button', { name: /Floppy: answers\.img/ })).toBeVisible();
  await page.getByRole('button', { name: 'Eject the floppy' }).click();
  await expect(page.getByRole('button', { name: 'Floppy drive: choose a floppy image…' })).toBeVisible();
});

test('is heard: the speaker and the sound card reach the audio thread', async ({ page }) => {
  const exhibit = await Exhibit.open(page);
  await exhibit.bootHouse();
  const energy = () => exhibit.call((machine) => machine.session.sound.energy());
  await energy();
  for (const command of ['tone 440 700', 'sb16 440 700']) {
    await exhibit.call((machine) => machine.session.sound.energy());
    await exhibit.command(command);
    await expect.poll(async () => (await energy()).peak, { message: command }).toBeGreaterThan(0.05);
    await expect
      .poll(async () => (await energy()).peak, { message: `silence after ${command}` })
      .toBeLessThan(0.01);
  }

  // For those who do not hear it, in words beside the screen, also while it is muted.
  await page.getByRole('button', { name: 'Mute' }).click();
  await page.getByRole('button', { name: 'Settings…' }).click();
  await page.getByRole('checkbox', { name: 'Write beside the screen' }).check();
  await page.keyboard.press('Escape');
  await exhibit.command('tone 440 700');
  await expect(page.locator('vitrine-captions .caption')).toHaveText('[beep, 440 Hz]');
  await expect(page.locator('vitrine-captions').getByRole('status')).toHaveText('[beep, 440 Hz]');
  await expect(page.locator('vitrine-captions .caption')).toHaveCount(0);
  await exhibit.command('sb16 440 700');
  await expect(page.locator('vitrine-captions .caption')).toHaveText('[sound]');
});
