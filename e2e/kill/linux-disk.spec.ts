import { expect, test } from '@playwright/test';
import { guestIso, type Exhibit } from '../exhibit.ts';
import { KillableBrowser } from './killable-browser.ts';

const DISKTEST = guestIso('linux-disktest.iso');

/**
 * When the browser is killed in each life of the machine: the guest has said that all is written and synced, or it has
 * just found everything whole and is writing 32 files more.
 */
const KILLS = ['at rest', 'at rest', 'while it writes', 'at rest', 'while it writes'] as const;

/** A real kernel and a real ext4 on the machine's disk, in a browser that is killed again and again. */
test('an ext4 of a real Linux is whole after each of five kills', async () => {
  test.skip(!DISKTEST, 'linux-disktest.iso is not on this computer (see VITRINE_GUESTS)');
  test.setTimeout(900_000);
  const browser = new KillableBrowser();
  const story: string[] = [];
  try {
    /** Files that the guest has said are written and synced. */
    let synced = 0;
    for (const [life, kill] of [...KILLS, null].entries()) {
      const exhibit = await start(browser);
      if (life === 0) {
        await exhibit.waitForSerial('DISKTEST WROTE 32 files', { timeout: 180_000 });
      } else {
        const log = await exhibit.waitForSerial(/DISKTEST VERIFIED \d+ files/, { timeout: 180_000 });
        const found = Number(/DISKTEST VERIFIED (\d+) files/.exec(log)?.[1]);
        story.push(`life ${life}: ${found} files, ${synced} were synced`);
        expect(found, story.join('\n')).toBeGreaterThanOrEqual(synced);
        expect(log).toMatch(/DISKTEST FSCK ok/);
      }
      if (kill === 'while it writes') {
        await browser.kill();
        continue;
      }
      const log = await exhibit.waitForSerial('DISKTEST END', { timeout: 180_000 });
      // The first life finds a blank disk, and says so.
      expect(log).not.toMatch(life === 0 ? /DISKTEST (BAD|FAILED)/ : /DISKTEST (NOMARKER|BAD|FAILED)/);
      expect(log).toContain('KERNELERRORS 0');
      synced = 32 * Number(/DISKTEST WROTE 32 files .* gen=(\d+)/.exec(log)?.[1]);
      if (kill) await browser.kill();
    }
  } finally {
    await test.info().attach('lives', { body: story.join('\n') });
    await browser.dispose();
  }
});

async function start(browser: KillableBrowser): Promise<Exhibit> {
  const exhibit = await browser.open();
  await exhibit.drop(DISKTEST!);
  await expect(exhibit.page.getByRole('button', { name: /Disc tray: linux-disktest\.iso/ })).toBeVisible();
  await exhibit.configure({ memoryMiB: 256, acpi: true });
  await exhibit.pressPower();
  return exhibit;
}
