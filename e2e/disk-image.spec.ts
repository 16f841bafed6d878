import { expect, test } from '@playwright/test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attach, convert, linuxDiskMissing, makeLinuxDisk } from './disk-images.ts';
import { Exhibit } from './exhibit.ts';

/** A prepared disk of every format that people bring starts as it is: to the prompt of the system on it. */
test.describe('a Linux disk', () => {
  test.skip(linuxDiskMissing() !== '', linuxDiskMissing());
  test.setTimeout(180_000);
  let folder: string;
  let disk: string;

  test.beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'vitrine-disk-'));
    disk = makeLinuxDisk(folder);
  });
  test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const FORMATS: [name: string, format: string, ...options: string[]][] = [
    ['linux.raw', 'raw'],
    ['linux.qcow2', 'qcow2'],
    ['compressed.qcow2', 'qcow2', '-c'],
    ['dynamic.vhd', 'vpc', '-o', 'subformat=dynamic,force_size=on'],
    ['fixed.vhd', 'vpc', '-o', 'subformat=fixed,force_size=on'],
    ['linux.vmdk', 'vmdk'],
    ['linux.vdi', 'vdi'],
  ];
  for (const [name, format, ...options] of FORMATS) {
    test(`${name} (qemu-img: ${[format, ...options].join(' ')}) boots to its prompt`, async ({ page }) => {
      const path = convert(disk, name, format, ...options);
      const exhibit = await Exhibit.open(page);
      const report = await attach(exhibit, path);
      expect(report).toMatchObject({ verdict: 'may-run', format: format === 'vpc' ? 'vhd' : format });
      await exhibit.configure({ memoryMiB: 128 });
      await exhibit.pressPower();
      await exhibit.waitForSerial(/^(~|\/) # /, { timeout: 120_000 });
      expect(await exhibit.call((machine) => machine.disc)).toBeNull();
      expect(exhibit.consoleErrors).toEqual([]);
    });
  }
});
