import { expect, test } from '@playwright/test';
import { Exhibit } from './exhibit.ts';

const LBA = 2000;
const SEED = 41;

type Damage = 'one bit' | 'zeros' | 'half of it' | 'all of it';

/** What is stored and came back otherwise is reported and never served: not as it is, and not as zeros. */
test.describe('a stored unit that was altered', () => {
  for (const damage of ['one bit', 'zeros', 'half of it', 'all of it'] satisfies Damage[]) {
    test(`stops the machine with a sentence (${damage}), and the rest can still be read`, async ({
      page,
    }) => {
      const exhibit = await Exhibit.open(page);
      await exhibit.bootHouse();
      for (const line of [`write ${LBA} 64 ${SEED}`, 'flush', 'write 8000 64 42'])
        expect((await exhibit.command(line)).answer).toMatch(/^OK/);
      await exhibit.call((machine) => machine.powerOff());
      await exhibit.waitForPower('off');
      expect(await alterUnit(exhibit, damage)).toBe(1);

      await exhibit.pressPower();
      await exhibit.waitForSerial(/HOUSE READY[^]*HOUSE READY/);
      const from = (await exhibit.serial()).length;
      await exhibit.call((machine) => machine.sendSerial('verify 2000 64 41\n'));
      await exhibit.waitForPower('failed');
      expect(await exhibit.call((machine) => machine.error?.code)).toBe('disk/damaged');
      const dialog = page.getByRole('alertdialog', { name: 'The machine has stopped' });
      await expect(dialog).toContainText('A part of the disk can no longer be read as it was stored');
      // The guest was given nothing in its place: it neither read nor compared anything.
      expect((await exhibit.serial()).slice(from)).not.toMatch(/^(OK|ERR)/m);

      await page.getByRole('button', { name: 'Start it again' }).click();
      await exhibit.waitForSerial('HOUSE READY', { from });
      expect((await exhibit.command('verify 8000 64 42')).answer).toMatch(/^OK/);
    });
  }
});

/**
 * Alters the one stored record that holds the pattern's first sector, as a failing drive would; the number of records
 * found. A sector of the pattern begins with its address and its seed (guest/README.md).
 */
function alterUnit(exhibit: Exhibit, damage: Damage): Promise<number> {
  return exhibit.page.evaluate(
    async ([damage, lba, seed]) => {
      const finished = <T>(request: IDBRequest<T>) =>
        new Promise<T>((resolve, reject) => {
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error!);
        });
      const database = await finished(window.indexedDB.open('vitrine-disks'));
      const records = database.transaction('records', 'readwrite').objectStore('records');
      let found = 0;
      for (const key of await finished(records.getAllKeys(IDBKeyRange.bound(['data'], ['data', []])))) {
        const bytes = await finished<Uint8Array>(records.get(key));
        const words = new Uint32Array(bytes.slice().buffer);
        const at = words.findIndex((word, i) => i % 128 === 0 && word === lba && words[i + 1] === seed) * 4;
        if (at < 0) continue;
        found++;
        if (damage === 'one bit') bytes[at + 300] ^= 0x10;
        if (damage === 'zeros') bytes.fill(0, at, at + 4096);
        if (damage === 'all of it') await finished(records.delete(key));
        else if (damage === 'half of it') await finished(records.put(bytes.slice(0, bytes.length / 2), key));
        else await finished(records.put(bytes, key));
      }
      database.close();
      return found;
    },
    [damage, LBA, SEED] as const,
  );
}
