import { chromium, type CDPSession, type Page } from '@playwright/test';
import { readdirSync, readFileSync } from 'node:fs';
import { preview } from 'vite';
import { findOrInstallChromium } from './chromium.mjs';
import type { KioskState } from '../src/exhibit/kiosk-clock.ts';
import type { VitrineKiosk } from '../src/ui/vitrine-kiosk.ts';

/**
 * `npm run soak [cycles]`: a kiosk and its visitors, 200 unless told otherwise. Each touches the screen, types, leaves;
 * the countdown runs out and the machine goes back to its first state. Told at the end: failed resets, and how much
 * memory (all processes of the browser, and the page's own heap after a collection) grew between the 20th and the last.
 */
const CYCLES = Number(process.argv[2] ?? 200);
const WARM = Math.min(20, Math.max(1, Math.floor(CYCLES / 4)));

if (!Number.isInteger(CYCLES) || CYCLES < 2) {
  console.error(`${process.argv[2]} is no number of visitors: give a whole number from 2 on.`);
  process.exit(2);
}
const server = await preview({ preview: { port: 0, strictPort: false } });
const address = server.httpServer.address();
if (address === null || typeof address === 'string') throw new Error('The preview has no port.');
const browser = await chromium.launch({
  executablePath: findOrInstallChromium(),
  args: [
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    '--disable-background-networking',
    '--disable-component-update',
  ],
});
// The service worker would be asked for the exhibit file in the route's place.
const page = await browser.newPage({ serviceWorkers: 'block' });
// The kiosk's clock is ours: visitors need not be waited for, only the machine.
await page.clock.install({ time: Date.now() });
await page.route('**/soak.json', (route) =>
  route.fulfill({ json: { format: 1, kiosk: { idleSeconds: 5, countdownSeconds: 3 } } }),
);
await page.goto(`http://127.0.0.1:${address.port}/?kiosk&exhibit=soak.json`);
const session = await page.context().newCDPSession(page);
await inPhase(page, 'attract');
await page.waitForFunction(
  () => document.querySelector('vitrine-machine')!.session.screen.value?.mode === 'graphics',
);
await page.evaluate(async () => {
  const { moments } = document.querySelector('vitrine-machine')!.session;
  const moment = await moments.take('The first state');
  await moments.pinFirst(moment.id);
});

const samples: { cycle: number; residentMiB: number; heapMiB: number }[] = [];
const began = Date.now();
let failed = 0;
for (let cycle = 1; cycle <= CYCLES; cycle++) {
  const resets = await count(page, 'reset');
  await page.mouse.click(400, 300);
  await inPhase(page, 'visiting');
  await page.evaluate(() => document.querySelector('vitrine-machine')!.typeText('visitor'));
  await inPhase(page, 'attract');
  if ((await count(page, 'reset')) !== resets + 1) failed++;
  if (cycle === WARM || cycle === CYCLES || cycle % 20 === 0) samples.push(await sample(cycle));
}
const warm = samples.find(({ cycle }) => cycle === WARM)!;
const last = samples.at(-1)!;
const grown = (now: number, then: number): string => `${(((now - then) / then) * 100).toFixed(1)} %`;
console.log(`
| after | all processes | heap of the page |
| ---: | ---: | ---: |
${samples.map(({ cycle, residentMiB, heapMiB }) => `| ${cycle} | ${residentMiB.toFixed(0)} MiB | ${heapMiB.toFixed(2)} MiB |`).join('\n')}

${CYCLES} visitors in ${Math.round((Date.now() - began) / 1000)} s, ${failed} failed resets. Between visitor ${WARM} and the last: all processes ${grown(last.residentMiB, warm.residentMiB)}, heap of the page ${grown(last.heapMiB, warm.heapMiB)}.`);
await browser.close();
await server.close();
if (failed > 0) process.exitCode = 1;

/** Lets the kiosk's clock run until it is in a phase. */
async function inPhase(on: Page, wanted: KioskState['phase']): Promise<void> {
  for (;;) {
    const phase = await on.evaluate(
      () =>
        document.querySelector('vitrine-exhibit')?.shadowRoot?.querySelector<VitrineKiosk>('vitrine-kiosk')
          ?.kiosk.state.value.phase,
    );
    if (phase === wanted) return;
    await on.clock.runFor(phase === 'visiting' ? 3_000 : 500);
  }
}

function count(on: Page, kind: 'reset'): Promise<number> {
  return on.evaluate(
    (each) =>
      document
        .querySelector('vitrine-exhibit')!
        .shadowRoot!.querySelector<VitrineKiosk>('vitrine-kiosk')!
        .kiosk.log.entries.filter((entry) => entry.kind === each).length,
    kind,
  );
}

async function sample(cycle: number) {
  await collect(session);
  const { JSHeapUsedSize } = Object.fromEntries(
    (await session.send('Performance.getMetrics')).metrics.map(({ name, value }) => [name, value]),
  );
  const result = { cycle, residentMiB: residentMiB(), heapMiB: JSHeapUsedSize / 2 ** 20 };
  console.log(
    `  ${cycle} of ${CYCLES}: ${result.residentMiB.toFixed(0)} MiB, heap ${result.heapMiB.toFixed(2)} MiB`,
  );
  return result;
}

async function collect(on: CDPSession): Promise<void> {
  await on.send('Performance.enable');
  await on.send('HeapProfiler.collectGarbage');
}

/** What this browser's processes hold of their own (PSS counts shared pages once); from /proc, so on Linux only. */
function residentMiB(): number {
  let kib = 0;
  const mine = new Set<number>([process.pid]);
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // It ended meanwhile.
    }
  }
  for (let added = true; added;) {
    added = false;
    for (const [pid, parent] of parents)
      if (mine.has(parent) && !mine.has(pid)) {
        mine.add(pid);
        added = true;
      }
  }
  mine.delete(process.pid);
  for (const pid of mine) {
    try {
      if (!/chrom/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))) continue;
      const pss = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));
      kib += Number(pss?.[1] ?? 0);
    } catch {
      // It ended meanwhile.
    }
  }
  if (kib === 0) throw new Error(`No process of the browser was found.`);
  return kib / 1024;
}
