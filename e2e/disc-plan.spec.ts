import { expect, test } from '@playwright/test';
import { expectAccessible, labelOf, WINDOWS_7 } from './discs.ts';
import { Exhibit, HOUSE_ISO } from './exhibit.ts';

/** The machine that the disc asks for, as the visitor sees and changes it before the power is on. */
test.describe('the machine’s plan', () => {
  test('gives its reasons, takes changes, refuses what cannot be, and goes back', async ({ page }, info) => {
    const exhibit = await Exhibit.open(page);
    const path = info.outputPath('brought.iso');
    await WINDOWS_7.make(path);
    await exhibit.drop(path);
    const label = labelOf(page);
    await label.getByText('The machine’s plan').click();
    const plan = label.locator('vitrine-plan');
    const memory = plan.getByLabel('Memory', { exact: true });
    const asPlanned = plan.getByRole('button', { name: 'As planned' });
    const profile = () => exhibit.call(({ session }) => session.profile.value);
    await expect(memory).toHaveValue('1024');
    await expect(plan).toContainText('Windows 7 asks for 1 GB; Setup refuses below 512 MB.');
    await expect(asPlanned).toBeDisabled();

    for (const [typed, said] of [
      ['4096', '4096 is no memory size that the machine can have'],
      ['15', '15 is no memory size'],
      ['much', '“much” is no memory size'],
      ['1e3', '“1e3” is no memory size'],
      ['', '“” is no memory size'],
    ]) {
      await memory.fill(typed);
      await memory.press('Enter');
      const problem = plan.getByRole('alert');
      await expect(problem).toContainText(said);
      await expect(problem).toContainText('Enter a whole number of MiB from 16 to 2047.');
      await expect(problem).toContainText('The machine keeps 1024 MiB.');
      await expect(memory).toHaveAttribute('aria-invalid', 'true');
      await expect(memory).toHaveValue(typed);
      expect((await profile()).memoryMiB).toBe(1024);
    }
    await expectAccessible(page);

    await memory.fill('256');
    await memory.press('Enter');
    await expect(plan.getByRole('alert')).toHaveCount(0);
    await plan.getByLabel('Video memory').selectOption('64 MiB');
    await plan.getByLabel('ACPI power management').uncheck();
    const apic = plan.getByLabel('APIC interrupt controller');
    await expect(apic).not.toBeChecked();
    await expect(plan).toContainText('One processor needs no APIC');
    await apic.check();
    await plan.getByLabel('Clock chip keeps').selectOption('UTC');
    await plan.getByLabel('Starts from').selectOption('the hard disk first');
    expect(await profile()).toMatchObject({
      memoryMiB: 256,
      videoMemoryMiB: 64,
      acpi: false,
      apic: true,
      clock: 'utc',
      bootOrder: 'disk-first',
    });
    await expect(plan).toContainText('Planned: 1024 MiB.');
    await expect(plan).toContainText('Setup of Windows 7 refuses less than 512 MB.');
    await expect(plan).toContainText('stops with a blue screen (0xA5) without ACPI');
    await expect(label).toContainText('256 MiB, no ACPI, hard disk first');
    await expect(plan).toContainText('Changed from the plan.');
    await expectAccessible(page);

    await asPlanned.click();
    await expect(memory).toHaveValue('1024');
    await expect(plan.getByLabel('ACPI power management')).toBeChecked();
    await expect(plan.getByLabel('Starts from')).toHaveValue('disc-first');
    await expect(plan).toContainText('As planned.');
    expect(await profile()).toMatchObject({
      memoryMiB: 1024,
      videoMemoryMiB: 16,
      acpi: true,
      apic: false,
      clock: 'local',
    });
    expect(exhibit.consoleErrors).toEqual([]);
  });

  test('is what the machine is built with, and fixed while it is on', async ({ page }) => {
    const exhibit = await Exhibit.open(page);
    await exhibit.drop(HOUSE_ISO);
    const label = labelOf(page);
    await label.getByText('The machine’s plan').click();
    const plan = label.locator('vitrine-plan');
    await plan.getByLabel('Memory', { exact: true }).fill('96');
    await plan.getByLabel('Memory', { exact: true }).press('Enter');
    await exhibit.pressPower();
    expect(await exhibit.waitForSerial('HOUSE READY')).toMatch(/^MEM 96 MiB/m);
    await expect(plan).toContainText('Turn it off to change what it is built with.');
    await expect(plan).toContainText('96 MiB');
    await expect(plan.getByRole('textbox')).toHaveCount(0);
    await expect(plan.getByRole('combobox')).toHaveCount(0);
    await expectAccessible(page);

    await exhibit.call((machine) => machine.powerOff());
    await expect(plan.getByLabel('Memory', { exact: true })).toHaveValue('96');
    await plan.getByRole('button', { name: 'As planned' }).click();
    await expect(plan.getByLabel('Memory', { exact: true })).toHaveValue('128');
  });

  test('of an empty tray is that of the house disc which power then starts', async ({ page }) => {
    const exhibit = await Exhibit.open(page);
    const label = labelOf(page);
    await expect(label).toContainText('128 MiB, ACPI, disc first');
    await exhibit.pressPower();
    expect(await exhibit.waitForSerial('HOUSE READY')).toMatch(/^MEM 128 MiB/m);
  });

  test('follows a disc that came in while the machine was on once it is off', async ({ page }, info) => {
    const exhibit = await Exhibit.open(page);
    await exhibit.bootHouse({ memoryMiB: 64 });
    await exhibit.call(({ session }) => {
      if (session.planned.value.memoryMiB !== 128) throw new Error('not the plan of the house disc');
    });
    const path = info.outputPath('brought.iso');
    await WINDOWS_7.make(path);
    await exhibit.drop(path);
    await expect(labelOf(page).getByRole('heading', { level: 3 })).toHaveText('Windows 7');
    expect(await exhibit.call(({ session }) => session.planned.value.memoryMiB)).toBe(128);
    await exhibit.call((machine) => machine.powerOff());
    expect(await exhibit.call(({ session }) => session.planned.value.memoryMiB)).toBe(1024);
  });
});
