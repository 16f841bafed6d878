import { expect, test, type Page } from '@playwright/test';
import { readdirSync, readFileSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { attach, makePatternDisk, missingTools, run } from './disk-images.ts';
import { Exhibit } from './exhibit.ts';
import { expectInReach } from './reach.ts';

const MIB = 2 ** 20;
const MISSING = missingTools('qemu-img');
const disk = (page: Page) => page.locator('vitrine-disk-report');

/** Drops files on the page and gives what its window says of them. */
async function bring(exhibit: Exhibit, ...paths: string[]): Promise<string> {
  await exhibit.drop(...paths);
  await expect(disk(exhibit.page).locator('.verdict')).toBeVisible();
  return disk(exhibit.page).locator('vitrine-window').innerText();
}

const close = (page: Page) =>
  disk(page)
    .getByRole('button', { name: /^(Close|Cancel)$/ })
    .last()
    .click();

test('what is brought as a disk is told before anything is pressed', async ({ page }, info) => {
  test.skip(MISSING.length > 0, `skipped: ${MISSING.join(', ')} not installed`);
  test.setTimeout(120_000);
  const at = (name: string) => info.outputPath(name);
  const exhibit = await Exhibit.open(page);

  // One sector more than the drive can have, and exactly what it can.
  run('qemu-img', ['create', '-f', 'qcow2', at('more.qcow2'), String(127 * 2 ** 30 + 512)]);
  run('qemu-img', ['create', '-f', 'qcow2', at('fits.qcow2'), '127G']);
  const more = await bring(exhibit, at('more.qcow2'));
  expect(more).toContain('Cannot run here');
  expect(more).toContain('no more than 127 GB (136,365,211,648 bytes)');
  expect(more).toContain('127 GB (136,365,212,160 bytes)');
  expect(more).toContain('qemu-img resize --shrink');
  expect(more).not.toContain('damaged');
  await expect(disk(page).getByRole('button', { name: 'Attach' })).toHaveCount(0);
  await page.screenshot({ path: at('more.png') });
  await expectInReach(page, 'a disk that is too large');
  await close(page);
  expect(await bring(exhibit, at('fits.qcow2'))).toContain('May run here');
  await expect(disk(page).getByRole('button', { name: 'Attach' })).toBeEnabled();
  await close(page);

  // A disk in three parts: alone, some, and all of them.
  makePatternDisk(at('raw.img'), 16 * MIB, [[4096, 128, 21]]);
  run('qemu-img', ['resize', '-f', 'raw', at('raw.img'), '5G']);
  const options = ['-O', 'vmdk', '-o', 'subformat=twoGbMaxExtentSparse'];
  run('qemu-img', ['convert', '-f', 'raw', ...options, at('raw.img'), at('Übung.vmdk')]);
  const parts = readdirSync(info.outputDir).filter((name) => name.startsWith('Übung'));
  expect(parts).toHaveLength(4);
  expect(await bring(exhibit, at('Übung.vmdk'))).toContain(
    'the disk itself is in 3 other files: Übung-s001.vmdk, Übung-s002.vmdk, Übung-s003.vmdk',
  );
  await close(page);
  expect(await bring(exhibit, at('Übung-s001.vmdk'))).toContain('Pick all of them together, and Übung.vmdk');
  await close(page);
  expect(await bring(exhibit, at('Übung-s001.vmdk'), at('Übung.vmdk'))).toContain(
    'some are missing: Übung-s002.vmdk, Übung-s003.vmdk',
  );
  await page.screenshot({ path: at('missing.png') });
  await close(page);
  const all = await bring(exhibit, ...parts.toReversed().map(at));
  expect(all).toContain('VMDK (VMware), sparse, 3 files');
  expect(all).toContain('5 GB (5,368,709,120 bytes)');
  await page.screenshot({ path: at('all.png') });
  await close(page);
  expect(exhibit.consoleErrors).toEqual([]);
});

test('an image whose date alone changed, and a copy under another name, are taken at once', async ({
  page,
}, info) => {
  await page.addInitScript(() => Reflect.deleteProperty(window, 'showOpenFilePicker'));
  const path = info.outputPath('base.img');
  makePatternDisk(path, 16 * MIB, [[4096, 128, 21]]);
  let exhibit = await Exhibit.open(page);
  await attach(exhibit, path);
  const missing = page.getByRole('button', { name: 'Choose base.img…' });

  // The clocks changed while the file lay on a FAT stick.
  const hourLater = Math.floor(statSync(path).mtimeMs / 1000) + 3600;
  utimesSync(path, hourLater, hourLater);
  exhibit = await Exhibit.open(page);
  await expect(missing).toBeVisible();
  const chooser = page.waitForEvent('filechooser');
  await missing.click();
  await (await chooser).setFiles(path);
  await expect(missing).toHaveCount(0);
  await exhibit.configure({ memoryMiB: 64 });
  await exhibit.call((machine) => machine.powerOn());
  await exhibit.waitForSerial('HOUSE READY', { timeout: 60_000 });
  expect((await exhibit.command('verify 4096 64 21')).answer).toMatch(/^OK/);
  await exhibit.call((machine) => machine.powerOff());

  // A copy of it is dropped.
  const copy = join(info.outputDir, 'base - Copy.img');
  writeFileSync(copy, readFileSync(path));
  renameSync(path, info.outputPath('gone.img'));
  exhibit = await Exhibit.open(page);
  await expect(missing).toBeVisible();
  await exhibit.drop(copy);
  await expect(missing).toHaveCount(0);
  await expect(disk(page)).toHaveCount(0);
});
