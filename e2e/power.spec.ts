import { expect, test, type Page } from '@playwright/test';
import { Exhibit } from './exhibit.ts';

test.describe('power', () => {
  test('goes off by itself when the guest switches it off by ACPI', async ({ page }) => {
    const exhibit = await Exhibit.open(page);
    await exhibit.bootHouse();
    await exhibit.call((machine) => machine.sendSerial('poweroff\n'));
    await exhibit.waitForPower('off');
    await expect(page.getByRole('heading', { name: 'The machine has shut down' })).toBeVisible();
    await page.getByRole('button', { name: 'Turn on', exact: true }).click();
    await exhibit.waitForPower('running');
  });

  test('offers what the power button can do while the machine is on', async ({ page }) => {
    const exhibit = await Exhibit.open(page);
    await exhibit.bootHouse();
    await page.getByRole('button', { name: 'Power: turn off or pause…' }).click();
    await expect(page.getByRole('menuitem', { name: /^Shut down/ })).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('menu')).toBeHidden();
    await page.getByRole('button', { name: 'Power: turn off or pause…' }).click();
    await page.getByRole('menuitem', { name: /^Turn off now/ }).click();
    await exhibit.waitForPower('off');
    await expect(page.getByRole('heading', { name: 'The machine is off' })).toBeVisible();
  });

  test('pauses and goes on exactly where it was, and resets', async ({ page }) => {
    const exhibit = await Exhibit.open(page);
    await exhibit.bootHouse();
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await exhibit.waitForPower('paused');
    const before = await exhibit.call((machine) => machine.stats());
    const after = await exhibit.call((machine) => machine.stats());
    expect(after.instructions).toBe(before.instructions);
    await page.getByRole('button', { name: 'Resume' }).first().click();
    await exhibit.waitForPower('running');
    expect((await exhibit.command('help')).answer).toMatch(/^OK/);

    const from = (await exhibit.serial()).length;
    await page.getByRole('button', { name: 'Reset', exact: true }).click();
    await exhibit.waitForSerial('HOUSE READY', { from });
    await exhibit.waitForPower('running');
  });

  test('counts instructions up and idles when the guest idles', async ({ page }) => {
    const exhibit = await Exhibit.open(page);
    await exhibit.bootHouse();
    const first = await exhibit.call((machine) => machine.stats());
    await exhibit.command('spin 20000000');
    const second = await exhibit.call((machine) => machine.stats());
    expect(second.instructions - first.instructions).toBeGreaterThan(20_000_000);
    await expect(page.getByText('the processor rests')).toBeVisible();
  });

  test('starts the guest again after a triple fault', async ({ page }) => {
    const exhibit = await Exhibit.open(page);
    await exhibit.bootHouse();
    const from = (await exhibit.serial()).length;
    await exhibit.call((machine) => machine.sendSerial('triplefault\n'));
    await exhibit.waitForSerial('HOUSE READY', { from });
    await exhibit.waitForPower('running');
  });

  test('says that a guest has halted for good, and offers a reset', async ({ page }) => {
    const exhibit = await Exhibit.open(page);
    await exhibit.bootHouse();
    await exhibit.call((machine) => machine.sendSerial('halt\n'));
    await expect(page.getByText(/has stopped the processor/)).toBeVisible();
    const from = (await exhibit.serial()).length;
    await page.getByRole('button', { name: 'Reset', exact: true }).first().click();
    await exhibit.waitForSerial('HOUSE READY', { from });
    await expect(page.getByText(/has stopped the processor/)).toBeHidden();
  });

  test('a hung guest can still be switched off', async ({ page }) => {
    const exhibit = await Exhibit.open(page);
    await exhibit.bootHouse();
    await exhibit.call((machine) => machine.sendSerial('hang\n'));
    await exhibit.call((machine) => machine.powerOff());
    await exhibit.waitForPower('off');
  });

  test('a dead engine is said in a sentence, with its detail and a way to start again', async ({ page }) => {
    await makeEnginesDie(page);
    const exhibit = await Exhibit.open(page);
    await exhibit.pressPower();
    await exhibit.waitForPower('failed', 60_000);
    const dialog = page.getByRole('alertdialog', { name: 'The machine has stopped' });
    await expect(dialog).toContainText('The emulated processor stopped');
    await dialog.getByText('Technical detail').click();
    await expect(dialog).toContainText(/RuntimeError|memory access|Error/);
    expect(await exhibit.call((machine) => machine.error?.code)).toBe('engine/trap');
    await page.unrouteAll();
    await page.getByRole('button', { name: 'Start it again' }).click();
    await exhibit.waitForSerial('HOUSE READY');
  });

  test('pauses while its page is hidden, unless it is told not to', async ({ page }) => {
    const exhibit = await Exhibit.open(page);
    await exhibit.bootHouse();
    const hide = (hidden: boolean) =>
      page.evaluate((value) => {
        Object.defineProperty(document, 'hidden', { configurable: true, get: () => value });
        document.dispatchEvent(new Event('visibilitychange'));
      }, hidden);
    await hide(true);
    await exhibit.waitForPower('paused');
    await hide(false);
    await exhibit.waitForPower('running');
    await exhibit.machine.evaluate((machine) => machine.toggleAttribute('runs-hidden', true));
    await hide(true);
    expect((await exhibit.command('help')).answer).toMatch(/^OK/);
    await exhibit.waitForPower('running');
  });

  test('a worker that dies is noticed', async ({ page }) => {
    const exhibit = await Exhibit.open(page);
    await exhibit.bootHouse();
    // The worker throws where nothing catches it.
    const worker = page.workers().find((candidate) => candidate.url().includes('machine-worker'))!;
    await worker.evaluate(() =>
      setTimeout(() => {
        throw new Error('gone wrong');
      }),
    );
    await exhibit.waitForPower('failed');
    await expect(page.getByRole('alertdialog')).toContainText('stopped');
  });
});

/** No guest that is known traps the engine any more, so each is made to in the midst of its work, until the route is taken away. */
async function makeEnginesDie(page: Page): Promise<void> {
  const dies = `
    const instantiate = WebAssembly.instantiate;
    WebAssembly.instantiate = async (module, imports) => {
      const { exports } = await instantiate(module, imports);
      if (!('main_loop' in exports)) return { exports };
      let slices = 0;
      const main_loop = () => {
        if (++slices >= 300) throw new RangeError('Invalid array length');
        return exports.main_loop();
      };
      return { exports: { ...exports, main_loop } };
    };`;
  await page.route(/machine-worker[^/]*\.js/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${dies}\n${await response.text()}` });
  });
}
