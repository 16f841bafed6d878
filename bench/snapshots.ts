import type { Browser, BrowserContext, Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { VitrineMachine } from '../src/ui/vitrine-machine.ts';
import type { BenchContext, BenchResult } from './bench.ts';
import type { Figure, Target } from './figures.ts';
import { startGuest, waitForSerial, type Side } from './side.ts';

const HOUSE_ISO = fileURLToPath(new URL('../guest/house.iso', import.meta.url));
/** What the guest touches: xorshift, which nothing can pack, so the worst that memory can be. */
const TOUCHED_MIB = 400;
/** 5 % of it, written anew before the second moment. */
const CHANGED_MIB = 20;
const MEMORY_MIB = 512;
const ALLOWED_MIB = 256;

interface Ours {
  firstPausedMs: number;
  firstBytes: number;
  secondPausedMs: number;
  secondShare: number;
  resetMs: number;
  coldMs: number;
  peakMiB: number | null;
}

interface Plain {
  savedMs: number;
  bytes: number;
  restoredMs: number;
}

/**
 * Saved moments of a 512 MiB machine with 400 MiB touched, beside v86's own `save_state` and `restore_state` of the
 * same guest, which stands still for all of either. Every restored memory is checked by the guest itself.
 */
export async function benchSnapshots(context: BenchContext): Promise<BenchResult> {
  const ours: Ours[] = [];
  const plain: Plain[] = [];
  for (let run = 0; run < context.runs; run++) {
    const mine = await context.withBrowser((browser) => measureOurs(browser, context.ours));
    ours.push(mine);
    context.say(`  run ${run + 1} of ${context.runs}, ours: ${words(mine)}`);
    const theirs = await context.withBrowser((browser) => measurePlain(browser, context.plain));
    plain.push(theirs);
    context.say(`  run ${run + 1} of ${context.runs}, plain: ${words(theirs)}`);
  }
  const figure = (
    name: string,
    unit: string,
    target: Target | null,
    values: number[],
    other: number[] = [],
  ): Figure => ({
    name,
    unit,
    ours: values,
    plain: other,
    target,
  });
  const most = (value: number): Target => ({ kind: 'value', bound: 'at-most', value });
  const peaks = ours.flatMap(({ peakMiB }) => (peakMiB === null ? [] : [peakMiB]));
  return [
    figure(
      'First snapshot of 512 MiB with 400 MiB touched: the guest stands',
      'ms',
      most(1500),
      ours.map((run) => run.firstPausedMs),
      plain.map((run) => run.savedMs),
    ),
    figure(
      'What it stores',
      'MB',
      null,
      ours.map((run) => run.firstBytes / 1e6),
      plain.map((run) => run.bytes / 1e6),
    ),
    figure(
      'Second snapshot, 5 % changed: the guest stands',
      'ms',
      most(500),
      ours.map((run) => run.secondPausedMs),
      plain.map((run) => run.savedMs),
    ),
    figure(
      'What the second stores, of the first',
      '%',
      most(10),
      ours.map((run) => run.secondShare),
    ),
    figure(
      'Back to the first state from a running machine',
      'ms',
      most(1500),
      ours.map((run) => run.resetMs),
      plain.map((run) => run.restoredMs),
    ),
    figure(
      'Cold page to the first restored frame',
      'ms',
      most(2500),
      ours.map((run) => run.coldMs),
    ),
    ...(peaks.length > 0
      ? [figure('Peak memory of the page’s process', 'MiB', most(MEMORY_MIB + ALLOWED_MIB), peaks)]
      : []),
  ];
}

async function measureOurs(browser: Browser, side: Side): Promise<Ours> {
  const context = await browser.newContext();
  const page = await startIn(context, side);
  await command(page, side, `fill ${TOUCHED_MIB} 1`);
  const first = await take(page);
  await command(page, side, `fill ${CHANGED_MIB} 2`);
  const second = await take(page);
  const resetMs = await restore(page, first.id);
  await command(page, side, `check ${TOUCHED_MIB} 1`);
  const peakMiB = await peakOf(browser);
  // A machine that is left while it is on would go on by itself.
  await page.evaluate(() => document.querySelector<VitrineMachine>('vitrine-machine')!.powerOff());
  await page.close();

  const cold = await context.newPage();
  await cold.goto(side.url);
  await side.ready(cold);
  await restore(cold, first.id);
  // Since the navigation began, which is where the page's clock begins.
  const coldMs = await cold.evaluate(
    () => new Promise<number>((resolve) => requestAnimationFrame(() => resolve(performance.now()))),
  );
  await context.close();
  return {
    firstPausedMs: first.pausedMs,
    firstBytes: first.bytes,
    secondPausedMs: second.pausedMs,
    secondShare: (second.bytes / first.bytes) * 100,
    resetMs,
    coldMs,
    peakMiB,
  };
}

async function measurePlain(browser: Browser, side: Side): Promise<Plain> {
  const page = await startGuest(browser, side, HOUSE_ISO, { memoryMiB: MEMORY_MIB, acpi: true });
  await waitForSerial(page, 'HOUSE READY');
  await command(page, side, `fill ${TOUCHED_MIB} 1`);
  return page.evaluate(async () => {
    const emulator = window.plainEmulator as unknown as {
      stop(): Promise<void>;
      run(): Promise<void>;
      save_state(): Promise<ArrayBuffer>;
      restore_state(state: ArrayBuffer): Promise<void>;
    };
    let at = performance.now();
    await emulator.stop();
    const state = await emulator.save_state();
    await emulator.run();
    const savedMs = performance.now() - at;
    at = performance.now();
    await emulator.stop();
    await emulator.restore_state(state);
    await emulator.run();
    return { savedMs, bytes: state.byteLength, restoredMs: performance.now() - at };
  });
}

async function startIn(context: BrowserContext, side: Side): Promise<Page> {
  const page = await startGuest(context, side, HOUSE_ISO, { memoryMiB: MEMORY_MIB, acpi: true });
  await waitForSerial(page, 'HOUSE READY');
  return page;
}

async function command(page: Page, side: Side, line: string): Promise<void> {
  const from = await page.evaluate(() => window.recorder.serial.length);
  await side.send(page, `${line}\n`);
  await waitForSerial(page, ' ms', { from });
  const answer = await page.evaluate((at) => window.recorder.serial.slice(at), from);
  if (!/^OK/m.test(answer)) throw new Error(`${side.name}: “${line}” was answered with ${answer}`);
}

function take(page: Page): Promise<{ id: string; pausedMs: number; bytes: number }> {
  return page.evaluate(async () => {
    const machine = document.querySelector('vitrine-machine') as VitrineMachine;
    const before = await machine.snapshots();
    const { id, pausedMs } = await machine.takeSnapshot('bench');
    const all = await machine.snapshots();
    // What is stored now and was not before: packs that moments share count once.
    let bytes = 0;
    for (const info of all) bytes += info.ownBytes;
    for (const info of before) bytes -= info.ownBytes;
    bytes += Math.max(0, ...all.map((info) => info.sharedBytes));
    bytes -= Math.max(0, ...before.map((info) => info.sharedBytes));
    return { id, pausedMs, bytes };
  });
}

function restore(page: Page, id: string): Promise<number> {
  return page.evaluate(async (id) => {
    const at = performance.now();
    await (document.querySelector('vitrine-machine') as VitrineMachine).restoreSnapshot(id);
    return performance.now() - at;
  }, id);
}

/** The largest of the browser's renderers at its largest, where the system tells (Linux). */
async function peakOf(browser: Browser): Promise<number | null> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const peaks = processInfo
    .filter(({ type }) => type === 'renderer')
    .flatMap(({ id }) => {
      try {
        const kib = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${id}/status`, 'utf8'));
        return kib ? [Number(kib[1]) / 1024] : [];
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
        throw error;
      }
    });
  return peaks.length > 0 ? Math.max(...peaks) : null;
}

function words(figures: Ours | Plain): string {
  return Object.entries(figures)
    .map(([name, value]) => `${name} ${Math.round(Number(value))}`)
    .join(', ');
}
