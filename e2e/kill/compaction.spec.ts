import { expect, test, type Page } from '@playwright/test';
import type { VitrineMachine } from '../../src/ui/vitrine-machine.ts';
import type { Exhibit } from '../exhibit.ts';
import { KillableBrowser } from './killable-browser.ts';

/** The memory that is filled at first, and at last. */
const MIB = 16;
const LEAST_MIB = 5;
const KEPT = 7;
const LATER = 99;
const KILLS = 4;
/** About so much of it is stored once it is compact: seen were 0.89. */
const COMPACT = 0.93;

interface Packs {
  readonly pages: number;
  /** Packs are being compacted: new ones are being written, or old ones wait to be removed. */
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
    const { last, other } = await leaveWaste(exhibit);
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
      await restore(exhibit, other);
      await check(exhibit, LEAST_MIB, LATER);
      if (left.pages < COMPACT * wasteful.pages) break;
    }
    expect(hits, story.join('\n')).toBeGreaterThan(0);
    const isDone = async () => {
      const { pages, isBusy } = await packsOf(exhibit.page);
      story.push(`then: ${pages} of ${wasteful.pages} pages`);
      return !isBusy && pages < COMPACT * wasteful.pages;
    };
    await expect.poll(isDone, { timeout: 60_000 }).toBe(true);
    await restore(exhibit, last);
    await check(exhibit, MIB, KEPT);
    await restore(exhibit, other);
    await check(exhibit, LEAST_MIB, LATER);
  } finally {
    await test.info().attach('kills', { body: story.join('\n') });
    await browser.dispose();
  }
});

/**
 * Fills ever less of the memory anew, twice each time, and draws another picture; with a moment after each. So the
 * last mebibyte of each filling, which later moments go on needing, shares its packs with a picture that they do not.
 * Keeps the last moment, and the one before it, which has something else in the pages that were filled last.
 */
async function leaveWaste(exhibit: Exhibit): Promise<{ last: string; other: string }> {
  const taken: string[] = [];
  const fill = async (mib: number, seed: number) => {
    await ok(exhibit, `fill ${mib} ${seed}`);
    await ok(exhibit, `card ${taken.length % 2 === 0 ? '800x600x32' : '1024x768x16'}`);
    taken.push(await take(exhibit));
  };
  for (let mib = MIB; mib >= LEAST_MIB; mib--) {
    if (mib < MIB) await fill(mib, LATER);
    await fill(mib, KEPT);
  }
  const [other, last] = taken.slice(-2);
  for (const id of taken.slice(0, -2))
    await exhibit.machine.evaluate((machine, it) => (machine as VitrineMachine).deleteSnapshot(it), id);
  return { last, other };
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
        pending: [from: number, to: number] | null;
        doomed: unknown[];
      };
      const pages = Object.values(packs).reduce((sum, [, count]) => sum + count, 0);
      // What is set aside for a moment is several times the memory; for a round of compaction, 32 packs at most.
      const isRound = pending !== null && pending[1] - pending[0] <= 32;
      return { pages, isBusy: isRound || doomed.length > 0 };
    };
  });
  return page.evaluate(() => window.packsOfMoments());
}

declare global {
  interface Window {
    packsOfMoments(): Promise<Packs>;
  }
}
