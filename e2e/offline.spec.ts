import { expect, test, type Worker } from '@playwright/test';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeOfflineShell } from '../scripts/build-plugins.ts';
import { Exhibit } from './exhibit.ts';
import { StaticServer } from './static-server.ts';

const DIST = fileURLToPath(new URL('../dist', import.meta.url));

let server: StaticServer;
let folder: string;
test.beforeEach(async () => {
  server = await StaticServer.start(DIST);
  folder = mkdtempSync(join(tmpdir(), 'vitrine-offline-'));
});
test.afterEach(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

test('after one visit the exhibit boots the house disc from a cold start with its server gone', async ({
  page,
  context,
}) => {
  await Exhibit.open(page, server.url);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.close();

  await server.stop();
  await expect(fetch(server.url)).rejects.toThrow('fetch failed');
  const cold = await context.newPage();
  const exhibit = await Exhibit.open(cold, `${server.url}?machine=guest`);
  await cold.getByRole('button', { name: 'Boot the house disc' }).click();
  await exhibit.waitForSerial('HOUSE READY');
  expect(await exhibit.serial()).toMatch(/^DISC VITRINE_HOUSE/m);
  expect(exhibit.consoleErrors).toEqual([]);
});

test('a server without settings: once the exhibit is kept its workers are bound by the page’s policy', async ({
  page,
  browser,
}) => {
  server.isPlain = true;
  const elsewhere = await StaticServer.start(DIST);
  elsewhere.isPlain = true;
  let requests = 0;
  elsewhere.meddle = async () => void requests++;
  const ask = async (exhibit: Exhibit): Promise<string> => {
    await exhibit.bootHouse();
    const isMachine = (worker: Worker) => worker.url().includes('machine-worker');
    return exhibit.page
      .workers()
      .find(isMachine)!
      .evaluate(
        (url) =>
          fetch(url, { mode: 'no-cors' }).then(
            () => 'went through',
            () => 'refused',
          ),
        elsewhere.url,
      );
  };
  try {
    const exhibit = await Exhibit.open(page, server.url);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await page.reload();
    expect(await ask(exhibit)).toBe('refused');
    expect(requests).toBe(0);
    // Where it is not, the page is bound, and its workers are not: as README says.
    const context = await browser.newContext({ serviceWorkers: 'block' });
    expect(await ask(await Exhibit.open(await context.newPage(), server.url))).toBe('went through');
    expect(requests).toBe(1);
    await context.close();
  } finally {
    await elsewhere.stop();
  }
});

test('a new version waits while the machine is on in any tab, says so, and is taken when it is off', async ({
  page,
  context,
}) => {
  const first = await Exhibit.open(page, server.url);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await first.bootHouse();
  const otherPage = await context.newPage();
  const other = await Exhibit.open(otherPage, server.url);
  const title = await page.title();

  server.folder = await nextVersion(folder);
  await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())!.update());
  for (const tab of [page, otherPage])
    await expect(tab.getByText('It waits until the machine is off, in every tab')).toBeVisible();
  expect(await first.call((machine) => machine.power)).toBe('running');
  // Opening the page again does not let it in either: the machine of the first tab is on.
  await otherPage.reload();
  await other.machine.waitFor();
  expect(await otherPage.title()).toBe(title);

  await otherPage.getByRole('button', { name: 'Take it then' }).click();
  await expect(otherPage.getByText('is taken as soon as the machine is off')).toBeVisible();
  expect(await page.title()).toBe(title);
  await first.call((machine) => machine.powerOff());
  for (const tab of [page, otherPage]) await expect(tab).toHaveTitle('The next version');

  await server.stop();
  await page.reload();
  await first.machine.waitFor();
  await expect(page).toHaveTitle('The next version');
});

test('a first download that takes long is counted, one that fails is told and tried again', async ({
  page,
}) => {
  let status: number | undefined = 503;
  let open = (): void => {};
  const gate = new Promise<void>((resolve) => (open = resolve));
  let askedFor = 0;
  server.meddle = async (path) => {
    if (path !== '/THIRD-PARTY.txt') return undefined;
    if (askedFor++ > 0) await gate;
    return status;
  };
  await Exhibit.open(page, server.url);
  await expect(page.getByText('its server was lost during the download')).toBeVisible();

  status = undefined;
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByText(/Keeping the exhibit for use without network: \d+ of \d+ files/)).toBeVisible();
  await expect(page.getByRole('progressbar', { name: 'Files kept' })).toBeVisible();
  open();
  await expect(page.getByText('The exhibit is ready to work without network.')).toBeVisible();
  await page.getByRole('button', { name: 'Put this note away' }).click();
  await expect(page.locator('vitrine-update')).not.toContainText('ready');
});

/** What is built, changed and given its own list of files by the same step of the build. */
async function nextVersion(folder: string): Promise<string> {
  cpSync(DIST, folder, { recursive: true });
  const index = join(folder, 'index.html');
  const html = readFileSync(index, 'utf8').replace(/<title>.*<\/title>/, '<title>The next version</title>');
  writeFileSync(index, html);
  await writeOfflineShell(folder);
  return folder;
}
