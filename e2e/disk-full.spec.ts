import { expect, test } from '@playwright/test';
import config from '../playwright.config.ts';
import { Exhibit } from './exhibit.ts';

const MIB = 2 ** 20;

/** A browser without room: the machine waits with everything it has, says so, and goes on when there is some. */
test('a full storage pauses the machine, loses nothing, and it goes on when there is room', async ({
  page,
}) => {
  const session = await page.context().newCDPSession(page);
  const origin = config.use!.baseURL!;
  // Before anything is stored: Chromium remembers for a while how much room it found. The exhibit's own files, kept
  // for a visit without its server, take a few MiB of it.
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 24 * MIB });
  const exhibit = await Exhibit.open(page);
  await exhibit.bootHouse();

  const from = (await exhibit.serial()).length;
  const lastCommit = await exhibit.call((machine) => machine.stats().then((s) => s.lastCommitAt));
  await exhibit.call((machine) => machine.sendSerial('scatter 12000 21 500\n'));
  await exhibit.waitForPower('paused');
  const dialog = page.getByRole('alertdialog', { name: 'Storage is full' });
  await expect(dialog).toContainText(/no room for [\d.,]+ \w+ that the machine wrote.*nothing is lost/s);
  await expect(page.getByText('not saved: storage is full').first()).toBeVisible();

  // The guest stands still, with its drive busy: no answer came, and none does.
  expect((await exhibit.serial()).slice(from)).not.toMatch(/^(OK|ERR)/m);
  const before = await exhibit.call((machine) => machine.stats());
  expect(before.dirtyBytes).toBeGreaterThan(0);
  expect(before.lastCommitAt).toBeGreaterThanOrEqual(lastCommit!);

  // Without more room it stays as it is, and the machine cannot be switched off under what is unsaved.
  await page.getByRole('button', { name: 'Go on' }).click();
  const refusal = page.getByRole('alertdialog', { name: 'This cannot be done now' });
  await expect(refusal).toContainText('Nothing is lost: free some room, then go on');
  await page.getByRole('button', { name: 'Close' }).click();
  const refused = await exhibit.call((machine) =>
    machine.powerOff().then(
      () => 'done',
      (error: { code: string }) => error.code,
    ),
  );
  expect(refused).toBe('store/full');
  await exhibit.waitForPower('paused');
  const after = await exhibit.call((machine) => machine.stats());
  expect(after.instructions).toBe(before.instructions);
  expect(after.dirtyBytes).toBe(before.dirtyBytes);

  await session.send('Storage.overrideQuotaForOrigin', { origin });
  await page.getByRole('button', { name: 'Go on' }).click();
  await exhibit.waitForPower('running');
  await exhibit.waitForSerial(/^OK scattered 12000/, { from });
  expect((await exhibit.command('scatterverify 12000 21')).answer).toMatch(/^OK/);
  await exhibit.call((machine) => machine.flush());

  await page.reload();
  await exhibit.turnedOff();
  await exhibit.bootHouse();
  expect((await exhibit.command('scatterverify 12000 21')).answer).toMatch(/^OK/);
});
