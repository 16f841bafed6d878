import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findOrInstallChromium } from '../scripts/chromium.mjs';
import type { BenchContext, BenchResult } from './bench.ts';
import type { Figure } from './figures.ts';

/** The last line of versions that runs on Node 20; fetched by npx, so that its 200 packages are no dependency. */
const LIGHTHOUSE = 'lighthouse@12.8.2';
const PRESETS = { mobile: [], desktop: ['--preset=desktop'] } as const;
const CATEGORIES = {
  performance: 'performance',
  accessibility: 'accessibility',
  'best-practices': 'best practices',
} as const;
/** A busy computer sometimes loses Lighthouse's trace: then there is no score, and it is asked again. */
const TRIES = 3;

/**
 * Lighthouse of the built page with its own two presets (each slows the network and the processor down as it does
 * everywhere), and the first contentful paint as a visitor on this computer has it: an unthrottled navigation in a
 * browser that has seen nothing. A score is the median of the runs.
 */
export async function benchLighthouse(context: BenchContext): Promise<BenchResult> {
  const figures: Figure[] = [];
  for (const preset of Object.keys(PRESETS) as (keyof typeof PRESETS)[]) {
    const reports: Report[] = [];
    for (let run = 0; run < context.runs; run++) {
      const report = await audit(context, preset);
      reports.push(report);
      context.say(`  run ${run + 1} of ${context.runs}, ${preset}: ${words(report)}`);
    }
    for (const [id, name] of Object.entries(CATEGORIES))
      figures.push({
        name: `Lighthouse, ${preset}: ${name}`,
        unit: 'points',
        ours: reports.map((report) => scoreOf(report, id)),
        plain: [],
        target: { kind: 'value', bound: 'at-least', value: 95 },
      });
  }
  const paints: number[] = [];
  for (let run = 0; run < context.runs; run++) paints.push(await firstPaint(context));
  context.say(`  first contentful paint: ${paints.map((ms) => `${Math.round(ms)} ms`).join(', ')}`);
  figures.push({
    name: 'First contentful paint on this computer',
    unit: 'ms',
    ours: paints,
    plain: [],
    target: { kind: 'value', bound: 'at-most', value: 1000 },
  });
  return figures;
}

/** What is used of a report of Lighthouse. */
interface Report {
  readonly categories: Record<string, { score: number | null; auditRefs: { id: string; weight: number }[] }>;
  readonly audits: Record<string, { score: number | null; title: string }>;
}

async function audit(context: BenchContext, preset: keyof typeof PRESETS): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), 'vitrine-lighthouse-'));
  const path = join(folder, 'report.json');
  try {
    for (let attempt = 1; ; attempt++) {
      await lighthouse([
        context.ours.url,
        ...PRESETS[preset],
        `--only-categories=${Object.keys(CATEGORIES).join(',')}`,
        '--output=json',
        `--output-path=${path}`,
        '--quiet',
        `--chrome-flags=--headless=new${process.getuid?.() === 0 ? ' --no-sandbox' : ''}`,
      ]);
      const report = JSON.parse(readFileSync(path, 'utf8')) as Report;
      if (Object.values(report.categories).every(({ score }) => score !== null)) return report;
      if (attempt === TRIES) throw new Error(`Lighthouse gave no score in ${TRIES} tries.`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function lighthouse(args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('npx', ['--yes', LIGHTHOUSE, ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, CHROME_PATH: findOrInstallChromium() },
    });
    let said = '';
    child.stderr.on('data', (text: Buffer) => (said += String(text)));
    child.once('error', reject);
    // It ends with 1 for a report without a score too; whether there is a report is found out by reading it.
    child.once('close', (code) =>
      code === 0 || code === 1 ? resolve() : reject(new Error(`${LIGHTHOUSE} ended with ${code}: ${said}`)),
    );
  });
}

function scoreOf(report: Report, category: string): number {
  return Math.round(report.categories[category].score! * 100);
}

/** The scores, and what costs points. */
function words(report: Report): string {
  const scores = Object.entries(CATEGORIES).map(([id, name]) => `${name} ${scoreOf(report, id)}`);
  const lost = Object.values(report.categories)
    .flatMap(({ auditRefs }) => auditRefs.filter(({ weight }) => weight > 0))
    .flatMap(({ id }) => {
      const { score, title } = report.audits[id];
      return score !== null && score < 0.9 ? [title] : [];
    });
  return [scores.join(', '), ...lost].join('; ');
}

/** Milliseconds from the beginning of a cold, unthrottled navigation. */
function firstPaint(context: BenchContext): Promise<number> {
  return context.withBrowser(async (browser) => {
    const page = await browser.newPage();
    await page.goto(context.ours.url);
    await context.ours.ready(page);
    return page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          new PerformanceObserver((list) => {
            const paint = list.getEntriesByName('first-contentful-paint')[0];
            if (paint) resolve(paint.startTime);
          }).observe({ type: 'paint', buffered: true });
        }),
    );
  });
}
