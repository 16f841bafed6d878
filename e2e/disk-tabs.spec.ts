import { expect, test } from '@playwright/test';
import config from '../playwright.config.ts';
import { Exhibit } from './exhibit.ts';

/** One machine, two tabs: the second is told and may take over; the first saves before it lets go. */
test('a second tab takes the machine over, with everything the first one wrote', async ({
  page,
  context,
}) => {
  const first = await Exhibit.open(page);
  await first.bootHouse();
  expect((await first.command('write 2000 64 31')).answer).toMatch(/^OK/);

  const second = await Exhibit.open(await context.newPage());
  await second.configure({ memoryMiB: 64 });
  await second.pressPower();
  await second.waitForPower('failed');
  const told = second.page.getByRole('alertdialog', { name: 'The machine is open in another tab' });
  await expect(told).toContainText('in use in another tab or window');
  await first.waitForPower('running');

  // Not flushed, and the first is in the middle of writing more when it has to let go.
  expect((await first.command('write 4000 64 32')).answer).toMatch(/^OK/);
  await first.call((machine) => machine.sendSerial('scatter 200000 33\n'));
  await second.page.getByRole('button', { name: 'Use it here' }).click();
  await second.waitForSerial('HOUSE READY', { timeout: 30_000 });
  await first.waitForPower('off');
  await expect(first.page.getByRole('heading', { name: 'The machine is in another tab now' })).toBeVisible();
  await expect(first.page.getByText('Everything was saved before it went there.')).toBeVisible();

  expect(await second.serial()).toContain('VISITS 2 counted');
  for (const pattern of ['2000 64 31', '4000 64 32'])
    expect((await second.command(`verify ${pattern}`)).answer).toMatch(/^OK/);
  expect((await second.command('scatterprefix 200000 33')).answer).toMatch(/^OK prefix/);
  expect((await second.command('write 6000 64 34')).answer).toMatch(/^OK/);

  const from = (await first.serial()).length;
  await first.page.getByRole('button', { name: 'Take it back' }).click();
  await first.waitForSerial('HOUSE READY', { timeout: 30_000, from });
  expect((await first.serial()).slice(from)).toContain('VISITS 3 counted');
  await second.waitForPower('off');
  for (const pattern of ['2000 64 31', '4000 64 32', '6000 64 34'])
    expect((await first.command(`verify ${pattern}`)).answer).toMatch(/^OK/);
});

test('a second tab gets the machine although there is no room for its checkpoint', async ({
  page,
  context,
}) => {
  const session = await context.newCDPSession(page);
  // Before anything is stored: Chromium remembers for a while how much room it found.
  await session.send('Storage.overrideQuotaForOrigin', {
    origin: config.use!.baseURL!,
    quotaSize: 24 * 2 ** 20,
  });
  const first = await Exhibit.open(page);
  await first.bootHouse();
  expect((await first.command('write 2000 64 31')).answer).toMatch(/^OK/);
  // Nothing packs this, so the checkpoint that leaving takes is as large.
  expect((await first.command('fill 32 7')).answer).toMatch(/^OK/);

  const second = await Exhibit.open(await context.newPage());
  await second.configure({ memoryMiB: 64 });
  await second.pressPower();
  await second.waitForPower('failed');
  await second.page.getByRole('button', { name: 'Use it here' }).click();
  await second.waitForSerial('HOUSE READY', { timeout: 30_000 });
  await expect(first.page.getByRole('heading', { name: 'The machine is in another tab now' })).toBeVisible();
  await first.waitForPower('off');
  expect(await first.call((machine) => machine.session.moments.checkpoint.value.error?.code)).toBe(
    'store/full',
  );
  expect((await second.command('verify 2000 64 31')).answer).toMatch(/^OK/);
});
