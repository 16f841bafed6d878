import { chromium, type Browser } from '@playwright/test';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findOrInstallChromium } from '../scripts/chromium.mjs';
import type { BenchContext, BenchResult } from './bench.ts';
import { benchCpu } from './cpu.ts';
import { benchDiskExport } from './disk-export.ts';
import { benchDisk } from './disk.ts';
import { judge, markdownTable, type JudgedFigure } from './figures.ts';
import { benchLighthouse } from './lighthouse.ts';
import { benchLinux, benchLinuxAcpi } from './linux.ts';
import { factsLine, machineFacts } from './machine-facts.ts';
import { runMeasuringScript } from './script-figures.ts';
import { benchScriptSize } from './script-size.ts';
import { servePlainPage, serveProduct } from './serve.ts';
import { benchSnapshots } from './snapshots.ts';
import { ourSide, plainSide } from './side.ts';

/**
 * `npm run bench [names…]`: the README's figures, ours beside a plain v86 page in the same run, and one table.
 * BENCH_RUNS is how often each side is measured (5); BENCH_JIT_PAGES varies the engine's pages per module.
 * A missed target is a figure, not a failure of the command.
 * Scripts of this folder that measure something else (`*.bench.ts`, `store-*.ts`) run by their names as they are.
 */
const BENCHES: Record<string, (context: BenchContext) => Promise<BenchResult>> = {
  script: benchScriptSize,
  lighthouse: benchLighthouse,
  cpu: benchCpu,
  disk: benchDisk,
  linux: benchLinux,
  'linux-acpi': benchLinuxAcpi,
  snapshots: benchSnapshots,
  export: benchDiskExport,
};
const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const scripts = new Map(
  readdirSync(FOLDER)
    .filter((file) => /^(.*\.bench|store.*)\.ts$/.test(file) && !/\.(page|worker|test)\.ts$/.test(file))
    .map((file) => [file.replace(/(\.bench)?\.ts$/, ''), file]),
);

const known = [...Object.keys(BENCHES), ...scripts.keys()];
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !known.includes(name));
const runs = Number(process.env['BENCH_RUNS'] ?? 5);
if (unknown.length > 0 || !Number.isInteger(runs) || runs < 1) {
  console.error(
    unknown.length > 0
      ? `No benchmark is called ${unknown.join(', ')}. There are ${known.join(', ')}.`
      : `BENCH_RUNS is ${process.env['BENCH_RUNS']}: give a whole number from 1 on.`,
  );
  process.exit(2);
}
const names = wanted.length > 0 ? wanted : known;
const executablePath = findOrInstallChromium();
const facts = machineFacts(await withBrowser(async (browser) => browser.version()));
const jitPages = process.env['BENCH_JIT_PAGES'] ? Number(process.env['BENCH_JIT_PAGES']) : undefined;
const [product, plain] = await Promise.all([serveProduct(), servePlainPage()]);
const context: BenchContext = {
  ours: ourSide(product.url, jitPages),
  plain: plainSide(plain.url),
  runs,
  withBrowser,
  say: (line) => console.log(line),
};
const figures: JudgedFigure[] = [];
const notes: string[] = [];
for (const name of names) {
  console.log(name);
  try {
    const result = name in BENCHES ? await BENCHES[name](context) : await runScript(scripts.get(name)!);
    if ('skipped' in result) notes.push(`${name}: skipped, ${result.skipped}.`);
    else figures.push(...result.map(judge));
  } catch (error) {
    // What the others measured is not lost with it.
    console.error(error);
    notes.push(`${name}: failed. ${String(error)}`);
    process.exitCode = 1;
  }
}
await Promise.all([product.close(), plain.close()]);
console.log(['', markdownTable(figures), '', ...notes, factsLine(facts, runs)].join('\n'));
save();

/** Chromium with what a visitor's has, but for its own calls home; started and ended for one measurement. */
async function withBrowser<T>(measure: (browser: Browser) => Promise<T>): Promise<T> {
  const browser = await chromium.launch({
    executablePath,
    args: [
      // Chromium's own sandbox cannot start under root.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-background-networking',
      '--disable-component-update',
    ],
  });
  try {
    return await measure(browser);
  } finally {
    await browser.close();
  }
}

function runScript(file: string): Promise<BenchResult> {
  const env = { ...process.env, CHROMIUM_PATH: executablePath, BENCH_RUNS: String(runs) };
  return runMeasuringScript(join(FOLDER, file), { env, say: (line) => context.say(line) });
}

function save(): void {
  const folder = join(FOLDER, 'results');
  mkdirSync(folder, { recursive: true });
  const name = `${facts.at.replaceAll(':', '-').slice(0, 19)}.json`;
  const report = { facts, runs, jitPages: jitPages ?? null, figures, notes };
  writeFileSync(join(folder, name), JSON.stringify(report, null, 2));
  console.log(`Every run is in bench/results/${name}.`);
}
