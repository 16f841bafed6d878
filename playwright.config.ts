import { defineConfig } from '@playwright/test';
import { findChromium } from './scripts/chromium.mjs';

/** Another port lets two runs on one computer not meet. */
const port = process.env['VITRINE_PORT'] ?? '4173';
const origin = `http://127.0.0.1:${port}`;

export default defineConfig({
  testDir: 'e2e',
  // One emulator at a time: it takes a core, and figures of a crowded machine say nothing.
  workers: 1,
  retries: process.env['CI'] ? 1 : 0,
  timeout: 120_000,
  expect: { timeout: 30_000 },
  outputDir: 'test-results/e2e',
  use: {
    baseURL: origin,
    viewport: { width: 1280, height: 860 },
    trace: 'on-first-retry',
    launchOptions: {
      executablePath: findChromium() ?? undefined,
      args: [
        // Chromium's own sandbox cannot start under root.
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        '--disable-background-networking',
        '--disable-component-update',
        '--autoplay-policy=user-gesture-required',
      ],
    },
  },
  webServer: {
    command: `npx vite preview --port ${port} --strictPort`,
    url: origin,
    reuseExistingServer: !process.env['CI'],
  },
});
