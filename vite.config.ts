import { defineConfig } from 'vitest/config';
import {
  checkFirmware,
  offlineShell,
  policyMetaTag,
  shipHosting,
  shipLicences,
} from './scripts/build-plugins.ts';
import { PRODUCTION_HEADERS } from './scripts/security.ts';

export default defineConfig({
  // Relative addresses: the built folder works at any path of any static server.
  base: './',
  plugins: [checkFirmware(), policyMetaTag(), shipLicences(), shipHosting(), offlineShell()],
  build: { target: 'es2022', sourcemap: true, assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  assetsInclude: ['**/*.iso', '**/*.bin'],
  worker: { format: 'es' },
  preview: { host: '127.0.0.1', port: 4173, headers: PRODUCTION_HEADERS },
  test: { include: ['{src,guest,prepare,scripts,bench}/**/*.test.ts'], testTimeout: 60_000 },
});
