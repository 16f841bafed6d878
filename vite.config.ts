import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import {
  checkFirmware,
  offlineShell,
  policyMetaTag,
  shipHosting,
  shipLicences,
} from './scripts/build-plugins.ts';
import { buildFacts } from './scripts/build-facts.ts';
import { writePatchedEngine } from './scripts/engine/engine-patches.ts';
import { firstViewChunk } from './scripts/first-view.ts';
import { languageNames } from './scripts/language-names.ts';
import { PRODUCTION_HEADERS } from './scripts/security.ts';

const MAIN = fileURLToPath(new URL('src/main.ts', import.meta.url));

export default defineConfig({
  // Relative addresses: the built folder works at any path of any static server.
  base: './',
  plugins: [checkFirmware(), policyMetaTag(), shipLicences(), shipHosting(), offlineShell()],
  // The engine is the pinned one with our patches: in development, in the build and in tests.
  resolve: { alias: [{ find: /^v86\/build\/v86\.wasm(?=\?url$)/, replacement: writePatchedEngine() }] },
  define: { LANGUAGE_NAMES: JSON.stringify(languageNames()), BUILD_FACTS: JSON.stringify(buildFacts()) },
  build: {
    target: 'es2022',
    sourcemap: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: firstViewChunk(MAIN) }] } } },
  },
  assetsInclude: ['**/*.iso', '**/*.bin'],
  worker: { format: 'es' },
  preview: {
    host: '127.0.0.1',
    port: 4173,
    // Whoever lets other computers in (`--host`) is asked for by whatever name this one has; there is nothing to guard.
    allowedHosts: true,
    headers: PRODUCTION_HEADERS,
  },
  test: { include: ['{src,guest,prepare,scripts,bench}/**/*.test.ts'], testTimeout: 60_000 },
});
