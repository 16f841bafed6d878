import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { attach, convert, exportTo, makePatternDisk, missingTools, run, sha256 } from './disk-images.ts';
import { Exhibit } from './exhibit.ts';
import { windowOf } from './windows.ts';

const MIB = 2 ** 20;

/** The disk of a machine leaves it whole: now, at a moment, on and off, read back by the tools that it is for. */
test.describe('the disk as a file', () => {
  const missing = missingTools('qemu-img');
  test.skip(missing.length > 0, `skipped: ${missing.join(', ')} not installed`);

  test('is what the guest wrote, over what the image had, in every format', async ({ page }, info) => {
    test.setTimeout(180_000);
    const raw = info.outputPath('base.raw');
    makePatternDisk(raw, 32 * MIB, [
      [4096, 128, 21],
      [40_000, 128, 22],
    ]);
    const image = convert(raw, 'base.qcow2', 'qcow2', '-c');
    const exhibit = await Exhibit.open(page);
    await attach(exhibit, image);
    await exhibit.configure({ memoryMiB: 64 });
    await exhibit.call((machine) => machine.powerOn());
    await exhibit.waitForSerial('HOUSE READY', { timeout: 60_000 });
    const obey = async (line: string) => expect((await exhibit.command(line)).answer, line).toMatch(/^OK/);
    await obey('write 4160 32 23');
    await obey('write 50000 128 24');

    // At one instant, on: the moment and the export are the same disk.
    const moment = await exhibit.call((machine) => machine.takeSnapshot('before'));
    const path = (name: string) => info.outputPath(name);
    await exportTo(exhibit, path('now.raw'), 'raw');
    await exportTo(exhibit, path('moment.raw'), 'raw', moment.id);
    const first = sha256(readFileSync(path('now.raw')));
    expect(sha256(readFileSync(path('moment.raw')))).toBe(first);

    // The guest goes on while the moment's disk is written: the file does not follow it.
    const [exporting] = await Promise.all([
      exportTo(exhibit, path('moment.qcow2'), 'qcow2', moment.id),
      obey('write 60000 128 25'),
    ]);
    expect(exporting).toBeUndefined();
    run('qemu-img', ['check', '-q', '-f', 'qcow2', path('moment.qcow2')]);
    run('qemu-img', ['compare', '-q', '-f', 'qcow2', '-F', 'raw', path('moment.qcow2'), path('moment.raw')]);
    await exportTo(exhibit, path('later.raw'), 'raw');
    expect(sha256(readFileSync(path('later.raw')))).not.toBe(first);
    const expected = readFileSync(path('later.raw'));
    expect(expected.subarray(4096 * 512, 4160 * 512)).toEqual(
      readFileSync(raw).subarray(4096 * 512, 4160 * 512),
    );

    // Off, as it stands now, in the sparse formats; and an earlier moment of it.
    await obey('flush');
    await exhibit.call((machine) => machine.powerOff());
    await exhibit.waitForPower('off');
    await exportTo(exhibit, path('off.qcow2'), 'qcow2');
    await exportTo(exhibit, path('off.vhd'), 'vhd');
    await exportTo(exhibit, path('off-moment.raw'), 'raw', moment.id);
    run('qemu-img', ['check', '-q', '-f', 'qcow2', path('off.qcow2')]);
    run('qemu-img', ['compare', '-q', '-f', 'qcow2', '-F', 'raw', path('off.qcow2'), path('later.raw')]);
    run('qemu-img', ['convert', '-f', 'vpc', '-O', 'raw', path('off.vhd'), path('back.raw')]);
    expect(sha256(readFileSync(path('back.raw')).subarray(0, expected.length))).toBe(sha256(expected));
    expect(sha256(readFileSync(path('off-moment.raw')))).toBe(first);
    // Sparse formats leave out what nobody ever wrote.
    expect(readFileSync(path('off.qcow2')).length).toBeLessThan(4 * MIB);
    expect(exhibit.consoleErrors).toEqual([]);
  });

  test('can be given up on the way, on and off, and leaves nothing behind', async ({ page }) => {
    const exhibit = await Exhibit.open(page);
    await exhibit.bootHouse();
    await exhibit.command('write 4096 128 7');
    await exhibit.call((machine) => machine.flush());
    const cancelled = () =>
      exhibit.call(async (machine) => {
        const cancel = new AbortController();
        const options = { signal: cancel.signal, onProgress: () => cancel.abort() };
        const reader = (await machine.exportDisk('raw', options)).getReader();
        try {
          for (let pieces = 0; pieces < 20; pieces++) if ((await reader.read()).done) return 'whole';
        } catch (error) {
          return (error as { code: string }).code;
        }
        return 'not stopped';
      });
    const stored = () => exhibit.call(async (machine) => (await machine.stats()).storedBytes);
    const before = await stored();
    expect(await cancelled()).toBe('export/cancelled');
    // Closed by its reader, as a download that was stopped.
    await exhibit.call(async (machine) => (await machine.exportDisk('qcow2')).cancel());
    expect((await exhibit.command('verify 4096 128 7')).answer).toMatch(/^OK/);
    await expect.poll(stored).toBeLessThanOrEqual(before);
    await exhibit.call((machine) => machine.powerOff());
    expect(await cancelled()).toBe('export/cancelled');
    // Whoever gave it up does not hold the machine.
    await exhibit.call((machine) => machine.powerOn());
    await exhibit.waitForPower('running');
  });

  test('is saved by the window for it, from the shelf', async ({ page }, info) => {
    await page.addInitScript(() => Reflect.deleteProperty(window, 'showSaveFilePicker'));
    const exhibit = await Exhibit.open(page);
    await exhibit.bootHouse();
    await exhibit.command('write 4096 128 7');
    await page.getByRole('button', { name: 'Machines…' }).click();
    await page.getByRole('button', { name: 'Save the disk as…' }).click();
    const form = windowOf(page, 'Save the disk as…');
    await form.getByRole('radio', { name: /VHD/ }).check();
    const download = page.waitForEvent('download');
    await form.getByRole('button', { name: 'Save', exact: true }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe('The machine in the case.vhd');
    const path = info.outputPath('disk.vhd');
    await file.saveAs(path);
    await expect(form.getByRole('status').first()).toContainText(/disk was/);
    expect(run('qemu-img', ['info', '-f', 'vpc', path])).toContain('virtual size: 16 GiB');
    expect(exhibit.consoleErrors).toEqual([]);
  });
});
