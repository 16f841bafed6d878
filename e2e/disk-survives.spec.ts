import { expect, test } from '@playwright/test';
import { Exhibit } from './exhibit.ts';
import { KillableBrowser } from './kill/killable-browser.ts';

/** What the guest wrote is there tomorrow: patterns of the house disc, on a profile on the drive. */
test.describe('the disk survives', () => {
  let browser: KillableBrowser;
  test.beforeEach(() => {
    browser = new KillableBrowser();
  });
  test.afterEach(() => browser.dispose());

  test('power off and on, a reload, a closed page and a new browser, flushed or not', async () => {
    let exhibit = await browser.open();
    await boot(exhibit, 1);
    await order(exhibit, 'write 2000 64 7');
    await order(exhibit, 'flush');
    await order(exhibit, 'write 4000 64 8');
    await exhibit.call((machine) => machine.powerOff());
    await exhibit.waitForPower('off');

    await boot(exhibit, 2);
    await order(exhibit, 'verify 2000 64 7');
    await order(exhibit, 'verify 4000 64 8');
    await order(exhibit, 'dma disk off');
    await order(exhibit, 'write 6000 64 9');
    await exhibit.page.reload();

    await boot(exhibit, 3);
    await order(exhibit, 'verify 6000 64 9');
    await order(exhibit, 'write 33550000 128 10');
    const second = await browser.context.newPage();
    await exhibit.page.close({ runBeforeUnload: true });
    exhibit = await Exhibit.open(second);

    await boot(exhibit, 4);
    await order(exhibit, 'verify 33550000 128 10');
    await order(exhibit, 'write 8000 64 11');
    await exhibit.call((machine) => machine.flush());
    await browser.close();

    exhibit = await browser.open();
    await boot(exhibit, 5);
    for (const pattern of ['2000 64 7', '4000 64 8', '6000 64 9', '33550000 128 10', '8000 64 11'])
      await order(exhibit, `verify ${pattern}`);
    expect(exhibit.consoleErrors).toEqual([]);
  });

  test('a kill, as of what the page called saved', async () => {
    let exhibit = await browser.open();
    await boot(exhibit, 1);
    await order(exhibit, 'scatter 500 12');
    // Nobody asked for a flush: the disk saves by itself, and the page says when it has.
    await expect.poll(() => exhibit.call((machine) => machine.stats().then((s) => s.dirtyBytes))).toBe(0);
    await expect(exhibit.page.getByText(/^all changes saved \d/).first()).toBeVisible();
    await browser.kill();

    exhibit = await browser.open();
    await boot(exhibit, 2);
    await order(exhibit, 'scatterverify 500 12');
  });

  test('a kill, as of the last flush that the guest was told had finished', async () => {
    let exhibit = await browser.open();
    await boot(exhibit, 1);
    for (const lba of [2000, 4000, 6000]) {
      await order(exhibit, `write ${lba} 64 13`);
      await order(exhibit, 'flush');
      await browser.kill();
      exhibit = await browser.open();
      await exhibit.bootHouse();
      await order(exhibit, `verify ${lba} 64 13`);
    }
  });
});

/** Starts the house disc, which counts the start on the disk. */
async function boot(exhibit: Exhibit, visits: number): Promise<void> {
  // One that was left running may go on by itself; this is about its disk.
  await exhibit.turnedOff();
  const from = (await exhibit.serial()).length;
  await exhibit.configure({ memoryMiB: 64 });
  await exhibit.call((machine) => machine.powerOn());
  const log = await exhibit.waitForSerial('HOUSE READY', { timeout: 30_000, from });
  expect(log.slice(from)).toContain(`VISITS ${visits} counted`);
}

async function order(exhibit: Exhibit, line: string): Promise<void> {
  expect((await exhibit.command(line)).answer, line).toMatch(/^OK/);
}

test('a fault that nobody caught in the worker stops the machine with its reason, and what was written is saved', async ({
  page,
}) => {
  const exhibit = await Exhibit.open(page);
  await exhibit.bootHouse();
  expect((await exhibit.command('write 2000 64 31')).answer).toMatch(/^OK/);
  const worker = page.workers().find((each) => each.url().includes('machine-worker'))!;
  await worker.evaluate(() => {
    setTimeout(() => {
      throw new Error('the belt is off');
    });
  });
  await exhibit.waitForPower('failed');
  const [code, detail] = await exhibit.call((machine) => {
    const state = machine.session.power.value;
    return state.power === 'failed' ? [state.error.code, state.error.detail] : ['', ''];
  });
  expect(code).toBe('engine/trap');
  expect(detail).toContain('the belt is off');
  await exhibit.bootHouse();
  expect((await exhibit.command('verify 2000 64 31')).answer).toMatch(/^OK/);
});
