import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { HOUSE_ISO } from './exhibit.ts';
import { enterPin, filedPin, holdCorner, logText, openKiosk, phase, touch, until } from './kiosk.ts';

// It would answer in the test's place.
test.use({ serviceWorkers: 'block' });

async function problems(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
    .analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}`));
}

test('a visitor comes and goes: it starts with no gesture, invites, counts down, and is as before', async ({
  page,
}) => {
  // Staff set it up: they choose the PIN, and from then on the address is the visitors'.
  const exhibit = await openKiosk(page, {}, 'kiosk=setup');
  await expect(page.getByRole('heading', { name: /^Choose a PIN/ })).toBeVisible();
  expect(await problems(page)).toEqual([]);
  for (const digit of ['2', '0', '0', '9'])
    await page.getByRole('button', { name: digit, exact: true }).click();
  await page.getByRole('button', { name: 'Enter', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'The same PIN again' })).toBeVisible();
  await enterPin(page, '2009');
  await expect(page.getByText('The PIN is set.')).toBeVisible();
  expect(await problems(page)).toEqual([]);
  // The rest of the page is out of reach of Tab.
  for (let presses = 0; presses < 30; presses++) await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.localName)).toMatch(/^(vitrine-exhibit|body)$/);
  expect(page.url()).toContain('kiosk=1');
  await page.getByRole('button', { name: 'Load the page again' }).click();
  await page.waitForEvent('load');

  await until(page, 'attract');
  await exhibit.waitForSerial('HOUSE READY');
  await expect(page.getByRole('button', { name: /Room 12.*Touch to begin/s })).toBeVisible();
  expect(await problems(page)).toEqual([]);

  // Nothing that is the visitor's own comes into it, and nothing leads out.
  await touch(page, /Touch to begin/);
  await until(page, 'visiting');
  for (const name of ['Machines…', 'Moments…', 'Settings…', 'Reset', 'Pause', 'Full screen'])
    await expect(page.getByRole('button', { name, exact: true })).toHaveCount(0);
  await expect(page.getByRole('button', { name: /Disc tray/ })).toBeDisabled();
  await expect(page.getByRole('button', { name: /^Power/ })).toBeDisabled();
  await expect(page.locator('a[href], input[type=file]')).toHaveCount(0);
  const disc = await exhibit.call((machine) => machine.disc?.label);
  await exhibit.drop(HOUSE_ISO);
  expect(await exhibit.call((machine) => machine.disc?.label)).toBe(disc);
  const kept = await page.evaluate(() =>
    [
      new MouseEvent('contextmenu', { cancelable: true, bubbles: true }),
      new KeyboardEvent('keydown', { code: 'F5', cancelable: true }),
      new KeyboardEvent('keydown', { code: 'KeyR', ctrlKey: true, cancelable: true }),
      new KeyboardEvent('keydown', { code: 'ArrowLeft', altKey: true, cancelable: true }),
      new KeyboardEvent('keydown', { code: 'KeyA', cancelable: true }),
    ].map((event) => !document.body.dispatchEvent(event)),
  );
  expect(kept).toEqual([true, true, true, true, false]);

  // Staff make this the first state.
  await page.keyboard.down('Control');
  await page.keyboard.down('Alt');
  await page.keyboard.down('KeyS');
  await page.clock.runFor(3_100);
  for (const key of ['KeyS', 'Alt', 'Control']) await page.keyboard.up(key);
  await expect(page.getByRole('heading', { name: 'Staff: the PIN' })).toBeVisible();
  await enterPin(page, '2009');
  await page.getByRole('button', { name: 'Make this moment the first state' }).click();
  await expect(page.getByText('This is the first state from now on.')).toBeVisible();
  await page.getByRole('button', { name: 'Back to the exhibit' }).click();
  await until(page, 'visiting');
  const first = await exhibit.call(async (machine) => (await machine.stats()).uptimeMs);

  // What the visitor does to the room is gone after them, too.
  await page.getByRole('button', { name: 'Deutsch' }).click();
  await page.getByRole('button', { name: 'Stumm' }).click();
  await page.getByRole('button', { name: 'Bildschirmtastatur' }).click();
  await expect(page.locator('vitrine-keyboard')).toBeVisible();
  await page.getByRole('button', { name: 'English' }).click();

  // Nobody is there any more; a touch says that somebody is.
  await until(page, 'countdown', 5_000);
  await expect(page.getByRole('timer')).toHaveText(/^(10|[5-9])$/);
  expect(await problems(page)).toEqual([]);
  await touch(page, 'I am still here');
  await until(page, 'visiting');
  await until(page, 'countdown', 5_000);
  await until(page, 'attract');
  expect(await exhibit.call((machine) => machine.power)).toBe('running');
  await expect(page.locator('vitrine-keyboard')).toHaveCount(0);
  expect(await exhibit.call((machine) => machine.session.sound.settings.value.muted)).toBe(false);
  const log = await logText(page);
  expect(log).toMatch(/started.*visitor.*staff.*reset\t/s);
  expect(first).toBeGreaterThan(0);
  expect(
    exhibit.consoleErrors.filter((line) => !line.includes('sw.js') && !line.includes('service worker')),
  ).toEqual([]);
});

test('it sleeps and wakes by its schedule, a wrong PIN costs time, and the log is saved as a file', async ({
  page,
}) => {
  const pin = filedPin();
  await openKiosk(page, { schedule: [{ wake: '08:00', sleep: '17:00' }], pin });
  await until(page, 'attract');

  await holdCorner(page, 1_000);
  await page.clock.runFor(5_000);
  expect(await phase(page)).toBe('attract');
  await holdCorner(page);
  const field = page.getByRole('textbox', { name: 'PIN' });
  for (const wrong of ['1111', '2222', '3333']) {
    await field.fill(wrong);
    await page.keyboard.press('Enter');
    await expect(page.getByText('This is not the PIN.')).toBeVisible();
    await expect(field).toHaveValue('');
  }
  // On a crowded computer the first wait may be over before the next try: each wrong one makes it longer.
  await expect(async () => {
    await field.fill('4444');
    await page.keyboard.press('Enter');
    await expect(page.getByText(/Too many wrong ones. Wait \d+ s./)).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await page.clock.runFor(50_000);
  await field.fill('2009');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'The log' }).click();
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save as a file' }).click();
  const file = readFileSync(await (await saved).path(), 'utf8');
  expect(file.match(/wrong-pin/g)!.length).toBeGreaterThanOrEqual(3);
  expect(file).toMatch(/^time\tkind\tdetail\n2026-11-26T.*\tstarted/);
  await page.getByRole('button', { name: 'Back', exact: true }).click();
  await page.getByRole('button', { name: 'Back to the exhibit' }).click();

  await until(page, 'visiting');
  await until(page, 'attract', 5_000);
  await page.clock.setSystemTime(new Date('2026-11-26T17:00:01'));
  await until(page, 'asleep');
  await expect(page.getByText('The exhibit sleeps.')).toBeVisible();
  await expect(page.locator('vitrine-machine')).toHaveAttribute('power', 'off');
  const reloaded = page.waitForEvent('load');
  await page.clock.setSystemTime(new Date('2026-11-27T08:00:01'));
  await page.clock.runFor(1_000);
  await reloaded;
  await until(page, 'attract');
  expect(await logText(page)).toMatch(/slept.*woke.*started/s);
});

test('a machine that died or stopped is started again, and the log says so', async ({ page }) => {
  const exhibit = await openKiosk(page);
  await until(page, 'attract');
  await exhibit.waitForSerial('HOUSE READY');
  await page.evaluate(() => (window.serialLog = ''));
  // The worker throws where nothing catches it.
  const worker = page.workers().find((candidate) => candidate.url().includes('machine-worker'))!;
  await worker.evaluate(() =>
    setTimeout(() => {
      throw new Error('gone wrong');
    }),
  );
  await exhibit.waitForPower('failed');
  await until(page, 'starting');
  await until(page, 'attract');
  await exhibit.waitForSerial('HOUSE READY');
  expect(await logText(page)).toMatch(/machine-failed\t.*\n.*started/);

  await page.evaluate(() => (window.serialLog = ''));
  await exhibit.call((machine) => machine.sendSerial('halt\n'));
  await page.waitForFunction(() => document.querySelector('vitrine-machine')!.session.halted.value);
  await page.clock.runFor(21_000);
  await until(page, 'attract');
  await exhibit.waitForSerial('HOUSE READY');
  expect(await logText(page)).toMatch(/machine-hung\tthe processor stopped\n.*started/);
});
