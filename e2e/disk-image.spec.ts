import { expect, test } from '@playwright/test';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  attach,
  convert,
  exportTo,
  linuxDiskMissing,
  makeLinuxDisk,
  makeNtfsVolume,
  missingTools,
  sha256,
} from './disk-images.ts';
import type { VitrineMachine } from '../src/ui/vitrine-machine.ts';
import { Exhibit } from './exhibit.ts';

const NTFS_MISSING = missingTools('mkntfs', 'ntfscp', 'ntfscat');

/**
 * A prepared disk of every format that people bring is, sector for sector, the disk it was made from, and starts to the
 * prompt of the system on it: one of each format, all seven with VITRINE_ALL_BOOTS=1.
 */
test.describe('a Linux disk', () => {
  test.skip(linuxDiskMissing() !== '', linuxDiskMissing());
  test.setTimeout(180_000);
  let folder: string;
  let disk: string;
  let volume: Uint8Array = new Uint8Array(0);

  test.beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'vitrine-disk-'));
    if (NTFS_MISSING.length === 0) volume = makeNtfsVolume(folder);
    disk = makeLinuxDisk(folder, volume);
  });
  test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /**
   * The second partition is read in the guest as it was made. The guest's kernel comes without ntfs3, so what is
   * compared is the partition as a whole, every file on it included, and not file by file.
   */
  async function expectNtfs(exhibit: Exhibit): Promise<void> {
    if (volume.length === 0) {
      console.warn(`skipped: the NTFS partition, ${NTFS_MISSING.join(', ')} not installed`);
      return;
    }
    const lines = [
      'mount -t proc proc /proc; mount -t devtmpfs dev /dev; modprobe ata_piix; modprobe sd_mod',
      'while [ ! -b /dev/sda2 ]; do read -t 1 x; done; sha256sum /dev/sda2',
    ];
    await exhibit.machine.evaluate(
      (machine, text) => (machine as VitrineMachine).sendSerial(text),
      `${lines.join('\n')}\n`,
    );
    const log = await exhibit.waitForSerial(/^[0-9a-f]{64} {2}\/dev\/sda2/, { timeout: 60_000 });
    expect(log).toContain(`${sha256(volume)}  /dev/sda2`);
  }

  const FORMATS: [name: string, format: string, ...options: string[]][] = [
    ['linux.raw', 'raw'],
    ['linux.qcow2', 'qcow2'],
    ['compressed.qcow2', 'qcow2', '-c'],
    ['dynamic.vhd', 'vpc', '-o', 'subformat=dynamic,force_size=on'],
    ['fixed.vhd', 'vpc', '-o', 'subformat=fixed,force_size=on'],
    ['linux.vmdk', 'vmdk'],
    ['linux.vdi', 'vdi'],
  ];
  // One of each format; the others differ in how the same reader finds a block, which the comparison shows.
  const BOOTED = process.env['VITRINE_ALL_BOOTS']
    ? FORMATS.map(([name]) => name)
    : ['linux.raw', 'compressed.qcow2', 'dynamic.vhd', 'linux.vmdk', 'linux.vdi'];

  test('of every format is read in the browser as the disk it was made from', async ({ page }) => {
    const expected = sha256(readFileSync(disk));
    for (const [name, format, ...options] of FORMATS) {
      const exhibit = await Exhibit.open(page, `/?machine=${name.replace('.', '-')}`);
      const report = await attach(exhibit, convert(disk, name, format, ...options));
      expect(report).toMatchObject({ verdict: 'may-run', format: format === 'vpc' ? 'vhd' : format });
      const read = join(folder, 'read.raw');
      await exportTo(exhibit, read, 'raw');
      expect(sha256(readFileSync(read)), name).toBe(expected);
    }
  });

  for (const [name, format, ...options] of FORMATS.filter(([name]) => BOOTED.includes(name))) {
    test(`${name} (qemu-img: ${[format, ...options].join(' ')}) boots to its prompt`, async ({ page }) => {
      const path = convert(disk, name, format, ...options);
      const exhibit = await Exhibit.open(page);
      const report = await attach(exhibit, path);
      expect(report).toMatchObject({ verdict: 'may-run', format: format === 'vpc' ? 'vhd' : format });
      await exhibit.configure({ memoryMiB: 128 });
      await exhibit.pressPower();
      await exhibit.waitForSerial(/^(~|\/) # /, { timeout: 120_000 });
      expect(await exhibit.call((machine) => machine.disc)).toBeNull();
      if (name === 'compressed.qcow2') await expectNtfs(exhibit);
      expect(exhibit.consoleErrors).toEqual([]);
    });
  }
});
