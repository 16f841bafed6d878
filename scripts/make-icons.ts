import { chromium } from '@playwright/test';
import { readFileSync, writeFileSync } from 'node:fs';
import { findOrInstallChromium } from './chromium.mjs';

/**
 * `npm run icons`: draws `public/icon.svg` as the PNG files that the manifest names. A maskable icon may be cut to
 * any shape: its ground reaches the edges, its drawing stays within the middle 80 % (W3C manifest, "safe zone").
 */
const ICONS = [
  { name: 'icon-192.png', size: 192, maskable: false },
  { name: 'icon-512.png', size: 512, maskable: false },
  { name: 'icon-maskable-512.png', size: 512, maskable: true },
  // iOS rounds it itself and knows no transparency.
  { name: 'apple-touch-icon.png', size: 180, maskable: true },
];
const GROUND = '#14171c';
const SAFE = 0.72;

const publicFolder = new URL('../public/', import.meta.url);
const svg = readFileSync(new URL('icon.svg', publicFolder), 'utf8');
const browser = await chromium.launch({
  executablePath: findOrInstallChromium(),
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
try {
  for (const { name, size, maskable } of ICONS) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    const drawn = maskable ? Math.round(size * SAFE) : size;
    await page.setContent(`<style>
      body { margin: 0; height: 100vh; display: grid; place-items: center; ${maskable ? `background: ${GROUND};` : ''} }
      svg { width: ${drawn}px; height: ${drawn}px; }
    </style>${svg}`);
    writeFileSync(new URL(name, publicFolder), await page.screenshot({ omitBackground: !maskable }));
    await page.close();
  }
} finally {
  await browser.close();
}
