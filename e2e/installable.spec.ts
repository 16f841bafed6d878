import { chromium, expect, test } from '@playwright/test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

test('the browser finds nothing against installing the exhibit', async ({ launchOptions, baseURL }) => {
  // A profile of its own on the disk: nothing can be installed from a private window, which tests have otherwise.
  const profile = mkdtempSync(join(tmpdir(), 'vitrine-install-'));
  const context = await chromium.launchPersistentContext(profile, launchOptions);
  try {
    const page = await context.newPage();
    await page.goto(baseURL!);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    const devtools = await context.newCDPSession(page);
    const manifest = await devtools.send('Page.getAppManifest');
    expect(manifest.errors).toEqual([]);
    expect(manifest.url).toBe(`${baseURL}/manifest.webmanifest`);
    const { name, short_name, display, start_url, icons } = JSON.parse(manifest.data!) as Record<
      string,
      unknown
    >;
    expect({ name, short_name, display, start_url }).toEqual({
      name: 'Vitrine: a Windows 7 PC in a museum case',
      short_name: 'Vitrine',
      display: 'standalone',
      start_url: './',
    });
    for (const { src, sizes } of icons as { src: string; sizes: string }[]) {
      const size = await page.evaluate(async (src) => {
        const image = new Image();
        image.src = src;
        await image.decode();
        return `${image.naturalWidth}x${image.naturalHeight}`;
      }, src);
      if (sizes !== 'any') expect(size, src).toBe(sizes);
    }
    const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors');
    expect(installabilityErrors).toEqual([]);
  } finally {
    await context.close();
    rmSync(profile, { recursive: true });
  }
});
