import { expect, test, type Page } from '@playwright/test';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ASK_FIRST, FOREVER } from '../scripts/hosting.ts';
import { PRODUCTION_HEADERS } from '../scripts/security.ts';
import { Exhibit } from './exhibit.ts';
import { typeOf } from './static-server.ts';
import { findServer, startApache, startNginx, type WebServer } from './web-servers.ts';

const DIST = fileURLToPath(new URL('../dist', import.meta.url));
const SERVERS = [
  { name: 'nginx', start: startNginx },
  { name: 'apache2', start: startApache },
] as const;

for (const { name, start } of SERVERS) {
  const program = findServer(name);

  test(`${name} with the settings of hosting/ serves every file as it must be served`, async () => {
    test.skip(!program, `${name} is not installed here`);
    await serving(program!, start, '/museum/pc/', async ({ url }) => {
      for (const file of [...filesOf(DIST), '']) {
        if (file === '.htaccess') continue;
        const response = await fetch(url + file);
        const headers = Object.fromEntries(response.headers);
        if (file === '_headers' && name === 'nginx') {
          expect(response.status).toBe(404);
          continue;
        }
        expect(response.status, file).toBe(200);
        for (const [header, value] of Object.entries(PRODUCTION_HEADERS))
          expect(headers[header.toLowerCase()], `${header} of ${file}`).toBe(value);
        if (file === '_headers') continue;
        expect(headers['content-type'].split(';')[0], file).toBe(typeOf(file || 'index.html'));
        const isHashed = /^assets\/.*-[\w-]{8}\.\w+$/.test(file);
        expect(headers['cache-control'], file).toBe(isHashed ? FOREVER : ASK_FIRST);
        await response.arrayBuffer();
      }
      expect([403, 404]).toContain((await fetch(`${url}.htaccess`)).status);

      const wasm = `assets/${readdirSync(join(DIST, 'assets')).find((file) => file.endsWith('.wasm'))}`;
      const compressed = await fetch(url + wasm, { headers: { 'Accept-Encoding': 'gzip' } });
      expect(compressed.headers.get('content-encoding')).toBe('gzip');
      expect((await compressed.arrayBuffer()).byteLength).toBe(statSync(join(DIST, wasm)).size);

      const disc = `assets/${readdirSync(join(DIST, 'assets')).find((file) => file.endsWith('.iso'))}`;
      const part = await fetch(url + disc, { headers: { Range: 'bytes=32769-32773' } });
      expect(part.status).toBe(206);
      expect(part.headers.get('content-range')).toBe(`bytes 32769-32773/${statSync(join(DIST, disc)).size}`);
      // The disc's own mark, "CD001", in its first volume descriptor (ECMA-119 §8.1.2).
      expect(await part.text()).toBe('CD001');
    });
  });

  test(`${name}: the exhibit runs in a folder of a site, and goes on when the server is gone`, async ({
    page,
    context,
  }) => {
    test.skip(!program, `${name} is not installed here`);
    await serving(program!, start, '/museum/pc/', (server) => visit(page, server));
    // The root of a site is the same for every server; one shows it.
    if (name === 'nginx')
      await serving(program!, start, '/', async (server) => visit(await context.newPage(), server));
  });
}

test('a page opened as a file says that it needs a server, and which', async ({ page }) => {
  await page.goto(pathToFileURL(join(DIST, 'index.html')).href);
  await expect(page.getByText('cannot run as a file opened from a folder')).toBeVisible();
  await expect(page.getByText('python3 -m http.server').first()).toBeVisible();
});

/** Boots the house disc from the server, ends the server, and boots it again. */
async function visit(page: Page, server: WebServer): Promise<void> {
  const exhibit = await Exhibit.open(page, server.url);
  await expect(page.locator('.not-started')).toBeHidden();
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await exhibit.bootHouse();
  await exhibit.call((machine) => machine.powerOff());
  await exhibit.waitForPower('off');

  await server.stop();
  await page.reload();
  await exhibit.machine.waitFor();
  await exhibit.bootHouse();
  // Nothing was refused by the policy, nothing was missing.
  expect(exhibit.consoleErrors).toEqual([]);
  await page.close();
}

/** Runs `use` while the server serves the built app at `path`, and ends it. */
async function serving(
  program: string,
  start: (typeof SERVERS)[number]['start'],
  path: string,
  use: (server: WebServer) => Promise<void>,
): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), 'vitrine-hosting-'));
  const site = join(work, 'site');
  mkdirSync(join(site, path, '..'), { recursive: true });
  if (path !== '/') symlinkSync(DIST, join(site, path.slice(0, -1)));
  const server = await start(program, path === '/' ? DIST : site, work);
  try {
    await use({ url: server.url + path.slice(1), stop: () => server.stop() });
  } finally {
    await server.stop();
    rmSync(work, { recursive: true });
  }
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}
