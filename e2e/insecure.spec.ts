import { chromium, expect, test, type Browser } from '@playwright/test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expectAccessible } from './discs.ts';
import { Exhibit, HOUSE_ISO } from './exhibit.ts';
import { StaticServer } from './static-server.ts';
import { windowOf } from './windows.ts';

/** The exhibit at an address that is not secure, as from another computer of the house: http://exhibit.lan. */

const DIST = fileURLToPath(new URL('../dist', import.meta.url));

let browser: Browser;
let server: StaticServer;
let files: string;
let address: string;

test.beforeAll(async () => {
  server = await StaticServer.start(DIST);
  server.isPlain = true;
  address = server.url.replace('127.0.0.1', 'exhibit.lan');
  files = mkdtempSync(join(tmpdir(), 'vitrine-insecure-'));
  const { executablePath, args = [] } = test.info().project.use.launchOptions ?? {};
  const rule = '--host-resolver-rules=MAP exhibit.lan 127.0.0.1';
  browser = await chromium.launch({ ...(executablePath && { executablePath }), args: [...args, rule] });
});

test.afterAll(async () => {
  await browser.close();
  await server.stop();
  rmSync(files, { recursive: true, force: true });
});

test('says at once what is missing and the two ways out, and runs what needs nothing of it', async () => {
  const page = await (await browser.newContext()).newPage();
  const exhibit = await Exhibit.open(page, address);
  expect(await page.evaluate(() => isSecureContext)).toBe(false);
  const port = new URL(address).port;
  const told = page.getByText('is not a secure address for the browser');
  await expect(told).toContainText(`http://exhibit.lan:${port}`);
  await expect(told).toContainText('open the page with https');
  await expect(told).toContainText(`or as http://localhost:${port} on the computer that serves it`);
  await expect(page.getByRole('alertdialog')).toHaveCount(0);
  await expectAccessible(page);

  await exhibit.bootHouse();
  await expect(page.getByText('without a disk: nothing of it is kept')).toBeVisible();
  await exhibit.call((machine) => machine.powerOff());

  await exhibit.call((machine) => machine.ejectDisc());

  // A disc that is dropped goes into the tray: the page is still there afterwards.
  await exhibit.drop(HOUSE_ISO);
  await expect.poll(() => exhibit.call(({ disc }) => disc?.verdict)).toBe('runs');
  await exhibit.call((machine) => machine.powerOn());
  await exhibit.waitForSerial('HOUSE READY');
  await exhibit.call((machine) => machine.powerOff());

  // A disk needs what the address lacks: that is said, and nothing happens.
  const image = join(files, 'small.raw');
  writeFileSync(image, new Uint8Array(3 << 20));
  await exhibit.drop(image);
  await page.getByRole('button', { name: /^Attach/ }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'is not a secure address' })).toBeVisible();
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Machines…' }).click();
  await expect(windowOf(page, 'Machines').getByRole('alert')).toContainText('is not a secure address');
  expect(exhibit.consoleErrors).toEqual([]);
  await page.close();
});

test('a kiosk starts the house disc there, and its staff menu stays shut: no PIN can be checked', async () => {
  const page = await (await browser.newContext()).newPage();
  const exhibit = await Exhibit.open(page, `${address}?kiosk`);
  await expect(page.getByRole('button', { name: /Touch to begin/ })).toBeVisible({ timeout: 60_000 });
  await exhibit.waitForPower('running');
  await page.goto(`${address}?kiosk=setup`);
  const pad = page.getByRole('dialog');
  await expect(pad.getByText('is not a secure address for the browser')).toBeVisible();
  for (let time = 0; time < 2; time++) {
    await pad.getByRole('textbox', { name: 'PIN' }).fill('20092009');
    await page.keyboard.press('Enter');
  }
  await expect(pad.getByRole('heading', { name: 'The same PIN again' })).toBeVisible();
  await expect(pad.getByText('is not a secure address for the browser')).toBeVisible();
  await page.close();
});
