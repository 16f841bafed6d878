import type { Browser } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { BenchContext, BenchResult } from './bench.ts';
import { staticScripts } from './script-graph.ts';
import type { Side } from './side.ts';

const DIST = fileURLToPath(new URL('../dist', import.meta.url));

/**
 * The script that a visitor waits for before the machine can be switched on: once as the built files say, once
 * as the page really asks for it. Each file is compressed by itself (gzip, level 6), 1 kB is 1000 bytes.
 */
export async function benchScriptSize(context: BenchContext): Promise<BenchResult> {
  const files = staticScripts((path) => readFileSync(join(DIST, path), 'utf8'));
  const built = sum(files.map((path) => gzipKb(readFileSync(join(DIST, path)))));
  const ours = await context.withBrowser((browser) => scriptsAskedFor(browser, context.ours));
  const plain = await context.withBrowser((browser) => scriptsAskedFor(browser, context.plain));
  context.say(`  built: ${files.join(', ')}`);
  context.say(`  asked for: ${ours.names.join(', ')}`);
  const target = { kind: 'value', bound: 'at-most', value: 80 } as const;
  return [
    { name: 'Script before power-on, by the built files', unit: 'kB', ours: [built], plain: [], target },
    {
      name: 'Script before power-on, as the page asks for it',
      unit: 'kB',
      ours: [ours.kb],
      plain: [plain.kb],
      target,
    },
  ];
}

/** Opens the page, waits until it asks for nothing more, and takes the scripts, workers' too. */
async function scriptsAskedFor(browser: Browser, side: Side): Promise<{ names: string[]; kb: number }> {
  const page = await browser.newPage();
  const bodies: { name: string; kb: Promise<number> }[] = [];
  page.context().on('response', (response) => {
    const type = response.headers()['content-type'] ?? '';
    // What a service worker puts by for later holds nobody up.
    if (!/javascript/.test(type) || response.request().serviceWorker()) return;
    const name = new URL(response.url()).pathname.slice(1);
    bodies.push({ name, kb: response.body().then(gzipKb) });
  });
  await page.goto(side.url, { waitUntil: 'networkidle' });
  await side.ready(page);
  return { names: bodies.map(({ name }) => name), kb: sum(await Promise.all(bodies.map(({ kb }) => kb))) };
}

function gzipKb(bytes: Uint8Array): number {
  return gzipSync(bytes).length / 1000;
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
