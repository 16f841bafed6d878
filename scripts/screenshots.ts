import { chromium } from '@playwright/test';
import { preview } from 'vite';
import { findOrInstallChromium } from './chromium.mjs';

/** Makes the README's pictures from the built app (`npm run screenshots`). */
const server = await preview({ preview: { port: 4196, strictPort: true } });
const browser = await chromium.launch({
  executablePath: findOrInstallChromium(),
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.addInitScript(() => {
    addEventListener('vitrine-serial', (event) => {
      document.title += (event as Event & { text: string }).text;
    });
  });
  await page.goto('http://127.0.0.1:4196/');
  await page.getByRole('button', { name: 'Boot the house disc' }).click();
  await page.waitForFunction(() => document.title.includes('HOUSE READY'), null, { timeout: 60_000 });
  await page.mouse.move(5, 5);
  await page.screenshot({ path: 'docs/exhibit.png' });
} finally {
  await browser.close();
  await server.close();
}
