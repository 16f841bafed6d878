import { expect, test, type Page } from '@playwright/test';
import type { VitrineMachine } from '../../src/ui/vitrine-machine.ts';
import type { Exhibit } from '../exhibit.ts';
import { KillableBrowser } from './killable-browser.ts';

const MIB = 12;
const KEPT = 7;
const LATER = 99;
const KILLS = 4;

interface Packs {
  readonly pages: number;
  /** Packs are being written, or wait to be removed. */
  readonly isBusy: boolean;
}

/**
 * Deleted moments leave packs of which others need every second page. While those are moved together the browser is
 * killed, again and again: every moment that is left must be whole each time, and in the end the room is free.
 */
test('a browser killed while packs are compacted leaves every moment whole', async () => {
  test.setTimeout(600_000);
  const browser = new KillableBrowser();
  const story: string[] = [];
  try {
    let exhibit = await browser.open();
    await exhibit.bootHouse();
    const { last, middle } = await leaveWaste(exhibit);
    const wasteful = await packsOf(exhibit.page);
    let hits = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      // A round begins some seconds after the machine has started, and takes some tenths of a second.
      await busyAgain(exhibit.page);
      await new Promise((resolve) => setTimeout(resolve, kill * 30));
      await browser.kill();
      exhibit = await browser.open();
      const left = await packsOf(exhibit.page);
      story.push(`kill ${kill}: ${JSON.stringify(left)}`);
      if (left.isBusy) hits++;
      await restore(exhibit, last);
      await check(exhibit, MIB, KEPT);
      await restore(exhibit, middle);
      await check(exhibit, MIB - 3, LATER);
      if (left.pages < 0.8 * wasteful.pages) break;
    }
    expect(hits, story.join('\n')).toBeGreaterThan(0);
    const isDone = async () => {
      const { pages, isBusy } = await packsOf(exhibit.page);
      story.push(`then: ${pages} of ${wasteful.pages} pages`);
      return !isBusy && pages < 0.8 * wasteful.pages;
    };
    await expect.poll(isDone, { timeout: 60_000 }).toBe(true);
    await restore(exhibit, last);
    await check(exhibit, MIB, KEPT);
    await restore(exhibit, middle);
    await check(exhibit, MIB - 3, LATER);
  } finally {
    await test.info().attach('kills', { body: story.join('\n') });
    await browser.dispose();
  }
});

/**
 * Fills ever less of the memory anew, twice each time, with a moment after each: what the last moment needs is spread
 * over packs of all of them. Keeps that one and one in the middle.
 */
async function leaveWaste(exhibit: Exhibit): Promise<{ last: string; middle: string }> {
  const taken: string[] = [];
  let middle = '';
  for (let mib = MIB; mib > MIB - 7; mib--) {
    if (mib < MIB) {
      await ok(exhibit, `fill ${mib} ${LATER}`);
      taken.push(await take(exhibit));
      if (mib === MIB - 3) middle = taken.at(-1)!;
    }
    await ok(exhibit, `fill ${mib} ${KEPT}`);
    taken.push(await take(exhibit));
  }
  const last = taken.at(-1)!;
  for (const id of taken.filter((one) => one !== last && one !== middle))
    await exhibit.machine.evaluate((machine, it) => (machine as VitrineMachine).deleteSnapshot(it), id);
  return { last, middle };
}

async function take(exhibit: Exhibit): Promise<string> {
  return exhibit.call(async (machine) => (await machine.takeSnapshot('')).id);
}

async function restore(exhibit: Exhibit, id: string): Promise<void> {
  await exhibit.machine.evaluate((machine, it) => (machine as VitrineMachine).restoreSnapshot(it), id);
  await exhibit.waitForPower('running');
}

async function check(exhibit: Exhibit, mib: number, seed: number): Promise<void> {
  await ok(exhibit, `check ${mib} ${seed}`);
}

async function ok(exhibit: Exhibit, line: string): Promise<void> {
  expect((await exhibit.command(line)).answer, line).toMatch(/^OK/);
}

/** Waits, in the page, until packs are being written: asking from outside would be too slow to meet a round. */
async function busyAgain(page: Page): Promise<void> {
  await page.evaluate(async () => {
    while (!(await window.packsOfMoments()).isBusy) await new Promise((resolve) => setTimeout(resolve, 2));
  });
}

async function packsOf(page: Page): Promise<Packs> {
  await page.evaluate(() => {
    window.packsOfMoments = async () => {
      const finished = <T>(request: IDBRequest<T>) =>
        new Promise<T>((resolve, reject) => {
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error!);
        });
      const database = await finished(window.indexedDB.open('vitrine-disks'));
      const records = database.transaction('records').objectStore('records');
      const [{ json }] = await finished<{ json: string }[]>(
        records.getAll(IDBKeyRange.bound(['moments'], ['moments', []])),
      );
      database.close();
      const { packs, pending, doomed } = JSON.parse(json) as {
        packs: Record<string, [bytes: number, pages: number]>;
        pending: unknown;
        doomed: unknown[];
      };
      const pages = Object.values(packs).reduce((sum, [, count]) => sum + count, 0);
      return { pages, isBusy: pending !== null || doomed.length > 0 };
    };
  });
  return page.evaluate(() => window.packsOfMoments());
}

declare global {
  interface Window {
    packsOfMoments(): Promise<Packs>;
  }
}
