import { expect, test } from '@playwright/test';
import { copyFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { Exhibit, HOUSE_ISO } from './exhibit.ts';

/** Bad files: a sentence that names the file, says what is wrong and what to do; what ran goes on. */
test.describe('when something is wrong with a file', () => {
  const cases: { name: string; make: (path: string) => void; says: RegExp }[] = [
    {
      name: 'letter.iso',
      make: (path) => writeFileSync(path, 'Dear museum, this is a letter.\n'.repeat(3000)),
      says: /letter\.iso/,
    },
    { name: 'empty.iso', make: (path) => writeFileSync(path, ''), says: /empty\.iso/ },
    { name: 'zeros.iso', make: (path) => writeFileSync(path, Buffer.alloc(300_000)), says: /zeros\.iso/ },
  ];

  for (const { name, make, says } of cases) {
    test(`${name} is refused in words while the machine runs on`, async ({ page }, info) => {
      const exhibit = await Exhibit.open(page);
      await exhibit.bootHouse();
      const path = info.outputPath(name);
      make(path);
      await exhibit.drop(path);
      const dialog = page.getByRole('alertdialog');
      await expect(dialog).toContainText(says);
      await expect(exhibit.machine).toHaveAttribute('power', 'running');
      await page.getByRole('button', { name: 'Close' }).click();
      await expect(page.getByRole('button', { name: /Disc tray: house\.iso/ })).toBeVisible();
      expect((await exhibit.command('cdsum')).answer).toMatch(/^OK/);
    });
  }

  test('a disc that is cut off says so', async ({ page }, info) => {
    const exhibit = await Exhibit.open(page);
    const path = info.outputPath('cut.iso');
    copyFileSync(HOUSE_ISO, path);
    truncateSync(path, 80_000);
    await exhibit.drop(path);
    const codes = () => exhibit.call((machine) => machine.disc?.reasons.map(({ code }) => code) ?? []);
    await expect.poll(codes).toContain('media/truncated');
  });

  test('a file that disappears while it is read becomes a drive error, never zeros', async ({
    page,
  }, info) => {
    const exhibit = await Exhibit.open(page);
    const path = info.outputPath('removed.iso');
    copyFileSync(HOUSE_ISO, path);
    await exhibit.drop(path);
    await expect(page.getByRole('button', { name: /Disc tray: removed\.iso/ })).toBeVisible();
    await exhibit.bootHouse();
    rmSync(path);
    // Beyond what is read ahead already, or read again: either the guest hears of it or its bytes are right.
    const { answer } = await exhibit.command('cdsum');
    const { readFileSync } = await import('node:fs');
    const { cdsum } = await import('../guest/protocol.ts');
    if (answer.startsWith('OK')) {
      expect(answer).toContain(cdsum(readFileSync(HOUSE_ISO)).crc32);
    } else {
      expect(answer).toMatch(/^ERR/);
      // The visitor hears of it too, once, and can put it away.
      const note = page.getByRole('alert').filter({ hasText: 'removed.iso can no longer be read' });
      await expect(note).toContainText('pick it again');
      await note.getByRole('button', { name: 'Close' }).click();
      await exhibit.command('cdsum');
      await expect(note).toBeHidden();
    }
    await expect(exhibit.machine).toHaveAttribute('power', 'running');
  });

  test('several files at once are refused in words', async ({ page }, info) => {
    const exhibit = await Exhibit.open(page);
    const second = info.outputPath('second.iso');
    copyFileSync(HOUSE_ISO, second);
    await exhibit.drop(HOUSE_ISO, second);
    await expect(page.getByRole('alertdialog')).toContainText('More than one file');
  });

  test('impossible hardware is refused with its limit', async ({ page }) => {
    const exhibit = await Exhibit.open(page);
    const refusal = await exhibit.call((machine) => {
      try {
        machine.configure({ memoryMiB: 4096 });
        return 'accepted';
      } catch (error) {
        return (error as Error).message;
      }
    });
    expect(refusal).toContain('2047');
  });

  test('a disk is refused to a machine that is on', async ({ page }) => {
    const exhibit = await Exhibit.open(page);
    await exhibit.bootHouse();
    const code = await exhibit.call((machine) =>
      machine.createDisk({ sizeBytes: 2 ** 30 }).then(
        () => 'made',
        (error: { code: string }) => error.code,
      ),
    );
    expect(code).toBe('machine/not-off');
  });
});
