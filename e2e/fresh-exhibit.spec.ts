import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import { cpSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StaticServer } from './static-server.ts';

/** A museum edits its exhibit file on a server that says nothing of caches, as `python3 -m http.server`. */

const DIST = fileURLToPath(new URL('../dist', import.meta.url));

let folder: string;
let server: StaticServer;

test.beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vitrine-fresh-'));
  cpSync(DIST, folder, { recursive: true });
  mkdirSync(join(folder, 'museum'));
  server = await StaticServer.start(folder);
  server.isPlain = true;
});

test.afterEach(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** It lay there untouched for long: browsers take what they have of it for ten days more. */
function write(path: string, bytes: string | Uint8Array, daysAgo: number): void {
  writeFileSync(join(folder, path), bytes);
  const then = new Date(Date.now() - daysAgo * 86_400_000);
  utimesSync(join(folder, path), then, then);
}

function writeExhibit(title: string, daysAgo: number): void {
  const picture = { src: 'picture.svg', alt: 'A drawing' };
  const chapter = { id: 'one', title: 'A chapter', text: ['Words.'], picture };
  write(
    'museum/x.json',
    JSON.stringify({ format: 1, title, subtitle: 'A test', chapters: [chapter] }),
    daysAgo,
  );
}

function writePicture(width: number, daysAgo: number): void {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="10"></svg>`;
  write('museum/picture.svg', svg, daysAgo);
}

async function expectShown(page: Page, title: string, width: number): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(title);
  await page.getByRole('tab', { name: 'The story' }).click();
  await page.getByRole('button', { name: 'A chapter' }).click();
  const natural = () =>
    page
      .getByRole('img', { name: 'A drawing' })
      .evaluate((image) => (image as HTMLImageElement).naturalWidth);
  await expect.poll(natural).toBe(width);
}

async function editsShow(context: BrowserContext, prepare: (page: Page) => Promise<unknown>): Promise<void> {
  const address = `${server.url}?exhibit=museum/x.json`;
  writeExhibit('Before', 100);
  writePicture(11, 100);
  const page = await context.newPage();
  await page.goto(address);
  await expectShown(page, 'Before', 11);
  await prepare(page);
  writeExhibit('After', 99);
  writePicture(22, 99);
  await page.reload();
  await expectShown(page, 'After', 22);
  writeExhibit('Later', 98);
  writePicture(33, 98);
  const next = await context.newPage();
  await next.goto(address);
  await expectShown(next, 'Later', 33);
}

test('an edit of an exhibit file and its pictures shows at the next visit, without a service worker', async ({
  browser,
}) => {
  await editsShow(await browser.newContext({ serviceWorkers: 'block' }), async () => {});
});

test('the same with the service worker in control; a file that is not UTF-8 is told with its line', async ({
  context,
  page,
}) => {
  await editsShow(context, async (first) => {
    await first.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await first.waitForFunction(() => navigator.serviceWorker.controller !== null);
  });
  const text = '{ "format": 1,\n  "title": "Führung",\n  "subtitle": "Ein Gang"\n}\n';
  write('museum/x.json', Buffer.from(text, 'latin1'), 97);
  await page.goto(`${server.url}?exhibit=museum/x.json`);
  const problems = page.getByRole('alert').filter({ hasText: 'museum/x.json is not shown' });
  await expect(problems).toContainText('Line 2, column 14: is not UTF-8');
  write('museum/x.json', Buffer.from(`\ufeff${text}`, 'utf16le'), 96);
  await page.reload();
  await expect(problems).toContainText('Line 1, column 1: is UTF-16 and not UTF-8');
  write('museum/x.json', `\ufeff${text}`, 95);
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Führung');
});
