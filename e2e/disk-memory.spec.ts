import { expect, test } from '@playwright/test';
import type { VitrineMachine } from '../src/ui/vitrine-machine.ts';
import { Exhibit } from './exhibit.ts';
import { WorkerHeap } from './kill/worker-heap.ts';

const MIB = 2 ** 20;
/** 4 KiB each: 1 GiB. */
const WRITES = 262_144;
const CEILING = 64 * MIB;
const BATCH = 16 * MIB;
/** The largest single write of a guest here: it may come on top, since a write is taken before the guest waits. */
const ONE_WRITE = 128 * 1024;
/** The rolling checkpoint comes in between: 8 MiB at a time, as they are and packed, and as much that is to be used again. */
const CHECKPOINT = 32 * MIB;

/** A guest that writes all over its disk faster than the browser stores waits; the page does not grow. */
test('1 GiB of scattered writes keep memory under its ceiling', async ({ page }) => {
  test.setTimeout(600_000);
  const exhibit = await Exhibit.open(page);
  await exhibit.bootHouse();
  const heap = await WorkerHeap.of(page, 'machine-worker');
  const heapBefore = await heap.liveBytes();

  await exhibit.page.evaluate(() => {
    const machine = document.querySelector('vitrine-machine') as VitrineMachine;
    const top = { samples: 0, cacheBytes: 0, dirtyBytes: 0, writtenBytes: 0, storedBytes: 0 };
    Object.assign(window, { highest: top });
    setInterval(() => {
      // oxlint-disable-next-line promise/always-return -- nobody waits for a sample
      void machine.stats().then((stats) => {
        top.samples++;
        top.cacheBytes = Math.max(top.cacheBytes, stats.cacheBytes);
        top.dirtyBytes = Math.max(top.dirtyBytes, stats.dirtyBytes);
        top.writtenBytes = stats.diskWrittenBytes;
        top.storedBytes = stats.storedBytes;
      });
    }, 50);
  });
  const from = (await exhibit.serial()).length;
  const line = `scatter ${WRITES} 51\n`;
  await exhibit.machine.evaluate((machine, text) => (machine as VitrineMachine).sendSerial(text), line);
  let heapTop = 0;
  let liveTop = 0;
  while (!/^(OK|ERR)/m.test((await exhibit.serial()).slice(from))) {
    heapTop = Math.max(heapTop, await heap.usedBytes());
    liveTop = Math.max(liveTop, await heap.liveBytes());
  }
  const log = (await exhibit.serial()).slice(from);
  expect(log).toMatch(/^OK scattered/m);
  await exhibit.call((machine) => machine.flush());

  const top = await exhibit.page.evaluate(
    () => (window as unknown as { highest: Record<string, number> }).highest,
  );
  test.info().annotations.push({
    type: 'memory',
    description: JSON.stringify({ ...top, heapBefore, heapTop, liveTop }),
  });
  expect(top['writtenBytes']).toBeGreaterThanOrEqual(WRITES * 4096);
  expect(top['samples']).toBeGreaterThan(20);
  expect(top['cacheBytes']).toBeLessThanOrEqual(CEILING + BATCH);
  expect(top['dirtyBytes']).toBeLessThanOrEqual(2 * BATCH + ONE_WRITE);
  expect(liveTop - heapBefore).toBeLessThanOrEqual(CEILING + 3 * BATCH + CHECKPOINT);
});
