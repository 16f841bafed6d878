import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { copyFileSync, readFileSync } from 'node:fs';
import { runDisc } from '../scripts/windows7/run-disc.ts';
import { standInDisc } from '../guest/windows7/stand-in.ts';
import { MILESTONES } from '../src/machine/milestones/milestones.ts';
import type { MachineReport } from '../src/page/report/report-schema.ts';
import { Exhibit, guestIso } from './exhibit.ts';

const reached = (report: MachineReport) => report.boot.reached.map(({ id }) => id);

/** How far a disc comes: seen from outside, shown, and saved as a report. docs/real-disc.md. */
test.describe('the way of a Windows 7 disc', () => {
  test('is told milestone by milestone, kept with a moment, and saved without anything private', async ({
    page,
  }, info) => {
    const path = info.outputPath('annas-windows.iso');
    await (await standInDisc()).writeTo(path);
    const exhibit = await Exhibit.open(page);
    await exhibit.opened();
    await exhibit.configure({ memoryMiB: 128 });
    const told: string[] = [];
    const ending = await runDisc(page, {
      disc: path,
      onNews: (record) => told.push(record.reached.map(({ id }) => id).join()),
      quietMs: 30_000,
      longestMs: 100_000,
    });
    expect(`${await exhibit.serial()}${ending}`).toMatch(/second-boot$/);
    // Each was told before the next came.
    expect(new Set(told).size).toBeGreaterThan(2);
    await exhibit.waitForSerial('STAND-IN second start');

    const moment = await exhibit.call((machine) => machine.takeSnapshot('Set up'));
    await exhibit.call((machine) => machine.powerOff());
    await exhibit.call((machine, id) => machine.restoreSnapshot(id), moment.id);

    await page.getByRole('button', { name: 'Settings…' }).click();
    await page.getByRole('button', { name: 'Save a report…' }).click();
    await expect(page.getByRole('dialog', { name: 'Save a report' })).toBeVisible();
    const window = page.locator('vitrine-report');
    const list = window.getByRole('list', { name: 'Milestones of Windows Setup' });
    await expect(list.getByRole('listitem')).toHaveCount(MILESTONES.length);
    await expect(list.getByText('not yet')).toHaveCount(0);
    await expect(list).toContainText('800 × 600, 16 bits a pixel, mouse switched on');
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);

    const download = page.waitForEvent('download');
    await window.getByRole('button', { name: 'Save', exact: true }).click();
    const saved = await download;
    expect(saved.suggestedFilename()).toMatch(/^vitrine-report-\d{4}-\d\d-\d\d\.json$/);
    const file = readFileSync(await saved.path(), 'utf8');
    await window.getByText('The report, word for word').click();
    expect(await window.getByRole('region', { name: 'The report, word for word' }).textContent()).toBe(file);
    const report = JSON.parse(file) as MachineReport;
    expect(reached(report)).toEqual([...MILESTONES]);
    expect(report.boot.reached.map(({ restarts }) => restarts)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
    const times = report.boot.reached.map(({ atMs }) => atMs);
    // What is seen with the picture is seen when one is drawn, a little later.
    for (const [at, ms] of times.entries())
      expect(ms + 500).toBeGreaterThan(Math.max(...times.slice(0, at + 1)));
    expect(report.boot.events.map(({ kind }) => kind)).toContain('gone-back');
    expect(report.boot.counts).toMatchObject({ dmaDisc: 1, diskWrites: 2, packets: { '4a': 1 } });
    expect(report.disc).toMatchObject({ label: 'GSP1RMCPRFRER_EN_DVD', windows: { architecture: 'x86' } });
    expect(file).not.toMatch(/anna|STAND-IN/i);

    await page.keyboard.press('Escape');
    await expect(window).toHaveCount(0);
    await expect(page.getByRole('button', { name: 'Save a report…' })).toBeFocused();
    expect(exhibit.foreignRequests).toEqual([]);
  });

  test('begins on a disc laid out by other tools', async ({ page }, info) => {
    const disc = guestIso('win7-x86-udf.iso');
    test.skip(disc === null, 'skipped: no guests here');
    const path = info.outputPath('disc.iso');
    copyFileSync(disc!, path);
    const exhibit = await Exhibit.open(page);
    await exhibit.drop(path);
    await expect(page.getByRole('button', { name: /^Disc tray: disc\.iso/ })).toBeVisible();
    await exhibit.configure({ memoryMiB: 128 });
    await exhibit.pressPower();
    const report = () => exhibit.call((machine) => machine.report());
    await expect.poll(async () => reached(await report())).toContain('boot-image');
    await expect
      .poll(async () => (await report()).boot.events.flatMap((each) => ('phrase' in each ? each.phrase : [])))
      .toContain('press-any-key');
  });
});
