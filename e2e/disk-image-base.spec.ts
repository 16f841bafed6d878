import { expect, test, type Page } from '@playwright/test';
import { readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { attach, makePatternDisk } from './disk-images.ts';
import { Exhibit } from './exhibit.ts';
import { KillableBrowser } from './kill/killable-browser.ts';
import { windowOf } from './windows.ts';

const MIB = 2 ** 20;
/** What the image holds: patterns that the house disc verifies. */
const EARLY: [number, number, number] = [4096, 128, 21];
const LATE: [number, number, number] = [100_000, 128, 22];
const order = (verb: string, [lba, count, seed]: [number, number, number]) =>
  `${verb} ${lba} ${count} ${seed}`;

async function obey(exhibit: Exhibit, line: string): Promise<void> {
  expect((await exhibit.command(line)).answer, line).toMatch(/^OK/);
}

/** Starts the house disc and waits until it listens; the tray is empty. */
async function boot(exhibit: Exhibit): Promise<void> {
  const from = (await exhibit.serial()).length;
  await exhibit.configure({ memoryMiB: 64 });
  await exhibit.call((machine) => machine.powerOn());
  await exhibit.waitForSerial('HOUSE READY', { timeout: 60_000, from });
}

async function powerOff(exhibit: Exhibit): Promise<void> {
  await exhibit.call((machine) => machine.powerOff());
  await exhibit.waitForPower('off');
}

/** The code that a promise of the machine was refused with. */
function powerOnRefusal(exhibit: Exhibit): Promise<string> {
  return exhibit.call((machine) =>
    machine.powerOn().then(
      () => 'on',
      (error: Error & { code: string }) => error.code,
    ),
  );
}

/** Brings a file as a visitor does whose browser gives no handles: by the page's own button. */
async function choose(page: Page, button: string | RegExp, path: string): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: button }).click();
  await (await chooser).setFiles(path);
}

test('an image that changed is refused before the guest sees it, and never becomes zeros', async ({
  page,
}, info) => {
  await page.addInitScript(() => Reflect.deleteProperty(window, 'showOpenFilePicker'));
  const path = info.outputPath('base.img');
  makePatternDisk(path, 64 * MIB, [EARLY, LATE]);
  const original = readFileSync(path);
  // A whole second: Node rounds a finer time, and the browser cuts it off.
  const time = Math.floor(statSync(path).mtimeMs / 1000);
  utimesSync(path, time, time);
  const exhibit = await Exhibit.open(page);
  expect(await attach(exhibit, path)).toMatchObject({ verdict: 'may-run', format: 'raw' });
  await boot(exhibit);
  await obey(exhibit, order('verify', EARLY));
  await obey(exhibit, 'write 4160 32 23');
  await obey(exhibit, 'flush');

  // While it runs: what was not read yet can be read no more, and the machine stops with a sentence.
  const changed = original.slice();
  changed[40 * MIB] ^= 1;
  writeFileSync(path, changed);
  await exhibit.call((machine) => machine.sendSerial('verify 100000 128 22\n'));
  await exhibit.waitForPower('failed');
  const error = await exhibit.call((machine) => machine.error);
  expect(error).toMatchObject({ code: 'bytes/unreadable' });
  expect(error!.message).toContain('base.img can no longer be read');
  const log = await exhibit.serial();
  expect(log).not.toMatch(/^ERR verify/m);

  // While it is off: the page asks for the file, and does not take the changed one.
  await choose(page, 'Choose base.img…', path);
  await expect(page.getByRole('alertdialog')).toContainText('base.img has changed since it was attached');
  expect(await powerOnRefusal(exhibit)).toBe('disk/base-missing');
  expect((await exhibit.serial()).length).toBe(log.length);

  // The old file is the old file again.
  await page.getByRole('button', { name: 'Close' }).click();
  writeFileSync(path, original);
  utimesSync(path, time, time);
  await choose(page, 'Choose base.img…', path);
  await expect(page.getByRole('button', { name: 'Choose base.img…' })).toBeHidden();
  await boot(exhibit);
  await obey(exhibit, 'verify 4096 64 21');
  await obey(exhibit, 'verify 4160 32 23');
  await obey(exhibit, 'verify 4192 32 21');
  await obey(exhibit, order('verify', LATE));
});

test('after a reload the image is asked for by name, and recognised', async ({ page }, info) => {
  await page.addInitScript(() => Reflect.deleteProperty(window, 'showOpenFilePicker'));
  const path = info.outputPath('base.img');
  const other = info.outputPath('other.img');
  makePatternDisk(path, 64 * MIB, [EARLY]);
  makePatternDisk(other, 64 * MIB, [LATE]);
  const exhibit = await Exhibit.open(page);
  await attach(exhibit, path);
  await page.reload();
  await expect(page.getByRole('heading', { name: 'This machine needs base.img' })).toBeVisible();
  expect(await powerOnRefusal(exhibit)).toBe('disk/base-missing');
  await exhibit.waitForPower('off');
  await choose(page, 'Choose base.img…', other);
  await expect(page.getByRole('alertdialog')).toContainText(
    'other.img is not the one that this machine was made from',
  );
  await page.getByRole('button', { name: 'Close' }).click();
  await choose(page, 'Choose base.img…', path);
  await expect(page.getByRole('button', { name: 'Choose base.img…' })).toBeHidden();
  await boot(exhibit);
  await obey(exhibit, order('verify', EARLY));
  expect(exhibit.consoleErrors).toEqual([]);
});

test('a machine that waits to be asked says which image it lacks, and takes it there', async ({
  page,
}, info) => {
  await page.addInitScript(() => Reflect.deleteProperty(window, 'showOpenFilePicker'));
  const path = info.outputPath('base.img');
  makePatternDisk(path, 64 * MIB, [EARLY]);
  const before = await Exhibit.open(page);
  await attach(before, path);
  await boot(before);
  await before.call((machine) => machine.session.moments.prepareToLeave());
  const next = await page.context().newPage();
  await page.close();
  await next.addInitScript(() => {
    Reflect.deleteProperty(window, 'showOpenFilePicker');
    // The last page ended while it went on: it is not tried again unasked.
    localStorage.setItem('vitrine-resuming', JSON.stringify({ machineId: 'default' }));
  });
  const exhibit = await Exhibit.open(next);
  await next.getByRole('button', { name: 'Start from its disk' }).click();
  await expect(next.getByRole('alertdialog')).toContainText('stands on base.img');
  await next.getByRole('button', { name: 'Close' }).click();
  await choose(next, 'Choose base.img…', path);
  await expect(next.getByRole('button', { name: 'Choose base.img…' })).toBeHidden();
  await next.getByRole('button', { name: 'Start from its disk' }).click();
  await exhibit.waitForSerial('HOUSE READY', { timeout: 60_000 });
  await obey(exhibit, order('verify', EARLY));
  expect(exhibit.consoleErrors).toEqual([]);
});

test('where the browser has handles one click is enough after a reload', async ({ page }, info) => {
  const path = info.outputPath('base.img');
  makePatternDisk(path, 8 * MIB, [EARLY]);
  // A real file handle, of a file in the origin's private folder, in place of the browser's own dialog.
  await page.addInitScript(() => {
    (window as unknown as Record<string, unknown>)['showOpenFilePicker'] = async () => {
      const folder = await navigator.storage.getDirectory();
      return [await folder.getFileHandle('base.img')];
    };
  });
  const exhibit = await Exhibit.open(page);
  await page.evaluate(async (base64) => {
    const folder = await navigator.storage.getDirectory();
    const handle = await folder.getFileHandle('base.img', { create: true });
    const stream = await handle.createWritable();
    await stream.write(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)));
    await stream.close();
  }, readFileSync(path).toString('base64'));
  await page.getByRole('button', { name: 'Machines…' }).click();
  await page.getByRole('button', { name: 'New machine from a disk image…' }).click();
  const report = windowOf(page, 'A disk image');
  await expect(report).toContainText('The start of this disk is empty');
  await report.getByRole('button', { name: 'Attach' }).click();
  await expect(report).toBeHidden();
  await page.reload();
  await exhibit.configure({ memoryMiB: 64 });
  await page.getByRole('button', { name: 'Turn on with base.img' }).click();
  await exhibit.waitForSerial('HOUSE READY', { timeout: 60_000 });
  await obey(exhibit, order('verify', EARLY));
  expect(exhibit.consoleErrors).toEqual([]);
});

test.describe('an image kept in the browser', () => {
  let browser: KillableBrowser;
  test.beforeEach(() => {
    browser = new KillableBrowser();
  });
  test.afterEach(() => browser.dispose());

  test('is whole without its file, after a cancel and a kill on the way', async () => {
    const path = test.info().outputPath('base.img');
    makePatternDisk(path, 96 * MIB, [EARLY, LATE]);
    // No zeros that would cost nothing to copy.
    const bytes = readFileSync(path);
    for (let at = 52 * MIB; at < bytes.length; at += 512) bytes.writeUInt32LE(at, at);
    writeFileSync(path, bytes);
    let exhibit = await browser.open();
    await attach(exhibit, path);
    await boot(exhibit);
    await obey(exhibit, 'write 4160 32 23');
    await powerOff(exhibit);
    await expect(attach(exhibit, path)).rejects.toThrow('has a disk with something on it already');

    const cancelled = await exhibit.call(async (machine) => {
      const cancel = new AbortController();
      const { signal } = cancel;
      const onProgress = ({ doneBytes }: { doneBytes: number }) => doneBytes > 0 && cancel.abort();
      return machine.keepDisk({ signal, onProgress }).then(
        () => 'kept',
        (error: Error & { code: string }) => error.code,
      );
    });
    expect(cancelled).toBe('image/keep-cancelled');
    await exhibit.call((machine) => {
      const onProgress = ({ doneBytes }: { doneBytes: number }) =>
        doneBytes > 16 * 2 ** 20 && document.body.setAttribute('data-copying', 'yes');
      // It is killed before it can settle.
      machine.keepDisk({ onProgress }).catch(() => undefined);
    });
    await expect(exhibit.page.locator('body[data-copying]')).toBeAttached();
    await browser.kill();

    exhibit = await browser.open();
    await expect(exhibit.page.getByRole('heading', { name: 'This machine needs base.img' })).toBeVisible();
    await exhibit.drop(path);
    await exhibit.page.getByRole('button', { name: 'Machines…' }).click();
    await exhibit.page.getByRole('button', { name: 'Keep base.img in the browser…' }).click();
    const report = windowOf(exhibit.page, 'A disk image');
    await expect(report.getByText(/^up to 101 MB of the/)).toBeVisible();
    await report.getByRole('button', { name: 'Keep in the browser' }).click();
    await expect(report).toBeHidden();
    await exhibit.page.reload();
    await boot(exhibit);
    await obey(exhibit, 'verify 4096 64 21');
    await obey(exhibit, 'verify 4160 32 23');
    await obey(exhibit, order('verify', LATE));
    expect(exhibit.consoleErrors).toEqual([]);
  });
});
