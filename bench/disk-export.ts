import type { Browser, Page } from '@playwright/test';
import { fileURLToPath } from 'node:url';
import type { VitrineMachine } from '../src/ui/vitrine-machine.ts';
import type { BenchContext, BenchResult } from './bench.ts';
import { startGuest, waitForSerial, type Side } from './side.ts';

const HOUSE_ISO = fileURLToPath(new URL('../guest/house.iso', import.meta.url));
const DISK_BYTES = 256 * 2 ** 20;
/** Random blocks of 4 KiB, which cover nearly half of the disk: no export can leave much out. */
const WRITES = 40_000;
const FORMATS = ['raw', 'vhd', 'qcow2'] as const;

type Format = (typeof FORMATS)[number];
type Rates = Record<Format | 'limit', number>;

/**
 * A disk taken out of the product in each format, into a file of the browser, beside what the browser itself takes: a
 * stream of ready-made pieces of the same size into the same kind of file. MB of file a second.
 */
export async function benchDiskExport(context: BenchContext): Promise<BenchResult> {
  const runs: Rates[] = [];
  for (let run = 0; run < context.runs; run++) {
    const rates = await context.withBrowser((browser) => measure(browser, context.ours));
    runs.push(rates);
    const words = Object.entries(rates).map(([name, rate]) => `${name} ${Math.round(rate)}`);
    context.say(`  run ${run + 1} of ${context.runs}: ${words.join(', ')} MB/s`);
  }
  return FORMATS.map((format) => ({
    name: `A disk saved as ${format}, beside the browser’s own stream`,
    unit: 'MB/s',
    ours: runs.map((rates) => rates[format]),
    plain: runs.map((rates) => rates.limit),
    target: { kind: 'value', bound: 'at-least', value: 100 },
  }));
}

async function measure(browser: Browser, side: Side): Promise<Rates> {
  const page = await startGuest(browser, side, HOUSE_ISO, { memoryMiB: 64, acpi: true }, (opened) =>
    opened.evaluate(
      (sizeBytes) => (document.querySelector('vitrine-machine') as VitrineMachine).createDisk({ sizeBytes }),
      DISK_BYTES,
    ),
  );
  await waitForSerial(page, 'HOUSE READY');
  const from = await page.evaluate(() => window.recorder.serial.length);
  await side.send(page, `scatter ${WRITES} 7\n`);
  await waitForSerial(page, 'OK', { from });
  await page.evaluate(() => (document.querySelector('vitrine-machine') as VitrineMachine).powerOff());
  const rates: Partial<Rates> = { limit: await rateOf(page, null) };
  for (const format of FORMATS) rates[format] = await rateOf(page, format);
  await page.close();
  return rates as Rates;
}

/** MB a second of an export into a file, or of noise that is there already for null. */
function rateOf(page: Page, format: Format | null): Promise<number> {
  return page.evaluate(
    async ([format, diskBytes]) => {
      const machine = document.querySelector('vitrine-machine') as VitrineMachine;
      const folder = await navigator.storage.getDirectory();
      const handle = await folder.getFileHandle('bench', { create: true });
      const noise = new Uint8Array(2 ** 21);
      for (let at = 0; at < noise.length; at += 65_536)
        crypto.getRandomValues(noise.subarray(at, at + 65_536));
      let left = diskBytes / noise.length;
      const startedAt = performance.now();
      const stream = format
        ? await machine.exportDisk(format)
        : new ReadableStream<Uint8Array>(
            {
              pull(controller) {
                if (left-- > 0) controller.enqueue(noise.slice());
                else controller.close();
              },
            },
            { highWaterMark: 0 },
          );
      await stream.pipeTo(await handle.createWritable());
      const seconds = (performance.now() - startedAt) / 1000;
      const { size } = await handle.getFile();
      await folder.removeEntry('bench');
      return size / 1e6 / seconds;
    },
    [format, DISK_BYTES] as const,
  );
}
