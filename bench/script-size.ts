import type { Browser } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, type Rollup } from 'vite';
import type { BenchContext, BenchResult } from './bench.ts';
import { staticScripts } from './script-graph.ts';
import type { Side } from './side.ts';

const DIST = fileURLToPath(new URL('../dist', import.meta.url));

const MACHINE = fileURLToPath(new URL('../src/ui/vitrine-machine.ts', import.meta.url));

/**
 * The script that a visitor waits for before the machine can be switched on: of the whole exhibit, once as the built
 * files say and once as the page really asks for it, and of `<vitrine-machine>` alone, as a museum embeds it in a page
 * of its own. Each file is compressed by itself (gzip, level 6), 1 kB is 1000 bytes.
 */
export async function benchScriptSize(context: BenchContext): Promise<BenchResult> {
  const files = staticScripts((path) => readFileSync(join(DIST, path), 'utf8'));
  const built = sum(files.map((path) => gzipKb(readFileSync(join(DIST, path)))));
  const machine = await machineAlone();
  const ours = await context.withBrowser((browser) => scriptsAskedFor(browser, context.ours));
  const plain = await context.withBrowser((browser) => scriptsAskedFor(browser, context.plain));
  context.say(`  built: ${files.join(', ')}`);
  context.say(`  machine alone: ${machine.names.join(', ')}`);
  context.say(`  asked for: ${ours.names.join(', ')}`);
  const atMost = (value: number) => ({ kind: 'value', bound: 'at-most', value }) as const;
  return [
    {
      name: 'Script before power-on, of the exhibit, by the built files',
      unit: 'kB',
      ours: [built],
      plain: [],
      target: atMost(120),
    },
    {
      name: 'Script before power-on, of the exhibit, as the page asks for it',
      unit: 'kB',
      ours: [ours.kb],
      plain: [plain.kb],
      target: atMost(120),
    },
    {
      name: 'Script before power-on, of <vitrine-machine> alone',
      unit: 'kB',
      ours: [machine.kb],
      plain: [],
      target: atMost(80),
    },
  ];
}

/** Builds the element with the product's settings, but without a page around it, and follows its static imports. */
async function machineAlone(): Promise<{ names: string[]; kb: number }> {
  const built = (await build({
    configFile: false,
    // The engine's warnings about Node's modules are the product's build's to give.
    logLevel: 'error',
    base: './',
    assetsInclude: ['**/*.iso', '**/*.bin'],
    worker: { format: 'es' },
    build: {
      write: false,
      target: 'es2022',
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rollupOptions: { input: MACHINE },
    },
  })) as Rollup.RollupOutput;
  const chunks = new Map(
    built.output.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file]] : [])),
  );
  const found = new Set<string>();
  const visit = (name: string): void => {
    if (found.has(name)) return;
    found.add(name);
    chunks.get(name)!.imports.forEach(visit);
  };
  for (const chunk of chunks.values()) if (chunk.isEntry) visit(chunk.fileName);
  const names = [...found];
  return { names, kb: sum(names.map((name) => gzipKb(Buffer.from(chunks.get(name)!.code)))) };
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
