import { expect, test, type Page } from '@playwright/test';
import config from '../playwright.config.ts';
import { Exhibit } from './exhibit.ts';
import { expectInReach } from './reach.ts';

const MIB = 2 ** 20;

/** A browser with little room for this page. */
async function littleRoom(page: Page): Promise<() => Promise<void>> {
  const session = await page.context().newCDPSession(page);
  const origin = config.use!.baseURL!;
  // Before anything is stored: Chromium remembers for a while how much room it found. The exhibit's own files, kept
  // for a visit without its server, take a few MiB of it.
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 24 * MIB });
  return async () => void (await session.send('Storage.overrideQuotaForOrigin', { origin }));
}

/** The guest writes and flushes until there is no room, and stands with that under way. */
async function fillUp(exhibit: Exhibit, seed: number): Promise<void> {
  await exhibit.call((machine, at) => machine.sendSerial(`scatter 12000 ${at} 500\n`), seed);
  await exhibit.waitForPower('paused');
}

/** A browser without room: the machine waits with everything it has, says so, and goes on when there is some. */
test('a full storage pauses the machine, loses nothing, and it goes on when there is room', async ({
  page,
}) => {
  const makeRoom = await littleRoom(page);
  const exhibit = await Exhibit.open(page);
  await exhibit.bootHouse();

  const from = (await exhibit.serial()).length;
  const lastCommit = await exhibit.call((machine) => machine.stats().then((s) => s.lastCommitAt));
  await fillUp(exhibit, 21);
  const dialog = page.getByRole('alertdialog', { name: 'Storage is full' });
  await expect(dialog).toContainText(/no room for [\d.,]+ \w+ that the machine wrote.*nothing is lost/s);
  await expect(page.getByText('not saved: storage is full').first()).toBeVisible();
  await expectInReach(page, 'full storage');

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

  await makeRoom();
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

/** What was saved before is there, whichever way the machine was left. */
test('a machine with a full storage can be put back, taken over and turned off, and what was saved is there', async ({
  page,
  context,
}) => {
  await littleRoom(page);
  const exhibit = await Exhibit.open(page);
  await exhibit.bootHouse();
  expect((await exhibit.command('write 2000 64 31')).answer).toMatch(/^OK/);
  const { id } = await exhibit.call((machine) => machine.takeSnapshot('saved'));

  // Back, with the drive at work: what it waits with goes, and the guest of that moment runs.
  await fillUp(exhibit, 41);
  await exhibit.call((machine, moment) => machine.restoreSnapshot(moment), id);
  await exhibit.waitForPower('running');
  expect((await exhibit.command('verify 2000 64 31')).answer).toMatch(/^OK/);
  expect((await exhibit.command('write 3000 8 32')).answer).toMatch(/^OK/);
  await exhibit.call((machine) => machine.flush());

  // Another tab: it is told that there was no room for the rest.
  await fillUp(exhibit, 42);
  const second = await Exhibit.open(await context.newPage());
  await second.configure({ memoryMiB: 64 });
  await second.pressPower();
  await second.waitForPower('failed');
  await second.page.getByRole('button', { name: 'Use it here' }).click();
  await exhibit.waitForPower('off');
  await expect(page.getByText('The browser had no room for what it wrote last')).toBeVisible();
  await second.waitForSerial('HOUSE READY', { timeout: 30_000 });
  for (const pattern of ['2000 64 31', '3000 8 32'])
    expect((await second.command(`verify ${pattern}`)).answer).toMatch(/^OK/);

  // And off.
  await fillUp(second, 43);
  await second.page.getByRole('button', { name: 'Turn off without saving' }).click();
  await second.waitForPower('off');
  // Turned off hard while it starts, and on again at once: it does not meet its own lock.
  await second.call(async (machine) => {
    for (let i = 0; i < 3; i++) {
      void machine.powerOn().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 150 * i));
      await machine.powerOff();
    }
  });
  await second.bootHouse();
  for (const pattern of ['2000 64 31', '3000 8 32'])
    expect((await second.command(`verify ${pattern}`)).answer).toMatch(/^OK/);
});
