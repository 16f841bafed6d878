import { expect, test } from '@playwright/test';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { rawDisc } from '../src/media/testing/raw-disc.ts';
import { Exhibit, HOUSE_ISO } from './exhibit.ts';

test('a raw copy of the house disc starts, dropped with its cue sheet', async ({ page }, info) => {
  const house = readFileSync(HOUSE_ISO);
  const bin = info.outputPath('house.bin');
  writeFileSync(bin, rawDisc(house, { sectorBytes: 2352, dataOffsetBytes: 16 }));
  const cue = info.outputPath('house.cue');
  writeFileSync(cue, 'FILE "house.bin" BINARY\n  TRACK 01 MODE1/2352\n    INDEX 01 00:00:00\n');
  const exhibit = await Exhibit.open(page);
  await exhibit.drop(bin, cue);
  await expect(page.getByRole('button', { name: /Disc tray: house\.bin/ })).toBeVisible();
  await exhibit.bootHouse();
  const { cdsum } = await import('../guest/protocol.ts');
  expect((await exhibit.command('cdsum')).answer).toContain(cdsum(house).crc32);

  // Another layout into the tray of the machine that runs, and a floppy of the 1990s into its drive.
  const img = info.outputPath('house.img');
  writeFileSync(img, rawDisc(house, { sectorBytes: 2448, dataOffsetBytes: 24 }));
  await exhibit.drop(img);
  await expect(page.getByRole('button', { name: /Disc tray: house\.img/ })).toBeVisible();
  expect((await exhibit.command('cdsum')).answer).toContain(cdsum(house).crc32);
  const floppy = info.outputPath('office.img');
  writeFileSync(floppy, Buffer.alloc(1722 * 1024, 0xf6));
  await exhibit.drop(floppy);
  await expect(page.getByRole('button', { name: /Floppy: office\.img/ })).toBeVisible();
  await expect(exhibit.machine).toHaveAttribute('power', 'running');
});

test('folders and packed machines are told by what is in them', async ({ page }, info) => {
  const exhibit = await Exhibit.open(page);
  const write = (path: string, bytes: Uint8Array | string): string => {
    const whole = info.outputPath(path);
    mkdirSync(dirname(whole), { recursive: true });
    writeFileSync(whole, bytes);
    return whole;
  };
  const house = readFileSync(HOUSE_ISO);
  const disk = Buffer.alloc(2 ** 20);
  disk.write('QFI\xfb', 'latin1');
  write('with-iso/house.iso', house);
  write('with-iso/readme.txt', 'read me');
  write('mac.utm/Data/disk-0.qcow2', disk);
  write('mac.utm/config.plist', '<plist/>');
  write('unpacked/bootmgr', 'x');
  write('unpacked/sources/boot.wim', 'x');
  write('x.iso/empty.txt', '');
  const refusal = page.getByRole('alertdialog');
  const drop = async (says: RegExp, ...files: string[]) => {
    await exhibit.drop(...files);
    await expect(refusal).toContainText(says);
    await page.getByRole('button', { name: 'Close' }).click();
    await expect(refusal).toBeHidden();
  };
  await drop(
    /with-iso is a folder\. Open it and drop the image in it: house\.iso/,
    info.outputPath('with-iso'),
  );
  await drop(/machine of UTM.* drop its disk: Data\/disk-0\.qcow2/, info.outputPath('mac.utm'));
  await drop(/unpacked is a folder with the files of a disc/, info.outputPath('unpacked'));
  await drop(/x\.iso is a folder\. Open it and drop the disc image/, info.outputPath('x.iso'));
  await drop(/Folders were dropped/, info.outputPath('x.iso'), info.outputPath('mac.utm'));
  await drop(
    /it holds a list of the tracks of a CD.*win7\.bin/,
    write('win7.cue', 'FILE "win7.bin" BINARY\n'),
  );
  await drop(/More than one file/, HOUSE_ISO, write('second.iso', house));
});
