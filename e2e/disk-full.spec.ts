import { expect, test, type CDPSession } from '@playwright/test';
import { Exhibit } from './exhibit.ts';

/** A browser without room: the machine waits with everything it has, says so, and goes on when there is some. */
test('a full storage pauses the machine, loses nothing, and it goes on when there is room', async ({
  page,
}) => {
  const exhibit = await Exhibit.open(page);
  const browser = await page.context().newCDPSession(page);
  await exhibit.bootHouse();
  const { usage = 0 } = await page.evaluate(() => navigator.storage.estimate());
  await setQuota(browser, page.url(), usage + 2 * 2 ** 20);

  const from = (await exhibit.serial()).length;
  const lastCommit = await exhibit.call((machine) => machine.stats().then((s) => s.lastCommitAt));
  await exhibit.call((machine) => machine.sendSerial('scatter 4000 21 500\n'));
  await exhibit.waitForPower('paused');
  const dialog = page.getByRole('alertdialog', { name: 'Storage is full' });
  await expect(dialog).toContainText(/no room for [\d.,]+ \w+ that the machine wrote.*nothing is lost/s);
  await expect(page.getByText('not saved: storage is full').first()).toBeVisible();

  // The guest stands still, with its drive busy: no answer came, and none does.
  expect((await exhibit.serial()).slice(from)).not.toMatch(/^(OK|ERR)/m);
  const before = await exhibit.call((machine) => machine.stats());
  expect(before.dirtyBytes).toBeGreaterThan(2 * 2 ** 20 - 1);
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

  await setQuota(browser, page.url());
  await page.getByRole('button', { name: 'Go on' }).click();
  await exhibit.waitForPower('running');
  await exhibit.waitForSerial(/^OK scattered 4000/, { from });
  expect((await exhibit.command('scatterverify 4000 21')).answer).toMatch(/^OK/);
  await exhibit.call((machine) => machine.flush());

  await page.reload();
  await exhibit.machine.waitFor();
  await exhibit.bootHouse();
  expect((await exhibit.command('scatterverify 4000 21')).answer).toMatch(/^OK/);
});

/** The room that the browser gives the exhibit; its own again without `quotaSize`. */
async function setQuota(session: CDPSession, url: string, quotaSize?: number): Promise<void> {
  await session.send('Storage.overrideQuotaForOrigin', {
    origin: new URL(url).origin,
    ...(quotaSize !== undefined && { quotaSize }),
  });
}
