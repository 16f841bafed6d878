import { expect, test } from '@playwright/test';
import { Exhibit, guestIso, HOUSE_ISO } from './exhibit.ts';

const LINUX = guestIso('linux-live.iso');

/** A real kernel on the real page: the main job, from the drop to the shell. */
test.describe('a real Linux disc', () => {
  test.skip(!LINUX, 'skipped: linux-live.iso is not on this machine (see VITRINE_GUESTS)');
  test.setTimeout(180_000);

  for (const acpi of [true, false]) {
    test(`is dropped, boots and finds its hardware and no network (ACPI ${acpi ? 'on' : 'off'})`, async ({
      page,
    }) => {
      const exhibit = await Exhibit.open(page);
      await exhibit.drop(LINUX!);
      await expect(page.getByRole('button', { name: /Disc tray: linux-live\.iso/ })).toBeVisible();
      await exhibit.configure({ memoryMiB: 512, acpi });
      await exhibit.pressPower();
      const log = await exhibit.waitForSerial('GUEST END', { timeout: 120_000 });

      expect(log).toContain('GUEST READY');
      const pci = [...log.matchAll(/^PCI (\w{4}):(\w{4}) (\w+)/gm)].map(
        ([, vendor, device, cls]) => `${vendor}:${device} ${cls}`,
      );
      expect(pci.length).toBe(acpi ? 5 : 4);
      expect(pci.filter((line) => / (0x)?02/.test(line))).toEqual([]);
      const interfaces = [...log.matchAll(/^NET (\S+)/gm)].map(([, name]) => name);
      expect(interfaces).toEqual(['lo']);
      expect(log).toMatch(/^CDROM .*\S/m);

      // Keys from the visitor's keyboard arrive in the guest's shell, and what it prints is on the screen.
      await exhibit.glass.click();
      await exhibit.typeKeys('say "Keys: $((6*7)) {ok}" | cat\n');
      await exhibit.waitForSerial('Keys: 42 {ok}');
      await expect
        .poll(() => exhibit.call((machine) => machine.screenText()).then((rows) => rows.join('\n')))
        .toContain('Keys: 42 {ok}');

      if (acpi) {
        await exhibit.call((machine) =>
          machine.typeText('dmesg | grep -e "PnP ACPI: found" -e "irq 9: nobody" > /dev/ttyS0\n'),
        );
        expect(await exhibit.waitForSerial(/PnP ACPI: found/)).toMatch(/PnP ACPI: found 7 devices/);
        expect(await exhibit.serial()).not.toMatch(/irq 9: nobody cared/);
      }
      expect(exhibit.foreignRequests).toEqual([]);
      expect(exhibit.consoleErrors).toEqual([]);
    });
  }

  test('sees mouse movement, buttons, and a disc that is swapped while it runs', async ({ page }) => {
    const exhibit = await Exhibit.open(page);
    await exhibit.drop(LINUX!);
    await exhibit.configure({ memoryMiB: 512, acpi: true });
    await exhibit.pressPower();
    await exhibit.waitForSerial('GUEST END', { timeout: 120_000 });

    await exhibit.call((machine) => machine.typeText('evmon > /dev/ttyS0 &\n'));
    const from = (await exhibit.serial()).length;
    await exhibit.call(async (machine) => {
      machine.movePointer(40, 25);
      await machine.clickPointer('right');
    });
    await exhibit.waitForSerial(/REL|rel|MOUSE|mouse/, { from });

    await exhibit.drop(HOUSE_ISO);
    await expect(page.getByRole('button', { name: /Disc tray: house\.iso/ })).toBeVisible();
    await exhibit.call((machine) =>
      machine.typeText(
        'kill %1; dd if=/dev/sr0 bs=2048 skip=16 count=1 2>/dev/null | strings > /dev/ttyS0\n',
      ),
    );
    await exhibit.waitForSerial(/VITRINE_HOUSE/);
  });
});
