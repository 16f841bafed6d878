import { expect, test, type Page } from '@playwright/test';
import { attach, makePatternDisk } from './disk-images.ts';
import { Exhibit } from './exhibit.ts';
import { enterPin, filedPin, holdCorner, logText, openKiosk, phase, until } from './kiosk.ts';
import { expectInReach } from './reach.ts';

// It would answer in the test's place.
test.use({ serviceWorkers: 'block' });

/** Presses them with real keys; gives those that the browser would have had. */
async function leaked(page: Page, keys: readonly string[]): Promise<string[]> {
  await page.evaluate(() => {
    const seen: boolean[] = [];
    Object.assign(window, { seen });
    addEventListener('keydown', (event) => seen.push(event.defaultPrevented));
  });
  const found: string[] = [];
  for (const key of keys) {
    await page.keyboard.press(key);
    const kept = await page.evaluate(() => (window as unknown as { seen: boolean[] }).seen.at(-1));
    if (!kept) found.push(key);
  }
  return found;
}

const KEYS = ['Control+Shift+KeyI', 'Control+Shift+KeyC', 'Control+Shift+Delete', 'Control+Shift+KeyM'];
const MORE_KEYS = ['Shift+Escape', 'Control+KeyQ', 'Control+Equal', 'Meta+Comma', 'Alt+KeyD', 'F12', 'F5'];

test('a key that is held, a mouse that trembles and a harmless notice are nobody; what is asleep sleeps', async ({
  page,
}) => {
  await openKiosk(page, { pin: filedPin() });
  await until(page, 'attract');
  expect(await leaked(page, [...KEYS, ...MORE_KEYS])).toEqual([]);
  await until(page, 'visiting');
  let loads = 0;
  page.on('load', () => loads++);
  await page.evaluate(() => {
    const box = document.createElement('div');
    document.body.append(box);
    new ResizeObserver(() => (box.style.width = `${box.offsetWidth + 1}px`)).observe(box);
    void Promise.reject(new Error('of no use to anybody'));
    dispatchEvent(new ErrorEvent('error', { message: 'Script error.' }));
  });
  // While the machine has the keyboard.
  await page.locator('vitrine-monitor').getByRole('application').click();
  expect(await leaked(page, KEYS)).toEqual([]);
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).touchAction)).toBe(
    'pan-x pan-y',
  );
  const sides = await page.evaluate(() =>
    [3, 4].map(
      (button) =>
        !document.body.dispatchEvent(new MouseEvent('mouseup', { button, cancelable: true, bubbles: true })),
    ),
  );
  expect(sides).toEqual([true, true]);

  await page.keyboard.down('a');
  for (let times = 0; times < 7; times++) {
    await page.clock.runFor(10_000);
    await page.keyboard.down('a');
    await page.mouse.move(400 + (times % 2), 300);
  }
  await until(page, 'countdown');
  await page.keyboard.up('a');
  await expect(page.getByRole('button', { name: 'I am still here' })).toBeFocused();
  // Any key says so, and the next one is the machine's again.
  await page.keyboard.press('b');
  await until(page, 'visiting');
  await expect(page.locator('vitrine-monitor').getByRole('application')).toBeFocused();
  await until(page, 'countdown', 10_000);
  await until(page, 'attract');
  expect(loads).toBe(0);
  expect(await logText(page)).toMatch(/page-error\t.*ResizeObserver/);

  // The PIN screen of a visitor who went closes by itself; nothing beneath it was in reach.
  await holdCorner(page);
  await expect(page.getByRole('heading', { name: 'Staff: the PIN' })).toBeVisible();
  await expectInReach(page, 'the PIN');
  expect(
    await page.evaluate(
      () => document.querySelector('vitrine-exhibit')!.shadowRoot!.querySelector('aside')!.inert,
    ),
  ).toBe(true);
  await page.clock.runFor(61_000);
  await expect(page.getByRole('heading', { name: 'Staff: the PIN' })).toHaveCount(0);
  expect(await phase(page)).toBe('attract');

  await holdCorner(page);
  await enterPin(page, '2009');
  await page.getByRole('button', { name: 'Sleep now' }).click();
  await expect(page.locator('vitrine-machine')).toHaveAttribute('power', 'off');
  await page.clock.runFor(600_000);
  expect(await phase(page)).toBe('asleep');
  const reloaded = page.waitForEvent('load');
  await page.mouse.click(400, 300);
  await reloaded;
  await until(page, 'attract');
});

test('a file or a memory that cannot be read opens nothing to a visitor, and a store that cannot waits', async ({
  page,
}) => {
  await page.addInitScript(() => {
    // oxlint-disable-next-line typescript/unbound-method -- applied to the factory that it was called on
    const { open } = IDBFactory.prototype;
    IDBFactory.prototype.open = function (...args) {
      if (localStorage.getItem('store') !== 'broken') return open.apply(this, args);
      const request = {
        error: new DOMException('full', 'QuotaExceededError'),
      } as unknown as IDBOpenDBRequest;
      setTimeout(() => request.onerror?.(new Event('error')));
      return request;
    };
  });
  const exhibit = await openKiosk(page, { pin: filedPin() });
  await until(page, 'attract');
  await page.unroute('**/kiosk-test.json');
  await page.route('**/kiosk-test.json', (route) => route.fulfill({ body: '{"format": 1,' }));
  await page.reload();
  await until(page, 'attract');
  await holdCorner(page);
  await expect(page.getByRole('heading', { name: 'Staff: the PIN' })).toBeVisible();
  expect(await logText(page)).toMatch(/exhibit-failed\tkiosk-test.json/);

  await page.evaluate(() => {
    localStorage.clear();
    localStorage.setItem('store', 'broken');
  });
  await page.reload();
  await until(page, 'resting');
  expect(await exhibit.call((machine) => machine.power)).toBe('off');
  expect(await logText(page)).toMatch(/machine-failed\tstore\/open-full/);
  await holdCorner(page);
  await expect(page.getByRole('heading', { name: 'No PIN is known here' })).toBeVisible();
  await page.screenshot({ path: test.info().outputPath('closed.png') });
  await page.getByRole('button', { name: 'Back to the exhibit' }).click();
  await page.evaluate(() => localStorage.removeItem('store'));
  await until(page, 'attract', 5_000);
  await exhibit.waitForPower('running');
});

test('a file that makes a kiosk makes one with its mistakes too, and when it never comes', async ({
  page,
}) => {
  await page.clock.install();
  const wrong = '{"format": 1, "titel": "Room 12", "kiosk": {"enabled": true, "idleSeconds": 60}}';
  await page.route('**/kiosk-test.json', (route) => route.fulfill({ body: wrong }));
  await Exhibit.open(page, '/?exhibit=kiosk-test.json');
  await until(page, 'attract');
  await holdCorner(page);
  await expect(page.getByRole('heading', { name: 'No PIN is known here' })).toBeVisible();
  expect(await logText(page)).toMatch(/exhibit-failed\tkiosk-test.json/);

  await page.unroute('**/kiosk-test.json');
  // The server took the question, and says nothing.
  await page.route(/\/(exhibit|kiosk-test)\.json/, () => {});
  await page.reload();
  await until(page, 'attract', 5_000);
  expect(await logText(page)).toMatch(/exhibit-failed\tkiosk-test.json: The server cannot be reached/);
});

test('a machine on an attached image says which file it waits for, and staff give it', async ({
  page,
}, info) => {
  await page.addInitScript(() => Reflect.deleteProperty(window, 'showOpenFilePicker'));
  const path = info.outputPath('museum.img');
  makePatternDisk(path, 64 * 2 ** 20, [[4096, 128, 21]]);
  const visitor = await Exhibit.open(page);
  expect(await attach(visitor, path)).toMatchObject({ verdict: 'may-run' });

  const exhibit = await openKiosk(page, { pin: filedPin() });
  await until(page, 'needs-file');
  await expect(page.getByText(/The machine waits for museum\.img/)).toBeVisible();
  expect(await logText(page)).toMatch(/needs-file\tmuseum\.img/);
  await page.screenshot({ path: test.info().outputPath('needs-file.png') });
  await holdCorner(page);
  await enterPin(page, '2009');
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('dialog').getByRole('button', { name: 'Choose museum.img…' }).click();
  await (await chooser).setFiles(path);
  await until(page, 'attract');
  await exhibit.waitForPower('running');

  // Tomorrow it would be missing again: no first state is made of it.
  await holdCorner(page);
  await enterPin(page, '2009');
  await page.getByRole('button', { name: 'Make this moment the first state' }).click();
  await expect(page.getByText(/stands on museum\.img.*cannot be the first state/)).toBeVisible();
  await page.screenshot({ path: test.info().outputPath('menu.png') });
  await expectInReach(page, 'the staff menu');
  expect(
    await exhibit.call(
      async (machine) => (await machine.snapshots()).filter(({ kind }) => kind === 'kept').length,
    ),
  ).toBe(0);
});
