import type { Browser, Page } from '@playwright/test';
import { guestPath } from '../src/lib/testing/guests.ts';
import { alternate, type BenchContext, type BenchResult } from './bench.ts';
import { quantile, type Figure } from './figures.ts';
import { startGuest, waitForSerial, type Side } from './side.ts';

const ISO = 'linux-live.iso';

/**
 * Shell work: big inputs through busybox's tools, and many small processes. Its last line is a sum over all that
 * was made, which must come out alike on both sides. Quotes inside the markers keep the echo of the command
 * itself from being one.
 */
const SHELL_WORK = [
  'cd /tmp',
  'echo WORK_""BEGIN',
  'i=0; while [ $i -lt 12000 ]; do echo "$i $((i*7919%10007)) line $((i%97))"; i=$((i+1)); done > a',
  'sort -k2 -n a > b; sort -r b > c; sed "s/line/word/" c | grep -v "7 word" > d',
  'n=0; while [ $n -lt 8 ]; do cat a b c d | sha256sum; gzip -c d | wc -c; n=$((n+1)); done > e',
  'p=0; while [ $p -lt 150 ]; do echo $p | cat | tr 0-9 a-j; p=$((p+1)); done > f',
  'echo WORK_""END $(cat a b c d e f | sha256sum)',
].join('; ');

const ratio = (value: number) => ({ kind: 'ratio', bound: 'at-most', value }) as const;

/** A real kernel from the empty page to its shell, work in that shell, and the page's own frames meanwhile. */
export async function benchLinux(context: BenchContext): Promise<BenchResult> {
  const iso = guestPath(ISO);
  if (!iso) return { skipped: `${ISO} is not on this machine (see VITRINE_GUESTS)` };
  return figures(await measureBoth(context, iso, false), 'without ACPI', { boot: 0.7, work: ratio(0.72) });
}

/** The same boot and work on a machine with ACPI, as Windows 7 needs it. */
export async function benchLinuxAcpi(context: BenchContext): Promise<BenchResult> {
  const iso = guestPath(ISO);
  if (!iso) return { skipped: `${ISO} is not on this machine (see VITRINE_GUESTS)` };
  return figures(await measureBoth(context, iso, true), 'with ACPI', { boot: 0.6, work: null });
}

type Both = Awaited<ReturnType<typeof measureBoth>>['both'];

function figures(
  { both }: { both: Both },
  which: string,
  targets: { boot: number; work: ReturnType<typeof ratio> | null },
): Figure[] {
  return [
    {
      name: `Linux, navigation to shell, ${which}`,
      unit: 's',
      ...both((run) => run.bootSeconds),
      target: ratio(targets.boot),
    },
    { name: `Shell work, ${which}`, unit: 's', ...both((run) => run.workSeconds), target: targets.work },
    {
      name: `Worst frame of the page during the boot, ${which}`,
      unit: 'ms',
      ...both((run) => run.worstFrameMs),
      target: ratio(1 / 3),
    },
    {
      name: `95 of 100 frames of the page during the boot are shorter than, ${which}`,
      unit: 'ms',
      ...both((run) => run.p95FrameMs),
      target: { kind: 'value', bound: 'at-most', value: 25 },
    },
  ];
}

interface Measured {
  bootSeconds: number;
  workSeconds: number;
  worstFrameMs: number;
  p95FrameMs: number;
  sum: string;
}

async function measureBoth(context: BenchContext, iso: string, acpi: boolean) {
  const runs = await alternate(
    context,
    (browser, side) => measureLinux(browser, side, iso, acpi),
    (run) =>
      `boot ${run.bootSeconds.toFixed(2)} s, work ${run.workSeconds.toFixed(2)} s, ` +
      `frames p95 ${run.p95FrameMs.toFixed(1)} ms, worst ${run.worstFrameMs.toFixed(0)} ms`,
  );
  const sums = new Set([...runs.ours, ...runs.plain].map((run) => run.sum));
  if (sums.size !== 1) throw new Error(`The shell work gave different results: ${[...sums].join(', ')}`);
  const both = (value: (run: Measured) => number) => ({
    ours: runs.ours.map(value),
    plain: runs.plain.map(value),
  });
  return { both };
}

async function measureLinux(browser: Browser, side: Side, iso: string, acpi: boolean): Promise<Measured> {
  const page = await startGuest(browser, side, iso, { memoryMiB: 512, acpi });
  const end = await waitForSerial(page, 'GUEST END');
  const frames = await page.evaluate(() => window.recorder.frames());
  const work = await measureWork(page, side, end.end);
  return {
    bootSeconds: end.atMs / 1000,
    ...work,
    worstFrameMs: Math.max(...frames),
    p95FrameMs: quantile(frames, 0.95),
  };
}

/** The clock is the page's, between two markers on COM1. */
async function measureWork(page: Page, side: Side, from: number) {
  // What arrives before the shell has opened its terminal is lost.
  const prompt = await waitForSerial(page, '/ # ', { from });
  await side.send(page, `${SHELL_WORK}\n`);
  const begin = await waitForSerial(page, 'WORK_BEGIN', { from: prompt.end });
  const done = await waitForSerial(page, 'WORK_END ', { from: begin.end });
  await waitForSerial(page, '\n', { from: done.end });
  const sum = await page.evaluate((at) => window.recorder.serial.slice(at, at + 64), done.end);
  return { workSeconds: (done.atMs - begin.atMs) / 1000, sum };
}
