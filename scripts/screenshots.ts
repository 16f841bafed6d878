import { chromium, type Page } from '@playwright/test';
import { preview } from 'vite';
import type { VitrineMachine } from '../src/ui/vitrine-machine.ts';
import { findOrInstallChromium } from './chromium.mjs';

/** Makes the README's pictures from the built app (`npm run screenshots`). */
const server = await preview({ preview: { port: 4196, strictPort: true } });
const browser = await chromium.launch({
  executablePath: findOrInstallChromium(),
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
const address = 'http://127.0.0.1:4196/';

/** A page on which the house disc runs and has drawn its picture. */
async function open(query: string, size: { width: number; height: number }, locale = 'en'): Promise<Page> {
  // Without the line about use without network, which would lie over the pictures.
  const page = await browser.newPage({ viewport: size, locale, serviceWorkers: 'block' });
  await page.addInitScript(() => {
    addEventListener('vitrine-serial', (event) => {
      document.documentElement.dataset['serial'] =
        (document.documentElement.dataset['serial'] ?? '') + (event as Event & { text: string }).text;
    });
  });
  await page.goto(address + query);
  if (!query.includes('kiosk'))
    await page.evaluate(async () => document.querySelector<VitrineMachine>('vitrine-machine')!.powerOn());
  await page.waitForFunction(
    () => document.documentElement.dataset['serial']?.includes('HOUSE READY'),
    null,
    {
      timeout: 60_000,
    },
  );
  await page.mouse.move(5, 5);
  return page;
}

try {
  const wide = { width: 1440, height: 900 };
  const story = await open('', wide);
  await story.screenshot({ path: 'docs/exhibit.png' });
  await story.getByRole('tab', { name: 'The story' }).click();
  await story.getByRole('button', { name: /The security paradox/ }).click();
  await story.getByRole('button', { name: /Network adapters/ }).click();
  await story.screenshot({ path: 'docs/story.png' });
  await story.getByRole('button', { name: 'Screen keyboard' }).click();
  await story.getByRole('button', { name: 'Close the keyboard' }).waitFor();
  await story.screenshot({ path: 'docs/keyboard.png' });
  await story.close();

  const german = await open('', { width: 390, height: 844 }, 'de');
  await german.getByRole('tab', { name: 'Geschichte' }).click();
  await german.screenshot({ path: 'docs/phone.png' });
  await german.close();

  const kiosk = await open('?kiosk', { width: 1080, height: 1920 });
  await kiosk.getByText('Touch to begin').waitFor();
  await kiosk.screenshot({ path: 'docs/kiosk.png' });
} finally {
  await browser.close();
  await server.close();
}
