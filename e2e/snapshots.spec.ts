import { expect, test, type Page } from '@playwright/test';
import type { VitrineMachine } from '../src/ui/vitrine-machine.ts';
import { Exhibit } from './exhibit.ts';
import { boot, insertVariant, Moments, reopen, reopenOff } from './moments.ts';

/** Saved moments of the house disc's machine: memory, disk and picture of one instant, whatever way back is taken. */

test.describe('saved moments', () => {
  test('bring memory and disk back together: warm, cold, branched, after deletions', async ({ page }) => {
    test.setTimeout(240_000);
    let moments = await boot(page);
    await moments.write(1);
    const one = await moments.take('one');
    expect(one).toMatchObject({ label: 'one', kind: 'kept', parent: null, picture: 'image/png true' });
    await moments.write(2);
    const two = await moments.take('two');
    expect(two.parent).toBe(one.id);
    await moments.check(2);

    // Warm, there and back again.
    await moments.restore(one.id);
    await moments.exhibit.waitForPower('running');
    await moments.check(1);
    await moments.restore(two.id);
    await moments.check(2);

    // A branch from the first keeps the second.
    await moments.restore(one.id);
    await moments.write(3);
    const three = await moments.take('three');
    expect(three.parent).toBe(one.id);
    await moments.restore(two.id);
    await moments.check(2);

    // What they stand on is deleted; they stay.
    await moments.delete(one.id);
    expect((await moments.list()).map(({ label, parent }) => [label, parent])).toEqual([
      ['two', null],
      ['three', null],
    ]);
    await moments.restore(three.id);
    await moments.check(3);

    // Cold: another page, the machine off, and the disc found by itself.
    moments = await reopenOff(page);
    await moments.restore(two.id);
    await moments.exhibit.waitForPower('running');
    await moments.check(2);
    expect((await moments.exhibit.command('cdsum')).answer).toMatch(/^OK \d+ bytes/);
    await moments.restore(three.id);
    await moments.check(3);
    await moments.delete(two.id);
    await moments.delete(three.id);
    expect(await moments.list()).toEqual([]);
    await moments.check(3);
    expect(moments.exhibit.consoleErrors).toEqual([]);
  });

  test('go on exactly where they were', async ({ page }) => {
    let moments = await boot(page);
    await moments.ok('counter start');
    await moments.exhibit.waitForSerial(/^COUNT \d+\r?$/);
    const { id } = await moments.take('counting');
    const last = await lastCount(moments.exhibit);
    moments = await reopenOff(page);
    await moments.restore(id);
    await moments.exhibit.waitForSerial(/^COUNT \d+\r?\n[\s\S]*^COUNT \d+\r?$/);
    const first = /^COUNT (\d+)\r?$/m.exec(await moments.exhibit.serial())!;
    // The count before the moment may have reached COM1 after it was asked for, never the other way round.
    expect(Number(first[1])).toBeLessThanOrEqual(last + 2);
    expect(Number(first[1])).toBeGreaterThan(0);
    const counts = [...(await moments.exhibit.serial()).matchAll(/^COUNT (\d+)\r?$/gm)].map(([, n]) =>
      Number(n),
    );
    for (const [i, count] of counts.slice(1).entries()) expect(count).toBe(counts[i] + 1);
    expect((await moments.exhibit.command('ticks 64 1')).answer).toMatch(/^OK/);
  });

  test('hold the largest machine there can be', async ({ page }) => {
    test.setTimeout(240_000);
    const exhibit = await Exhibit.open(page);
    await exhibit.bootHouse({ memoryMiB: 2000 });
    let moments = new Moments(exhibit);
    // From the bottom of the memory to beyond the first GiB; nothing packs what is written there.
    await moments.ok('fill 1200 3');
    const { id } = await moments.take('large');
    await moments.ok('fill 50 4');
    await moments.restore(id);
    await moments.ok('check 1200 3');
    moments = await reopenOff(page);
    await moments.restore(id);
    await moments.ok('check 1200 3');
  });

  test('refuse what does not fit before anything is touched', async ({ page }) => {
    const moments = await boot(page);
    await moments.write(1);
    const { id } = await moments.take('of 64 MiB');
    await moments.exhibit.call((machine) => machine.powerOff());
    await moments.exhibit.configure({ memoryMiB: 96 });
    await moments.exhibit.call((machine) => machine.powerOn());
    await moments.exhibit.waitForSerial('HOUSE READY', {
      from: (await moments.exhibit.serial()).lastIndexOf('HOUSE vitrine'),
    });
    await moments.ok('write 2048 512 9');
    const refused = await codeOf(moments.restore(id));
    expect(refused).toContain('memory is 64 MiB, and this one has 96 MiB');
    await moments.ok('verify 2048 512 9');
    expect(await codeOf(moments.restore('m99'))).toContain('no longer exists');
    await moments.exhibit.waitForPower('running');
  });

  test('ask for a missing disc by its name and know it by its contents', async ({ page }) => {
    const exhibit = await Exhibit.open(page);
    await exhibit.configure({ memoryMiB: 64 });
    await insertVariant(exhibit, 'tour.iso');
    await exhibit.call((machine) => machine.powerOn());
    await exhibit.waitForSerial('HOUSE READY');
    const moments = new Moments(exhibit);
    const { id } = await moments.take('with the tour');
    const fresh = await reopenOff(page);
    expect(await codeOf(fresh.restore(id))).toContain('tour.iso');
    expect(await fresh.exhibit.call((machine) => machine.power)).toBe('off');
    const again = new Moments(fresh.exhibit);
    await insertVariant(fresh.exhibit, 'renamed.iso');
    await again.restore(id);
    await again.exhibit.waitForPower('running');
    await again.ok('cdsum');
  });

  test('are not harmed by a page that dies while one is being saved', async ({ page }) => {
    test.setTimeout(240_000);
    let moments = await boot(page);
    await moments.write(1);
    const one = await moments.take('one');
    const before = await storedBytes(page);
    await moments.ok('fill 32 5');
    await moments.ok('write 2048 512 5');
    // The renderer is killed as soon as pages of the next moment are being stored.
    await killWhileSaving(page, moments);
    moments = await reopen(page);
    expect((await moments.list()).map(({ label, kind }) => [label, kind])).toEqual([['one', 'kept']]);
    await moments.restore(one.id);
    await moments.exhibit.waitForPower('running');
    await moments.check(1);
    // What was stored in vain is gone, give or take the disk's own.
    expect(await storedBytes(moments.exhibit.page)).toBeLessThan(before + 8 * 2 ** 20);
  });
});

test.describe('a machine in one file', () => {
  test('goes to another browser and on from where it was; a damaged file changes nothing', async ({
    page,
    browser,
  }) => {
    test.setTimeout(240_000);
    const moments = await boot(page);
    await moments.write(4);
    const { id } = await moments.take('to go');
    await moments.ok('write 4096 64 8');
    await moments.exhibit.call((machine) => machine.powerOff());
    const file = await page.evaluateHandle(async () => {
      const machine = document.querySelector<VitrineMachine>('vitrine-machine')!;
      return new Response(await machine.exportMachine()).blob();
    });
    const base64 = await file.evaluate(async (blob) => {
      const bytes = new Uint8Array(await blob.arrayBuffer());
      let text = '';
      for (let at = 0; at < bytes.length; at += 32_768)
        text += String.fromCharCode(...bytes.subarray(at, at + 32_768));
      return btoa(text);
    });

    // Another profile: nothing of this one is there.
    const context = await browser.newContext();
    const other = new Moments(await Exhibit.open(await context.newPage()));
    const take = (change: { cutAt?: number; flipAt?: number }) =>
      other.exhibit.machine.evaluate(
        async (machine, [text, { cutAt, flipAt }]) => {
          const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
          if (flipAt !== undefined) bytes[Math.floor(flipAt * bytes.length)] ^= 1;
          const part = bytes.subarray(
            0,
            cutAt === undefined ? bytes.length : Math.floor(cutAt * bytes.length),
          );
          await (machine as VitrineMachine).importMachine(new File([part], 'gift.vitrine'));
        },
        [base64, change] as const,
      );
    expect(await codeOf(take({ cutAt: 0.7 }))).toContain('gift.vitrine is cut off');
    expect(await codeOf(take({ flipAt: 0.5 }))).toContain('gift.vitrine is damaged');
    expect(await other.list()).toEqual([]);
    await take({});
    await other.restore(id);
    await other.exhibit.waitForPower('running');
    await other.check(4);
    await context.close();

    // Here: erased, and back from the file.
    await moments.exhibit.call((machine) => machine.eraseMachine());
    expect(await moments.list()).toEqual([]);
    await page.evaluate(async (blob) => {
      await document.querySelector<VitrineMachine>('vitrine-machine')!.importMachine(blob);
    }, file);
    await moments.restore(id);
    await moments.check(4);
    expect(moments.exhibit.consoleErrors).toEqual([]);
  });
});

async function lastCount(exhibit: Exhibit): Promise<number> {
  return Number([...(await exhibit.serial()).matchAll(/^COUNT (\d+)\r?\n/gm)].at(-1)![1]);
}

async function codeOf(refused: Promise<unknown>): Promise<string> {
  try {
    await refused;
    return 'not refused';
  } catch (error) {
    return String(error);
  }
}

/** Bytes in the page records of all moments. */
function storedBytes(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        // oxlint-disable-next-line no-restricted-globals -- looks at what is stored, from outside
        const open = indexedDB.open('vitrine-disks');
        open.onerror = () => reject(open.error);
        open.onsuccess = () => {
          const all = open.result
            .transaction('records')
            .objectStore('records')
            .getAll(IDBKeyRange.bound(['pages'], ['pages', []]));
          all.onsuccess = () => {
            open.result.close();
            resolve((all.result as Blob[]).reduce((sum, { size }) => sum + size, 0));
          };
        };
      }),
  );
}

async function killWhileSaving(page: Page, moments: Moments): Promise<void> {
  const had = await storedBytes(page);
  const crashed = page.waitForEvent('crash');
  const saving = moments.take('never').catch(() => 'died');
  while ((await storedBytes(page)) === had) await new Promise((resolve) => setImmediate(resolve));
  const own = await page.context().newCDPSession(page);
  own.send('Page.crash').catch(() => undefined);
  await crashed;
  await saving;
}
